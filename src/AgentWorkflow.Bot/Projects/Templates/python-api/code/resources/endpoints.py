"""List, get, create, update and delete of one resource, each in one transaction."""

import re
import sqlite3
from collections.abc import Iterator
from http import HTTPStatus

from ..http.problems import FieldError, conflict, invalid, not_found
from ..http.request import Request
from ..http.response import Response, json_response, no_content
from ..http.router import Route, Router
from ..storage.database import Database
from ..storage.table import Table
from ..validation import Reference, References
from ..validation.body import Values, read_body
from .query import ListQuery
from .records import Record, Records
from .resource import Resource

_ID = re.compile(r"[1-9][0-9]{0,15}")


class Endpoints:
    """Answers the requests for one resource."""

    def __init__(self, resource: Resource, database: Database) -> None:
        self._resource = resource
        self._database = database
        self._records = Records(resource)

    def register(self, router: Router) -> None:
        """Adds the routes."""
        path = self._resource.path
        router.add(Route("GET", path, self.list))
        router.add(Route("POST", path, self.create))
        router.add(Route("GET", f"{path}/{{id}}", self.get))
        router.add(Route("PUT", f"{path}/{{id}}", self.update))
        router.add(Route("DELETE", f"{path}/{{id}}", self.delete))

    def list(self, request: Request, _: str) -> Response:
        """A page of those that pass the filters."""
        query = ListQuery.read(self._resource, request.query)
        with self._database.reading() as connection:
            items, total = self._records.page(connection, query)
        body = {"items": items, "total": total, "limit": query.limit, "offset": query.offset}
        return json_response(HTTPStatus.OK, body)

    def get(self, _: Request, identifier: str) -> Response:
        """One by its id."""
        with self._database.reading() as connection:
            return json_response(HTTPStatus.OK, self._find(connection, identifier))

    def create(self, request: Request, _: str) -> Response:
        """A new one; the Location header says where it is."""
        values = read_body(self._resource.fields, request.json_object())
        with self._database.writing() as connection:
            self._check(connection, values, None)
            created = self._records.insert(connection, values)
        return json_response(HTTPStatus.CREATED, created, {"Location": f"{self._resource.path}/{created['id']}"})

    def update(self, request: Request, identifier: str) -> Response:
        """Puts other values in place of all that can change."""
        body = request.json_object()
        with self._database.writing() as connection:
            current = self._find(connection, identifier)
            values = read_body(self._resource.fields, body)
            self._check(connection, values, current)
            updated = self._records.update(connection, current["id"], values)
        return json_response(HTTPStatus.OK, updated)

    def delete(self, _: Request, identifier: str) -> Response:
        """Removes one, unless something else refers to it."""
        try:
            with self._database.writing() as connection:
                self._records.delete(connection, self._find(connection, identifier)["id"])
        except sqlite3.IntegrityError as error:
            raise conflict(f"This {self._resource.name} is still referred to.") from error
        return no_content()

    def _find(self, connection: sqlite3.Connection, identifier: str) -> Record:
        number = int(identifier) if _ID.fullmatch(identifier) else 0
        record = self._records.find(connection, number)
        if record is None:
            raise not_found(f"There is no {self._resource.name} with this id.")
        return record

    def _check(self, connection: sqlite3.Connection, values: Values, current: Record | None) -> None:
        """Refuses what only the stored records can tell: changes that may not be, references to nothing, duplicates."""
        errors = [*self._changed(values, current), *self._unknown(connection, values)]
        if errors:
            raise invalid(errors)
        duplicates = list(self._duplicates(connection, values, current))
        if duplicates:
            raise conflict(f"Another {self._resource.name} has the same value.", duplicates)

    def _changed(self, values: Values, current: Record | None) -> Iterator[FieldError]:
        if current is None:
            return
        for field in self._resource.fields:
            if field.immutable and field.to_json(values[field.name]) != current[field.name]:
                yield FieldError(field.name, "immutable", "cannot be changed")

    def _unknown(self, connection: sqlite3.Connection, values: Values) -> Iterator[FieldError]:
        for field in self._resource.fields:
            if isinstance(field, Reference | References):
                wanted = field.ids(values[field.name])
                if len(Table(field.table).existing(connection, wanted)) < len(wanted):
                    yield FieldError(field.name, "reference", "must refer to what is there")

    def _duplicates(
        self, connection: sqlite3.Connection, values: Values, current: Record | None
    ) -> Iterator[FieldError]:
        for field in self._resource.fields:
            if field.unique and values[field.name] is not None:
                owner = self._records.find_id(connection, field.name, values[field.name])
                if owner is not None and (current is None or owner != current["id"]):
                    yield FieldError(field.name, "duplicate", "is taken already")
