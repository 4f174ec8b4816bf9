"""What the service answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Response:
    """A status, headers and the bytes of the body."""

    status: HTTPStatus
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_response(
    status: HTTPStatus,
    value: object,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """A response with `value` as its JSON body."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, {"Content-Type": media_type, **(headers or {})}, body)


def no_content() -> Response:
    """Done, and there is nothing to say."""
    return Response(HTTPStatus.NO_CONTENT)
