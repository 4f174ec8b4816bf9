"""Fields that hold text, and files, of which name, type and size are kept."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .field import Field, InvalidValue, Violation

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")
_CONTROL = re.compile(r"[\x00-\x1f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_string(value: object) -> str:
    """The text; half a surrogate pair, which JSON can spell and nobody can store, is refused."""
    if not isinstance(value, str):
        raise InvalidValue("type", "must be a text")
    if _SURROGATE.search(value):
        raise InvalidValue("format", "must be valid Unicode")
    return value


@dataclass(frozen=True, kw_only=True)
class LongText(Field):
    """Text of many lines."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None

    def read(self, value: object) -> str:
        """A text."""
        return read_string(value)

    def violations(self, value: Any) -> Iterator[Violation]:
        """Blank, too short, too long, or not matching the pattern."""
        text: str = value
        if self.required and not text.strip():
            yield Violation("blank", "must not be blank")
        if self.min_length is not None and len(text) < self.min_length:
            yield Violation("min-length", f"must have a length of {self.min_length} or more")
        if self.max_length is not None and len(text) > self.max_length:
            yield Violation("max-length", f"must have a length of {self.max_length} or less")
        if self.pattern is not None and not re.search(self.pattern, text):
            yield Violation("pattern", f"must match {self.pattern}")


@dataclass(frozen=True, kw_only=True)
class Text(LongText):
    """Text of one line."""

    def read(self, value: object) -> str:
        """A text without line breaks and other control characters."""
        text = read_string(value)
        if _CONTROL.search(text):
            raise InvalidValue("format", "must be one line without control characters")
        return text


@dataclass(frozen=True, kw_only=True)
class Email(LongText):
    """An e-mail address."""

    def read(self, value: object) -> str:
        """A text with one @ and a host of two parts or more."""
        text = read_string(value)
        if len(text) > 254 or not _EMAIL.fullmatch(text):
            raise InvalidValue("format", "must be an e-mail address")
        return text


@dataclass(frozen=True, kw_only=True)
class Url(LongText):
    """An absolute http or https address."""

    def read(self, value: object) -> str:
        """A text with scheme and host."""
        text = read_string(value)
        if not _URL.fullmatch(text):
            raise InvalidValue("format", "must be an http or https address")
        return text


@dataclass(frozen=True, kw_only=True)
class Uuid(Field):
    """A UUID in lower case."""

    def read(self, value: object) -> str:
        """A UUID with hyphens."""
        text = read_string(value)
        if not _UUID.fullmatch(text):
            raise InvalidValue("format", "must be a UUID")
        return text.lower()


@dataclass(frozen=True, kw_only=True)
class Enum(Field):
    """One of named values."""

    values: tuple[str, ...]

    def read(self, value: object) -> str:
        """A text."""
        return read_string(value)

    def violations(self, value: Any) -> Iterator[Violation]:
        """Not one of the values."""
        if value not in self.values:
            yield Violation("one-of", f"must be one of: {', '.join(self.values)}")


@dataclass(frozen=True, kw_only=True)
class File(Field):
    """A stored file: what is kept here is its name, media type and size."""

    def read(self, value: object) -> dict[str, object]:
        """An object with `name`, `mediaType` and `size`."""
        if not isinstance(value, dict):
            raise InvalidValue("type", "must be an object")
        refusal = InvalidValue("format", "must have a name, a mediaType such as text/plain, and a size in bytes")
        if set(value) != {"name", "mediaType", "size"}:
            raise refusal
        name, media_type, size = value["name"], value["mediaType"], value["size"]
        if not isinstance(name, str) or not name.strip() or _SURROGATE.search(name):
            raise refusal
        if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
            raise refusal
        if type(size) is not int or size < 0:
            raise refusal
        return {"name": name, "mediaType": media_type, "size": size}

    def to_column(self, value: Any) -> object:
        """JSON."""
        return json.dumps(value)

    def from_column(self, stored: Any) -> object:
        """The object again."""
        return json.loads(stored)
