"""Checks of single arguments, each of which answers the value in the form that the API takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard, TypeVar

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = [
    "choice",
    "finite",
    "flag",
    "is_list",
    "is_number",
    "mapping",
    "optional",
    "text",
    "texts",
    "whole",
    "without_none",
]

T = TypeVar("T")


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


def texts(argument: str, value: object) -> list[str] | None:
    """Check a list of texts, or None; one text with commas is such a list too."""
    if value is None:
        return None
    found = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not is_list(found) or not found or not all(isinstance(part, str) and part for part in found):
        raise InvalidArgument(argument, f"{shown(value)} is no list of texts", "texts, or one text with commas")
    return list(found)


def flag(argument: str, value: object) -> bool:
    """Check a truth value; so is the text that a template renders it to. None is false."""
    known = {"true": True, "false": False, "none": False}
    found = known.get(str(value).lower()) if value is None or isinstance(value, (bool, str)) else None
    if found is None:
        raise InvalidArgument(argument, f"{shown(value)} is neither true nor false", "True or False")
    return found


def choice(argument: str, value: object, names: Mapping[str, str], what: str = "value") -> str:
    """Return what a name stands for; neither case nor underscores matter.

    Args:
        argument: The argument's name.
        value: The name.
        names: What each name stands for. The API's own word for it will do as well.
        what: What it is a name of, for the error.
    """
    known = {_plain(name): word for key, word in names.items() for name in (word, key)}
    found = known.get(_plain(value)) if isinstance(value, str) else None
    if found is None:
        raise InvalidArgument(argument, f"{shown(value)} is no {what}", ", ".join(names))
    return found


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def optional(check: Callable[..., T], argument: str, value: object, *details: Any, **named: Any) -> T | None:
    """Check a value unless it is None."""
    return None if value is None else check(argument, value, *details, **named)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a list or a tuple, and no text."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number, and no truth value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of more than 308 digits
        return False


def without_none(**fields: Any) -> dict[str, Any]:
    """Return the fields that were given."""
    return {key: value for key, value in fields.items() if value is not None}
