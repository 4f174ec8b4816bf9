"""Fields that hold days, moments and times of day, in the forms of ISO 8601."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from .field import Field, InvalidValue
from .texts import read_string

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9-]{10}T[0-9:]{8})(?:\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day: `2024-02-29`."""

    def read(self, value: object) -> str:
        """A day of the calendar."""
        text = read_string(value)
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        raise InvalidValue("format", "must be a day such as 2024-02-29")


@dataclass(frozen=True, kw_only=True)
class DateTime(Field):
    """A moment in UTC, in whole seconds: `2024-02-29T12:30:00Z`."""

    def read(self, value: object) -> str:
        """A moment with any offset, as a moment in UTC."""
        match = _MOMENT.fullmatch(read_string(value))
        try:
            if match:
                moment = datetime.fromisoformat(match[1] + match[2]).astimezone(UTC)
                return moment.replace(tzinfo=None).isoformat() + "Z"
        except (ValueError, OverflowError):
            pass
        raise InvalidValue("format", "must be a moment such as 2024-02-29T12:30:00Z")


@dataclass(frozen=True, kw_only=True)
class Time(Field):
    """A time of day: `12:30:00`."""

    def read(self, value: object) -> str:
        """A time of day, with seconds."""
        text = read_string(value)
        try:
            if _TIME.fullmatch(text):
                return time.fromisoformat(text).isoformat("seconds")
        except ValueError:
            pass
        raise InvalidValue("format", "must be a time such as 12:30 or 12:30:00")
