"""What all fields share."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a value breaks: a stable code for programs, a sentence for people."""

    code: str
    message: str


class InvalidValue(ValueError):
    """A value has the wrong type or form, so that no other rule can be asked."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.violation = Violation(code, message)


@dataclass(frozen=True)
class Field(ABC):
    """A named property of a resource, kept in one column."""

    name: str
    """Its name in JSON and in queries."""
    _: KW_ONLY
    column: str = ""
    """Its column; the same as the name when not said."""
    required: bool = False
    """Null is refused; so is a missing value, unless there is a default."""
    unique: bool = False
    """No two of the same value."""
    immutable: bool = False
    """Set when created, never changed."""
    filterable: bool = False
    """Lists can be asked for one value of it."""
    sortable: bool = False
    """Lists can be ordered by it."""
    default: object = None
    """What stands in for a missing value."""

    empty: ClassVar[object] = None
    """What is kept where there is no value."""

    @property
    def column_name(self) -> str:
        """The column that keeps it."""
        return self.column or self.name

    @abstractmethod
    def read(self, value: object) -> object:
        """The normal form of a JSON value; raises InvalidValue where type or form are wrong."""

    def read_text(self, text: str) -> object:
        """The normal form of a value in a query."""
        return self.read(text)

    def violations(self, value: Any) -> Iterator[Violation]:
        """The rules that a value in its normal form breaks."""
        return iter(())

    def store(self, value: Any) -> object:
        """What SQLite keeps of a value in its normal form."""
        return None if value is None else self.to_column(value)

    def load(self, stored: Any) -> object:
        """The JSON value of what SQLite keeps."""
        return None if stored is None else self.from_column(stored)

    def to_json(self, value: Any) -> object:
        """The JSON value of the normal form."""
        return self.load(self.store(value))

    def to_column(self, value: Any) -> object:
        """The normal form as SQLite keeps it."""
        return value

    def from_column(self, stored: Any) -> object:
        """The JSON value again."""
        return stored
