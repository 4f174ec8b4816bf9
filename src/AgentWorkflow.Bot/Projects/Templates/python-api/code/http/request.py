"""What a client asks, read from a WSGI environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from .problems import Problem, bad_request

MAX_BODY_BYTES = 1024 * 1024
MAX_QUERY_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its body read and within the limit."""

    method: str
    path: str
    query: Mapping[str, str]
    content_type: str
    body: bytes

    @classmethod
    def from_environ(cls, environ: WSGIEnvironment) -> "Request":
        """Reads the request; a body over the limit is refused before it is parsed."""
        return cls(
            method=str(environ["REQUEST_METHOD"]).upper(),
            path=_decode(str(environ.get("PATH_INFO", ""))) or "/",
            query=_read_query(str(environ.get("QUERY_STRING", ""))),
            content_type=str(environ.get("CONTENT_TYPE", "")),
            body=_read_body(environ),
        )

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object; decimals keep their digits."""
        media_type = self.content_type.partition(";")[0].strip().lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
        try:
            value = json.loads(
                self.body.decode(), parse_float=Decimal, parse_int=_read_int, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as error:
            raise bad_request("The body is not valid JSON.") from error
        if not isinstance(value, dict):
            raise bad_request("The body must be a JSON object.")
        return value


def _read_int(text: str) -> int | Decimal:
    # Python refuses to read thousands of digits as an int; as a decimal they are merely too large.
    return int(text) if len(text) < 20 else Decimal(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _decode(text: str) -> str:
    # WSGI hands over the bytes of the path as Latin-1 characters (PEP 3333).
    return text.encode("latin-1").decode("utf-8", "replace")


def _read_query(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    except ValueError as error:
        raise bad_request("The query has too many parameters.") from error
    return dict(pairs)


def _read_body(environ: WSGIEnvironment) -> bytes:
    text = str(environ.get("CONTENT_LENGTH") or "0")
    if not (text.isascii() and text.isdigit()):
        raise bad_request("Content-Length is not a number.")
    length = int(text)
    if length > MAX_BODY_BYTES:
        _discard(environ, length)
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {MAX_BODY_BYTES} bytes.")
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    if len(body) < length:
        raise bad_request("The body is shorter than its Content-Length.")
    return body


def _discard(environ: WSGIEnvironment, length: int) -> None:
    # A client that is still sending does not read the refusal, so a bounded part of the body is taken and thrown away.
    left = min(length, 8 * MAX_BODY_BYTES)
    while left > 0:
        taken = len(environ["wsgi.input"].read(min(left, 65536)))
        if taken == 0:
            return
        left -= taken
