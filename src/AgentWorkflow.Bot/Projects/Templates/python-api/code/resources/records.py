"""Resources in the database: what is kept of their values, and how they come back as JSON."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from ..storage.table import Links, Table
from ..validation.body import Values
from .query import ListQuery
from .resource import Resource

Record = dict[str, Any]
"""One of a resource as it stands in JSON."""


class Records:
    """The rows of a resource, with the pairs of its lists of references."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._table = Table(resource.table)
        self._links = {field.name: Links(field.links) for field in resource.reference_lists()}

    def page(self, connection: sqlite3.Connection, query: ListQuery) -> tuple[list[Record], int]:
        """Part of the records, and how many match in all."""
        page = self._table.page(
            connection,
            where=query.where,
            order_by=query.order_by,
            descending=query.descending,
            limit=query.limit,
            offset=query.offset,
        )
        return self._to_records(connection, page.rows), page.total

    def find(self, connection: sqlite3.Connection, record_id: int) -> Record | None:
        """The record with that id."""
        row = self._table.find(connection, record_id)
        return None if row is None else self._to_records(connection, [row])[0]

    def find_id(self, connection: sqlite3.Connection, field: str, value: object) -> int | None:
        """The id of a record that has that value in that field."""
        columns = self._to_columns({field: value})
        ((column, stored),) = columns.items()
        return self._table.find_id(connection, column, stored)

    def insert(self, connection: sqlite3.Connection, values: Values) -> Record:
        """Adds a record."""
        record_id = self._table.insert(connection, self._to_columns(values))
        return self._link(connection, record_id, values)

    def update(self, connection: sqlite3.Connection, record_id: int, values: Values) -> Record:
        """Changes a record that is there."""
        self._table.update(connection, record_id, self._to_columns(values))
        return self._link(connection, record_id, values)

    def delete(self, connection: sqlite3.Connection, record_id: int) -> None:
        """Removes a record; SQLite refuses that while another one refers to it."""
        self._table.delete(connection, record_id)

    def _link(self, connection: sqlite3.Connection, record_id: int, values: Values) -> Record:
        for name, links in self._links.items():
            links.replace(connection, record_id, list(values[name] or []))
        record = self.find(connection, record_id)
        assert record is not None
        return record

    def _to_columns(self, values: Values) -> dict[str, object]:
        return {
            field.column_name: field.store(values[field.name])
            for field in self._resource.stored_fields()
            if field.name in values
        }

    def _to_records(self, connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[Record]:
        ids = [int(row["id"]) for row in rows]
        linked = {name: links.of(connection, ids) for name, links in self._links.items()}
        return [self._to_record(row, linked) for row in rows]

    def _to_record(self, row: sqlite3.Row, linked: Mapping[str, Mapping[int, list[int]]]) -> Record:
        record: Record = {"id": row["id"]}
        for field in self._resource.fields:
            if field.name in linked:
                record[field.name] = linked[field.name][row["id"]]
            else:
                record[field.name] = field.load(row[field.column_name])
        return record
