"""What a field of a message may hold: each kind checks one value and answers it in the form that the API takes.

A kind is told the path of its value, such as `imageManifest.tilesets[2].sources[0].uris`, for the error to begin with.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments import scalars as checks
from airflow_provider_ee.client.arguments.json_values import is_unicode
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = [
    "Kind",
    "anything",
    "asset",
    "camel_case",
    "character",
    "choice",
    "many",
    "message",
    "number",
    "properties",
    "property_name",
    "property_value",
    "snake_case",
    "table",
    "text",
    "uri",
    "whole_number",
    "word",
]

Kind: TypeAlias = Callable[[str, object], Any]

_URI = re.compile(r"gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]/[^\r\n]+")
_LONGEST_KEY = 80
#: What Earth Engine answers: "Property keys must contain only letters, digits, and underscores." The lengths are those
#: of https://github.com/google/weather-tools.
_LONGEST_PROPERTY_NAME = 110
_LONGEST_PROPERTY = 1024
_PROPERTY = re.compile(rf"[A-Za-z0-9_]{{1,{_LONGEST_PROPERTY_NAME}}}")


def anything(path: str, value: object) -> Any:  # noqa: ARG001 - a kind is told the path
    """Let a value be what it is."""
    return value


def asset(path: str, value: object) -> str:
    """Check an asset that a caller may make, in any form in which users know it."""
    return names.destination_asset(value, path)


def text(path: str, value: object) -> str:
    """Check a text, which may be empty."""
    if not isinstance(value, str) or not is_unicode(value):
        raise InvalidArgument(path, f"{shown(value)} is not a text", "a text")
    return value


def word(path: str, value: object) -> str:
    """Check a text that says something."""
    if not isinstance(value, str) or not checks.is_text(value):
        raise InvalidArgument(path, f"{shown(value)} is not a valid text", "a text, not empty, of letters and signs")
    return value


def character(path: str, value: object) -> str:
    """Check a single character."""
    if not isinstance(value, str) or len(value) != 1:
        raise InvalidArgument(path, f"{shown(value)} is not one character", "a single character")
    return value


def uri(path: str, value: object) -> str:
    """Check the address of an object in Cloud Storage, from where alone Earth Engine imports."""
    if not isinstance(value, str) or not _URI.fullmatch(value) or not checks.is_text(value):
        raise InvalidArgument(
            path, f"{shown(value)} is not the address of an object in Cloud Storage", "gs://<bucket>/<object>"
        )
    return value


def number(least: float | None = None) -> Kind:
    """Return the kind for a number."""

    def check(path: str, value: object) -> float:
        return checks.finite(path, _unwrapped(value), least=least)

    return check


def whole_number(least: int, most: int = 2**31 - 1) -> Kind:
    """Return the kind for a whole number."""
    return lambda path, value: checks.whole(path, _unwrapped(value), least, most)


def choice(words: Mapping[str, str], what: str) -> Kind:
    """Return the kind for one of some names.

    Args:
        words: The API's word for each name.
        what: What it is a name of, for the error.
    """
    return lambda path, value: checks.choice(path, value, words, what)


def many(kind: Kind, *, least: int = 0, most: int | None = None) -> Kind:
    """Return the kind for a list."""

    def check(path: str, value: object) -> list[Any]:
        listed = checks.items(value)
        if listed is None:
            raise InvalidArgument(path, f"{shown(value)} is not a list", "a list")
        if not least <= len(listed) <= (len(listed) if most is None else most):
            allowed = (
                f"exactly {least}" if least == most else f"at least {least}" if most is None else f"at most {most}"
            )
            raise InvalidArgument(path, f"it has {len(listed)} entries", allowed)
        return [kind(f"{path}[{index}]", entry) for index, entry in enumerate(listed)]

    return check


def table(kind: Kind) -> Kind:
    """Return the kind for a dict whose keys are the user's own."""

    def check(path: str, value: object) -> dict[str, Any]:
        return {key: kind(f"{path}.{key[:_LONGEST_KEY]}", entry) for key, entry in _mapping(path, value).items()}

    return check


def message(fields: Mapping[str, Kind], *, required: Sequence[str] = ()) -> Kind:
    """Return the kind for a dict with given fields, spelt as in the reference or in snake_case; None is absent."""
    spellings = {spelling: name for name in fields for spelling in (name, snake_case(name))}

    def check(path: str, value: object) -> dict[str, Any]:
        given = {key: entry for key, entry in _mapping(path, value).items() if entry is not None}
        found: dict[str, Any] = {}
        for key, entry in given.items():
            name = spellings.get(key)
            if name is None:
                raise _unknown(path, key, fields)
            if name in found:
                raise InvalidArgument(
                    f"{path}.{name}", f"it is given twice, also as {snake_case(name)}", "one spelling"
                )
            found[name] = fields[name](f"{path}.{name}", entry)
        for name in required:
            if name not in found:
                raise InvalidArgument(f"{path}.{name}", "it is missing", "a value")
        return found

    return check


def property_value(path: str, value: object) -> str | float:
    """Check the value of a property of an asset: a text or a number.

    https://developers.google.com/earth-engine/guides/image_manifest#properties
    """
    if isinstance(value, str):
        if not is_unicode(value) or len(value.encode()) > _LONGEST_PROPERTY:
            raise InvalidArgument(path, f"{shown(value)} is too long", f"at most {_LONGEST_PROPERTY} bytes of text")
        return value
    found = checks.number(value)
    if found is None:
        raise InvalidArgument(path, f"{shown(value)} is of type {type(value).__name__}", "a text or a finite number")
    return found


def property_name(path: str, value: object) -> str:
    """Check the name of a property, as Earth Engine takes it when an asset is written."""
    if not isinstance(value, str) or not _PROPERTY.fullmatch(value):
        allowed = f"letters, digits and underscores, at most {_LONGEST_PROPERTY_NAME}"
        raise InvalidArgument(path, f"{shown(value)} is not a valid name of a property", allowed)
    return value


def properties(path: str, value: object) -> dict[str, str | float]:
    """Check the properties of an asset, which are flat."""
    return {
        property_name(path, key): property_value(f"{path}.{key}", entry) for key, entry in _mapping(path, value).items()
    }


def _mapping(path: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InvalidArgument(path, f"{shown(value)} is not a dict of fields", "a dict whose keys are texts")
    return value


def _unknown(path: str, key: str, fields: Mapping[str, Kind]) -> InvalidArgument:
    alike = difflib.get_close_matches(key[:_LONGEST_KEY], fields, n=1)
    question = f"; did you mean {alike[0]}?" if alike else ""
    return InvalidArgument(
        f"{path}.{key[:_LONGEST_KEY]}", f"there is no such field{question}", ", ".join(sorted(fields))
    )


def _unwrapped(value: object) -> object:
    """Google's own client sends `{"value": 100}` for numbers that need not be given."""
    return value["value"] if isinstance(value, Mapping) and set(value) == {"value"} else value


def snake_case(name: str) -> str:
    """Return a field's name in snake_case."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def camel_case(name: str) -> str:
    """Return an argument's name as fields are spelt."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
