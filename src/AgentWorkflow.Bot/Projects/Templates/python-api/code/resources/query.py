"""Paging, filters and order of a list, as the query says them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..http.problems import bad_request
from ..validation import Field, InvalidValue
from .resource import Resource

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class ListQuery:
    """What part of a list is asked for."""

    where: dict[str, object]
    """Columns and the values they must have."""
    order_by: str
    """A column."""
    descending: bool
    limit: int
    offset: int

    @classmethod
    def read(cls, resource: Resource, query: Mapping[str, str]) -> "ListQuery":
        """Reads the query; what is not understood is refused, not ignored."""
        filterable = {field.name: field for field in resource.fields if field.filterable}
        where: dict[str, object] = {}
        for name, text in query.items():
            if name in filterable:
                where[filterable[name].column_name] = _filter_value(filterable[name], text)
            elif name not in ("limit", "offset", "sort"):
                raise bad_request(f"{name} is not a filter; there are: {', '.join(filterable) or 'none'}.")
        order_by, descending = _order(resource, query.get("sort", "id"))
        return cls(
            where,
            order_by,
            descending,
            limit=_number(query, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
            offset=_number(query, "offset", 0, 0, 10**15),
        )


def _filter_value(field: Field, text: str) -> object:
    try:
        return field.to_column(field.read_text(text))
    except InvalidValue as error:
        raise bad_request(f"{field.name} {error}.") from error


def _order(resource: Resource, text: str) -> tuple[str, bool]:
    sortable = {"id": "id"} | {field.name: field.column_name for field in resource.fields if field.sortable}
    name = text.removeprefix("-")
    if name not in sortable:
        raise bad_request(f"sort must be one of: {', '.join(sortable)}; a minus in front turns the order round.")
    return sortable[name], text.startswith("-")


def _number(query: Mapping[str, str], name: str, default: int, least: int, greatest: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= greatest:
        raise bad_request(f"{name} must be a whole number from {least} to {greatest}.")
    return int(text)
