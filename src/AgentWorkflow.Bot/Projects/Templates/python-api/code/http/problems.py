"""Refusals as problem details (RFC 9457)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus

from .response import Response, json_response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with one field: a stable code for programs, a sentence for people."""

    field: str
    code: str
    detail: str


class Problem(Exception):
    """Raised where a request is refused; the application turns it into the answer."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def to_response(self) -> Response:
        """The answer that says what was refused and why."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [asdict(error) for error in self.errors]
        return json_response(self.status, body, self.headers, MEDIA_TYPE)


def bad_request(detail: str) -> Problem:
    """The request cannot be read."""
    return Problem(HTTPStatus.BAD_REQUEST, detail)


def not_found(detail: str) -> Problem:
    """There is no such thing."""
    return Problem(HTTPStatus.NOT_FOUND, detail)


def conflict(detail: str, errors: Iterable[FieldError] = ()) -> Problem:
    """The request is fine, but not with what is stored."""
    return Problem(HTTPStatus.CONFLICT, detail, errors)


def invalid(errors: Iterable[FieldError]) -> Problem:
    """Values that break rules, each with the name of its field."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "One or more fields do not fit.", errors)
