"""What a resource is: the one place that says its path, its table and its fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..validation import Field, References


@dataclass(frozen=True)
class Resource:
    """A kind of thing that the service keeps."""

    name: str
    """What one of them is called in sentences."""
    schema: str
    """Its name in the OpenAPI description."""
    path: str
    """The path of the list; one of them is at `{path}/{id}`."""
    table: str
    fields: tuple[Field, ...]

    def stored_fields(self) -> Iterator[Field]:
        """The fields that have a column."""
        return (field for field in self.fields if not isinstance(field, References))

    def reference_lists(self) -> Iterator[References]:
        """The fields that name several rows of another table."""
        return (field for field in self.fields if isinstance(field, References))
