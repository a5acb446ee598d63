"""Checks of single arguments, each of which answers the value in the form that the API takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["finite", "is_list", "is_number", "mapping", "text", "whole", "without_none"]


def whole(argument: str, value: object, least: int, most: int) -> int:
    """Check a whole number; `1e9` is one, and so is the text that a template renders it to."""
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not number.is_integer() or not least <= number <= most:
        raise InvalidArgument(argument, f"{shown(value)} is out of bounds", f"a whole number from {least} to {most}")
    return value if isinstance(value, int) else int(number)


def finite(argument: str, value: object, *, above: float = -math.inf) -> float:
    """Check a number that is neither infinite nor none; so is the text that a template renders it to."""
    number = value
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            number = None
    if not is_number(number) or number <= above:
        allowed = "a finite number" if above == -math.inf else f"a finite number above {above:g}"
        raise InvalidArgument(argument, f"{shown(value)} is out of bounds", allowed)
    return int(number) if float(number).is_integer() else number


def mapping(argument: str, value: object) -> dict[str, Any] | None:
    """Check a dict of fields, or None."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or not value or not all(isinstance(key, str) for key in value):
        raise InvalidArgument(argument, f"{shown(value)} holds no fields", "a dict that is not empty")
    return dict(value)


def text(argument: str, value: object) -> str | None:
    """Check a text that is not empty, or None."""
    if value is None or (isinstance(value, str) and value):
        return value
    raise InvalidArgument(argument, f"{shown(value)} says nothing", "a text that is not empty")


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a list or a tuple, and no text."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def without_none(**fields: Any) -> dict[str, Any]:
    """Return the fields that were given."""
    return {key: value for key, value in fields.items() if value is not None}
