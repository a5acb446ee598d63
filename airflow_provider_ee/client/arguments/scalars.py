"""Checks of single arguments, each of which answers the value in the form that the API takes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = [
    "choice",
    "finite",
    "flag",
    "is_list",
    "is_number",
    "is_text",
    "items",
    "mapping",
    "number",
    "optional",
    "pixel_limit",
    "text",
    "texts",
    "unwrapped",
    "whole",
    "without_none",
]

T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_LARGEST_INT64 = 2**63 - 1


def number(value: object) -> int | float | None:
    """Return the finite number that a value is, or that the text of a rendered template says; None if it is not one.

    NumPy's numbers, and arrays of none dimensions, are numbers too.
    """
    if isinstance(value, str):
        return _number_in_text(value)
    value = unwrapped(value)
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        return None
    try:
        found = int(value) if isinstance(value, Integral) else float(value)
        return found if math.isfinite(found) else None
    except (OverflowError, ValueError):  # a whole number of more than 308 digits; a Decimal that is none
        return None


def unwrapped(value: object) -> object:
    """Return a scalar of NumPy as one of Python, and anything else as it is."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _number_in_text(text: str) -> int | float | None:
    # Python takes `3_0`, `٣` and `inf` for numbers, too.
    if not _NUMBER.fullmatch(text := text.strip()):
        return None
    found = float(text)
    if not math.isfinite(found):
        return None
    return int(text) if _WHOLE.fullmatch(text) else found


def whole(argument: str, value: object, least: int, most: int) -> int:
    """Check a whole number; `1e9` is one, and so is the text that a template renders it to."""
    found = number(value)
    if found is None or found != int(found) or not least <= found <= most:
        raise InvalidArgument(argument, f"{shown(value)} is out of bounds", f"a whole number from {least} to {most}")
    return int(found)


def finite(
    argument: str, value: object, *, above: float | None = None, least: float | None = None, most: float | None = None
) -> float:
    """Check a number that is neither infinite nor none; so is the text that a template renders it to."""
    found = number(value)
    if (
        found is None
        or (above is not None and found <= above)
        or (least is not None and found < least)
        or (most is not None and found > most)
    ):
        bounds = (("above", above), ("from", least), ("to", most))
        allowed = " ".join(f"{word} {Decimal(str(bound)):f}" for word, bound in bounds if bound is not None)
        raise InvalidArgument(argument, f"{shown(value)} is out of bounds", f"a finite number {allowed}".rstrip())
    return int(found) if float(found).is_integer() else found


def pixel_limit(argument: str, value: object) -> str:
    """Check a limit of pixels; 64 bits are text in JSON."""
    return str(whole(argument, value, 1, _LARGEST_INT64))


def mapping(argument: str, value: object, *, least: int = 1) -> dict[str, Any] | None:
    """Check a dict of at least so many fields, or None."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or len(value) < least or not all(isinstance(key, str) for key in value):
        raise InvalidArgument(argument, f"{shown(value)} is not a dict of fields", "a dict that is not empty")
    return dict(value)


def text(argument: str, value: object) -> str | None:
    """Check a text that is not empty, or None."""
    if value is None or (isinstance(value, str) and is_text(value)):
        return value
    raise InvalidArgument(argument, f"{shown(value)} is not a valid text", "a text, not empty, of letters and signs")


def is_text(text: str) -> bool:
    """Whether a text has characters, and neither control codes nor half of a pair of surrogates among them."""
    return text.isprintable() or not any(unicodedata.category(one) in {"Cc", "Cs"} for one in text) if text else False


def texts(argument: str, value: object) -> list[str] | None:
    """Check a list of texts, or None; one text with commas is such a list too."""
    if value is None:
        return None
    found = [part.strip() for part in value.split(",")] if isinstance(value, str) else items(value)
    if not found or not all(isinstance(part, str) and is_text(part) for part in found):
        raise InvalidArgument(argument, f"{shown(value)} is not a list of texts", "texts, or one text with commas")
    return found


def flag(argument: str, value: object) -> bool:
    """Check a truth value; so is the text that a template renders it to. None is false."""
    known = {"true": True, "false": False, "none": False}
    value = unwrapped(value)
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
        raise InvalidArgument(argument, f"{shown(value)} is not a valid {what}", ", ".join(names))
    return found


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def optional(check: Callable[..., T], argument: str, value: object, *details: Any, **named: Any) -> T | None:
    """Check a value unless it is None."""
    return None if value is None else check(argument, value, *details, **named)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a list or a tuple, and no text."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))


def items(value: object) -> list[Any] | None:
    """Return what a list, a tuple or an array holds, or None for anything else."""
    if is_list(value):
        return list(value)
    if hasattr(value, "tolist") and getattr(value, "shape", None):  # NumPy's and pandas' arrays
        return list(value.tolist())
    return None


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
