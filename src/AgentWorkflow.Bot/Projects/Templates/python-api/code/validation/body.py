"""The check of a whole body."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..http.problems import FieldError, invalid
from .field import Field, InvalidValue

Values = dict[str, Any]
"""The normal form of each field's value, None where there is none."""


def read_body(fields: Sequence[Field], body: Mapping[str, object]) -> Values:
    """The values of a body; a body that breaks rules is refused with all that is wrong in it."""
    known = {field.name for field in fields}
    errors = [FieldError(name, "unknown", "is not a field") for name in body if name not in known]
    values: Values = {}
    for field in fields:
        value, found = _read_value(field, body)
        values[field.name] = value
        errors.extend(found)
    if errors:
        raise invalid(errors)
    return values


def _read_value(field: Field, body: Mapping[str, object]) -> tuple[object, list[FieldError]]:
    value = body.get(field.name, field.default)
    if value is None:
        missing = [FieldError(field.name, "required", "must be given")] if field.required else []
        return field.empty, missing
    try:
        read = field.read(value)
    except InvalidValue as error:
        return None, [FieldError(field.name, error.violation.code, error.violation.message)]
    return read, [FieldError(field.name, broken.code, broken.message) for broken in field.violations(read)]
