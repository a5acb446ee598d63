"""Values from users as plain JSON, which any encoder can write and any server can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from airflow_provider_ee.client.arguments.scalars import items, mapping, number, unwrapped
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["fields", "is_unicode", "json_object", "plain"]

_DEEPEST = 500


def json_object(value: object, argument: str, allowed: str) -> dict[str, Any]:
    """Return the object that a dict or a JSON text holds, as plain JSON.

    Raises:
        InvalidArgument: It holds none, or something that is not JSON.
    """
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise InvalidArgument(argument, f"{shown(value)} is not valid JSON ({_brief(error)})", allowed) from None
    if not isinstance(value, Mapping):
        raise InvalidArgument(argument, f"{shown(value)} is of type {type(value).__name__}", allowed)
    return dict(plain(value, argument, allowed))


def fields(argument: str, value: object) -> dict[str, Any] | None:
    """Check a dict of fields of a request, or None, and return it as plain JSON."""
    found = mapping(argument, value)
    return None if found is None else {key: plain(entry, f"{argument}.{key}") for key, entry in found.items()}


def plain(value: object, argument: str, allowed: str = "JSON: texts, finite numbers, lists, dicts") -> Any:
    """Return a value as plain JSON, in which times are texts and numbers are Python's own.

    Raises:
        InvalidArgument: JSON has no such value, or a text is not Unicode.
    """
    try:
        written = json.loads(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
        if written == value:  # most are JSON as they are: large expressions should not be copied twice
            return written
    except (TypeError, ValueError, RecursionError):
        pass  # found below, with the value that is wrong
    try:
        return _plain(value, 0)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(argument, f"it cannot be written as JSON ({_brief(error)})", allowed) from None


def is_unicode(text: str) -> bool:
    """Whether a text can be written as bytes; half of a pair of surrogates cannot."""
    return text.isprintable() or not any("\ud800" <= character <= "\udfff" for character in text)


def _plain(value: object, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("it is too deep")
    value = unwrapped(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not is_unicode(value):
            raise ValueError(f"{shown(value)} is not valid Unicode")
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(entry, depth + 1) for key, entry in value.items()}
    if (found := number(value)) is not None:
        return found
    if (listed := items(value)) is not None:
        return [_plain(entry, depth + 1) for entry in listed]
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{shown(value)} is of type {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str) or not is_unicode(key):
        raise TypeError(f"the key {shown(key)} is not a text")
    return key


def _brief(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
