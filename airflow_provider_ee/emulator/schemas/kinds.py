"""Kinds of values in a JSON request: each reads a value, or refuses it and names the field.

What is read is plain: numbers sent as text or as `{"value": n}` come out as numbers, and a null is an absent field,
as in Google's JSON mapping of protocol buffers.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from airflow_provider_ee.emulator.envelope import ApiError, field_violation, invalid

__all__ = [
    "Anything",
    "Choice",
    "Flag",
    "Float",
    "Integer",
    "Kind",
    "Many",
    "Mask",
    "Message",
    "OneOf",
    "Table",
    "Text",
    "unknown_field",
]


class Kind(Protocol):
    """Anything that can read a value of a request."""

    def read(self, value: object, path: str) -> Any:
        """Return the value, plain, or raise an ApiError that names `path`."""


def _shown(value: object) -> str:
    """Return a value as an error may show it: recognisable and short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass(frozen=True, slots=True)
class Text:
    """A string, of a given form if there is one.

    Args:
        pattern: What the whole string must match.
        allowed: The same in words, for the error.
    """

    pattern: str | None = None
    allowed: str = "a string"

    def read(self, value: object, path: str) -> str:
        """Return the string."""
        if not isinstance(value, str) or (self.pattern is not None and not re.fullmatch(self.pattern, value)):
            raise invalid(path, f"{_shown(value)} is not {self.allowed}.")
        return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number, as a JSON number or as decimal text.

    Args:
        minimum: The smallest one allowed.
        maximum: The largest one allowed.
        wrapped: Whether the field is a wrapper message, which the official client sends as `{"value": n}`.
    """

    minimum: int = -(2**31)
    maximum: int = 2**31 - 1
    wrapped: bool = False

    def read(self, value: object, path: str) -> int:
        """Return the number."""
        value = _unwrapped(value, path) if self.wrapped else value
        number = _whole(value)
        if number is None or not self.minimum <= number <= self.maximum:
            raise invalid(path, f"{_shown(value)} is not a whole number from {self.minimum} to {self.maximum}.")
        return number


@dataclass(frozen=True, slots=True)
class Float:
    """A finite number, as a JSON number or as text.

    Args:
        minimum: The smallest one allowed.
        maximum: The largest one allowed.
        wrapped: Whether the field is a wrapper message, which the official client sends as `{"value": n}`.
    """

    minimum: float = -math.inf
    maximum: float = math.inf
    wrapped: bool = False

    def read(self, value: object, path: str) -> float:
        """Return the number."""
        value = _unwrapped(value, path) if self.wrapped else value
        number = _number(value)
        if number is None or not self.minimum <= number <= self.maximum:
            bounds = "" if math.isinf(self.maximum) else f" from {self.minimum:g} to {self.maximum:g}"
            raise invalid(path, f"{_shown(value)} is not a number{bounds}.")
        return number


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    # First what float would round: Earth Engine counts pixels in 64 bits.
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value):
        return int(value)
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else None


def _unwrapped(value: object, path: str) -> object:
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"value"}:
        raise invalid(path, f"{_shown(value)} is neither a number nor {{'value': number}}.")
    return value["value"]


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: object, path: str) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            raise invalid(path, f"{_shown(value)} is not true or false.")
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One name out of an enum."""

    names: tuple[str, ...]

    def read(self, value: object, path: str) -> str:
        """Return the name."""
        if not isinstance(value, str) or value not in self.names:
            raise invalid(path, f"{_shown(value)} is not one of {', '.join(self.names)}.")
        return value


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind.

    Args:
        item: The kind of each value.
        most: How many there may be; None for any number.
    """

    item: Kind
    most: int | None = None

    def read(self, value: object, path: str) -> list[Any]:
        """Return the list."""
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise invalid(path, f"{_shown(value)} is not a list.")
        if self.most is not None and len(value) > self.most:
            raise invalid(path, f"{len(value)} values, but at most {self.most} may be here.")
        return [self.item.read(item, f"{path}[{index}]") for index, item in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Anything:
    """A value whose inside is judged elsewhere."""

    def read(self, value: object, path: str) -> Any:  # noqa: ARG002 - every kind is read with its path
        """Return the value as it is."""
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """An object with keys of the caller's choice.

    Args:
        item: The kind of each value.
    """

    item: Kind = Anything()

    def read(self, value: object, path: str) -> dict[str, Any]:
        """Return the object."""
        if not isinstance(value, Mapping):
            raise invalid(path, f"{_shown(value)} is not an object.")
        return {key: self.item.read(item, f"{path}.{key}") for key, item in value.items()}


@dataclass(frozen=True, slots=True)
class Mask:
    """A field mask: `"a,b"`, a list, or `{"paths": [...]}` as the official client sends it."""

    def read(self, value: object, path: str) -> list[str]:
        """Return the paths of the mask."""
        if isinstance(value, Mapping) and set(value) == {"paths"}:
            value = value["paths"]
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        return Many(Text()).read(value, path)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A union: fields of which at most one may be set.

    Args:
        members: The fields.
        required: Whether one of them has to be there.
    """

    members: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """An object with known fields.

    Args:
        fields: The kind of every field there is.
        required: The fields that may not be missing.
        unions: The unions among the fields.
    """

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    unions: tuple[OneOf, ...] = ()

    def read(self, value: object, path: str) -> dict[str, Any]:
        """Return the object, every field read."""
        if not isinstance(value, Mapping):
            raise invalid(path, f"{_shown(value)} is not an object.")
        given = {key: item for key, item in value.items() if item is not None}
        for key in given:
            if key not in self.fields:
                raise unknown_field(key, path)
        plain = {key: self.fields[key].read(item, _under(path, key)) for key, item in given.items()}
        for key in self.required:
            if plain.get(key) in (None, "", [], {}):
                raise invalid(_under(path, key), "required, but missing or empty.")
        for union in self.unions:
            self._check_union(union, plain, path)
        return plain

    def _check_union(self, union: OneOf, plain: Mapping[str, Any], path: str) -> None:
        present = [key for key in union.members if plain.get(key, False) is not False]
        if len(present) > 1:
            raise invalid(
                _under(path, present[1]),
                f"'{present[0]}' is set already; only one of {', '.join(union.members)} may be.",
            )
        if union.required and not present:
            raise invalid(_under(path, union.members[0]), f"one of {', '.join(union.members)} is required.")


def unknown_field(name: str, path: str) -> ApiError:
    """Refuse a field that a message does not have, in the words of Google's front end.

    https://github.com/OSGeo/gdal/issues/805
    """
    at = f" at '{path}'" if path else ""
    return field_violation(path, f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
