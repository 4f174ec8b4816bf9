"""Fields that hold numbers, and truth values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .field import Field, InvalidValue, Violation

GREATEST = 2**53 - 1
"""The greatest whole number that every JSON reader keeps exactly."""

_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """True or false."""

    def read(self, value: object) -> bool:
        """A truth value."""
        if not isinstance(value, bool):
            raise InvalidValue("type", "must be true or false")
        return value

    def read_text(self, text: str) -> bool:
        """`true` or `false`."""
        if text not in ("true", "false"):
            raise InvalidValue("type", "must be true or false")
        return text == "true"

    def to_column(self, value: Any) -> object:
        """SQLite has no truth values."""
        return int(bool(value))

    def from_column(self, stored: Any) -> object:
        """The truth value again."""
        return bool(stored)


@dataclass(frozen=True, kw_only=True)
class _Number(Field):
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None

    def read_text(self, text: str) -> object:
        """The number that the text spells."""
        if not _NUMBER.fullmatch(text):
            raise InvalidValue("type", "must be a number")
        return self.read(Decimal(text))

    def violations(self, value: Any) -> Iterator[Violation]:
        """Too small or too large."""
        if self.minimum is not None and value < self.minimum:
            yield Violation("min", f"must be at least {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            yield Violation("max", f"must be at most {self.maximum}")


@dataclass(frozen=True, kw_only=True)
class Integer(_Number):
    """A whole number."""

    def read(self, value: object) -> int:
        """A whole number that every JSON reader keeps exactly."""
        return read_integer(value)


@dataclass(frozen=True, kw_only=True)
class DecimalNumber(_Number):
    """A decimal number, as exact as JSON readers keep it."""

    def read(self, value: object) -> Decimal:
        """A number."""
        return read_decimal(value)

    def to_column(self, value: Any) -> object:
        """A REAL."""
        return float(value)

    def from_column(self, stored: Any) -> object:
        """The number, without a fraction where it has none."""
        return int(stored) if stored.is_integer() else stored


@dataclass(frozen=True, kw_only=True)
class Money(_Number):
    """An amount with two places, kept exactly."""

    def read(self, value: object) -> Decimal:
        """A number with at most two places."""
        number = read_decimal(value)
        if number != round(number, 2):
            raise InvalidValue("format", "must have at most two decimal places")
        return number

    def to_column(self, value: Any) -> object:
        """Hundredths."""
        return int(value * 100)

    def from_column(self, stored: Any) -> object:
        """The number, without a fraction where it has none."""
        return stored // 100 if stored % 100 == 0 else stored / 100


@dataclass(frozen=True, kw_only=True)
class Reference(Integer):
    """The id of a row of another table."""

    table: str

    def ids(self, value: int | None) -> set[int]:
        """The ids that a value names."""
        return set() if value is None else {value}


def read_integer(value: object) -> int:
    """A whole number that every JSON reader keeps exactly; 5.0 is one too."""
    number = read_decimal(value)
    if number != int(number):
        raise InvalidValue("type", "must be a whole number")
    return int(number)


def read_decimal(value: object) -> Decimal:
    """A number that is not larger than what every JSON reader keeps exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidValue("type", "must be a number")
    number = Decimal(value)
    if abs(number) > GREATEST:
        raise InvalidValue("type", f"must be a number of at most {GREATEST} either way")
    return number
