"""Validation: the kinds of fields, their rules, and the check of a whole body."""

from .field import Field, InvalidValue, Violation
from .lists import ListOf, References
from .numbers import Boolean, DecimalNumber, Integer, Money, Reference
from .texts import Email, Enum, File, LongText, Text, Url, Uuid
from .times import Date, DateTime, Time

__all__ = [
    "Boolean",
    "Date",
    "DateTime",
    "DecimalNumber",
    "Email",
    "Enum",
    "Field",
    "File",
    "Integer",
    "InvalidValue",
    "ListOf",
    "LongText",
    "Money",
    "Reference",
    "References",
    "Text",
    "Time",
    "Url",
    "Uuid",
    "Violation",
]
