"""Fields that hold several values."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from .field import Field, InvalidValue, Violation
from .numbers import read_integer


@dataclass(frozen=True, kw_only=True)
class _Several(Field):
    empty: ClassVar[object] = ()

    min_items: int | None = None
    max_items: int | None = None

    def violations(self, value: Any) -> Iterator[Violation]:
        """Too few or too many."""
        if self.min_items is not None and len(value) < self.min_items:
            yield Violation("min-items", f"must have {self.min_items} or more items")
        if self.max_items is not None and len(value) > self.max_items:
            yield Violation("max-items", f"must have {self.max_items} or fewer items")


@dataclass(frozen=True, kw_only=True)
class ListOf(_Several):
    """Several plain values, in their order."""

    item: Field

    def read(self, value: object) -> list[object]:
        """A list in which each item has the form of `item`."""
        return [self.item.read(item) for item in _read_list(value)]

    def violations(self, value: Any) -> Iterator[Violation]:
        """The list's own rules, then what is wrong with items, each code once."""
        yield from super().violations(value)
        seen: dict[str, Violation] = {}
        for item in value:
            for violation in self.item.violations(item):
                seen.setdefault(violation.code, violation)
        yield from seen.values()

    def to_column(self, value: Any) -> object:
        """A JSON array of what the items' columns would hold."""
        return json.dumps([self.item.to_column(item) for item in value])

    def from_column(self, stored: Any) -> object:
        """The items again."""
        return [self.item.from_column(item) for item in json.loads(stored)]


@dataclass(frozen=True, kw_only=True)
class References(_Several):
    """Several rows of another table, each at most once; the pairs are kept in a table of their own."""

    table: str
    links: str
    """The table of the pairs."""

    def read(self, value: object) -> list[int]:
        """A list of ids; one that is named twice counts once."""
        return sorted({read_integer(item) for item in _read_list(value)})

    def to_column(self, value: Any) -> object:
        """The ids; they go to the table of pairs."""
        return list(value)

    def ids(self, value: list[int] | None) -> set[int]:
        """The ids that a value names."""
        return set(value or ())


def _read_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise InvalidValue("type", "must be a list")
    return value
