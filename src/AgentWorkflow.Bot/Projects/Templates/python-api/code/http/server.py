"""A threaded server for development; in production any WSGI server runs the same application."""

from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _RequestHandler(WSGIRequestHandler):
    timeout = 30  # seconds that a silent client may hold a thread

    def address_string(self) -> str:
        return str(self.client_address[0])  # no look-up of names for the log


def serve(application: WSGIApplication, host: str, port: int) -> None:
    """Serves until Ctrl+C."""
    with make_server(host, port, application, _Server, _RequestHandler) as server:
        print(f"Listening on http://{host}:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped.")
