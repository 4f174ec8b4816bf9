import http from 'node:http';
import { readJson } from './body.js';
import { Problem } from './problem.js';

/**
 * The HTTP server: one request in, one handler, one answer out. It does not listen yet.
 * @param {import('./router.js').Router} router
 * @param {{ maxBodyBytes: number, log?: (error: unknown) => void }} options `log` is told of errors that are ours
 */
export function createServer(router, { maxBodyBytes, log = () => {} }) {
  const server = http.createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, async (message, response) => {
    try {
      send(message, response, await answer(router, message, maxBodyBytes));
    } catch (error) {
      if (message.errored || response.destroyed) return; // The caller has gone.
      send(message, response, problemAnswer(error, log));
    }
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}

async function answer(router, message, maxBodyBytes) {
  const [path, query = ''] = splitOnce(message.url, '?');
  const { handler, params } = router.find(message.method, path);
  const hasBody = message.method === 'POST' || message.method === 'PUT' || message.method === 'PATCH';
  const body = hasBody ? await readJson(message, maxBodyBytes) : undefined;
  return handler({ params, query: new URLSearchParams(query), body });
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function problemAnswer(error, log) {
  const problem = error instanceof Problem ? error : internalProblem(error, log);
  return {
    status: problem.status,
    body: problem,
    headers: { ...problem.headers, 'Content-Type': 'application/problem+json' },
  };
}

/** What went wrong inside is for the log, not for the caller. */
function internalProblem(error, log) {
  log(error);
  return new Problem(500, 'The error was logged; please try again later.');
}

function send(message, response, { status, body, headers = {} }) {
  const payload = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(payload) }),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(message.method === 'HEAD' ? undefined : payload);
  // A body that nobody read is thrown away, so that the connection can carry the next request.
  message.resume();
}
