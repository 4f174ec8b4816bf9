"""From a method and a path to the function that answers."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from .problems import Problem, not_found
from .request import Request
from .response import Response

Handler = Callable[[Request, str], Response]
"""Answers a request; the text is the id in the path, empty where the route has none."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path; `/books/{id}` takes one segment as the id."""

    method: str
    path: str
    handler: Handler


class Router:
    """Finds the handler of a request."""

    def __init__(self) -> None:
        self._methods: dict[str, dict[str, Handler]] = {}

    def add(self, route: Route) -> None:
        """Adds a route; the same method and path twice is a mistake of the programmer."""
        methods = self._methods.setdefault(route.path, {})
        if route.method in methods:
            raise ValueError(f"{route.method} {route.path} is there already")
        methods[route.method] = route.handler

    def routes(self) -> list[tuple[str, str]]:
        """The method and the path of each route."""
        return [(method, path) for path, methods in self._methods.items() for method in methods]

    def dispatch(self, request: Request) -> Response:
        """Answers the request, or refuses it as not found or not allowed."""
        methods, identifier = self._find(request.path)
        method = "GET" if request.method == "HEAD" else request.method
        handler = methods.get(method)
        if handler is None:
            allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))
            raise Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{request.path} allows {allowed}.",
                headers={"Allow": allowed},
            )
        return handler(request, identifier)

    def _find(self, path: str) -> tuple[dict[str, Handler], str]:
        if path in self._methods:
            return self._methods[path], ""
        parent, _, last = path.rpartition("/")
        methods = self._methods.get(f"{parent}/{{id}}")
        if methods is None or not last:
            raise not_found("There is nothing at this path.")
        return methods, last
