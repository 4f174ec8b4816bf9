"""Rows of one table, with parameters for every value and quotes around every name."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Values = Mapping[str, object]
"""Column names and what SQLite keeps in them."""


@dataclass(frozen=True)
class Page:
    """Part of a table, and how many rows match in all."""

    rows: Sequence[sqlite3.Row]
    total: int


class Table:
    """A table with an `id` that SQLite gives."""

    def __init__(self, name: str) -> None:
        self._name = quote(name)

    def insert(self, connection: sqlite3.Connection, values: Values) -> int:
        """Adds a row and returns its id."""
        if not values:
            return _new_id(connection.execute(f"INSERT INTO {self._name} DEFAULT VALUES"))
        columns = ", ".join(map(quote, values))
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO {self._name} ({columns}) VALUES ({marks})"
        return _new_id(connection.execute(statement, tuple(values.values())))

    def find(self, connection: sqlite3.Connection, row_id: int) -> sqlite3.Row | None:
        """The row with that id."""
        row: sqlite3.Row | None = connection.execute(
            f"SELECT * FROM {self._name} WHERE id = ?", (row_id,)
        ).fetchone()
        return row

    def find_id(self, connection: sqlite3.Connection, column: str, value: object) -> int | None:
        """The id of a row that has that value."""
        row = connection.execute(f"SELECT id FROM {self._name} WHERE {quote(column)} = ?", (value,)).fetchone()
        return None if row is None else int(row["id"])

    def existing(self, connection: sqlite3.Connection, row_ids: Collection[int]) -> set[int]:
        """Those of the ids that are there."""
        marks = ", ".join("?" * len(row_ids))
        rows = connection.execute(f"SELECT id FROM {self._name} WHERE id IN ({marks})", tuple(row_ids))
        return {row["id"] for row in rows}

    def page(
        self,
        connection: sqlite3.Connection,
        *,
        where: Values,
        order_by: str,
        descending: bool,
        limit: int,
        offset: int,
    ) -> Page:
        """The rows that have all these values; equal ones of the order come in the order of their ids."""
        condition = " AND ".join(f"{quote(column)} = ?" for column in where)
        matching = f"FROM {self._name}" + (f" WHERE {condition}" if where else "")
        values = tuple(where.values())
        direction = "DESC" if descending else "ASC"
        total = connection.execute(f"SELECT count(*) AS total {matching}", values).fetchone()["total"]
        rows = connection.execute(
            f"SELECT * {matching} ORDER BY {quote(order_by)} {direction}, id {direction} LIMIT ? OFFSET ?",
            (*values, limit, offset),
        ).fetchall()
        return Page(rows, int(total))

    def update(self, connection: sqlite3.Connection, row_id: int, values: Values) -> None:
        """Changes the row with that id."""
        if values:
            changes = ", ".join(f"{quote(column)} = ?" for column in values)
            connection.execute(f"UPDATE {self._name} SET {changes} WHERE id = ?", (*values.values(), row_id))

    def delete(self, connection: sqlite3.Connection, row_id: int) -> bool:
        """Removes the row with that id; false when there is none."""
        return connection.execute(f"DELETE FROM {self._name} WHERE id = ?", (row_id,)).rowcount == 1


class Links:
    """Pairs of ids: which rows of a target belong to which row of an owner."""

    def __init__(self, name: str) -> None:
        self._name = quote(name)

    def replace(self, connection: sqlite3.Connection, owner: int, targets: Sequence[int]) -> None:
        """Makes these the only targets of the owner."""
        connection.execute(f"DELETE FROM {self._name} WHERE owner_id = ?", (owner,))
        connection.executemany(
            f"INSERT INTO {self._name} (owner_id, target_id) VALUES (?, ?)", [(owner, target) for target in targets]
        )

    def of(self, connection: sqlite3.Connection, owners: Sequence[int]) -> dict[int, list[int]]:
        """The targets of each owner, by id."""
        found: dict[int, list[int]] = {owner: [] for owner in owners}
        marks = ", ".join("?" * len(owners))
        rows = connection.execute(
            f"SELECT owner_id, target_id FROM {self._name} WHERE owner_id IN ({marks}) ORDER BY owner_id, target_id",
            tuple(owners),
        )
        for row in rows:
            found[row["owner_id"]].append(row["target_id"])
        return found


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _new_id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
