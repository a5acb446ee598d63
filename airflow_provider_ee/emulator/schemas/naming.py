"""What may be written: descriptions of operations, names of new assets, and properties."""

import re
from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError, field_violation

__all__ = ["check_description", "check_new_name", "check_properties"]

_CHARACTERS = re.compile(r"[A-Za-z0-9.,:;_-]*")
_CHARACTERS_AND_SPACES = re.compile(r"[A-Za-z0-9.,:;_ -]*")
_LONGEST_DESCRIPTION = 100

_ASSET_ID = re.compile(r"[A-Za-z0-9/_-]+")
_MOST_SEGMENTS, _LEAST_SEGMENTS_OF_LEGACY = 10, 3

_KEY = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_KEY, _LONGEST_TEXT = 110, 1024


def check_description(text: str, *, spaces: bool) -> None:
    """Check the description of an operation.

    The text is quoted from the real service by several of its clients; that it accepted spaces was seen in 2020.
    https://github.com/gee-community/geetools

    Args:
        text: The description.
        spaces: Whether it may have spaces.

    Raises:
        ApiError: It has another character, or too many of them.
    """
    allowed = _CHARACTERS_AND_SPACES if spaces else _CHARACTERS
    if not allowed.fullmatch(text) or len(text) > _LONGEST_DESCRIPTION:
        raise ApiError(
            "INVALID_ARGUMENT",
            'The description must contain only the following characters: a..z, A..Z, 0..9, ".", ",", ":", ";", "_" or '
            f'"-". The description must be at most {_LONGEST_DESCRIPTION} characters long.',
        )


def check_new_name(name: str) -> None:
    """Check the name of an asset that is to be made.

    https://github.com/google/weather-tools, https://github.com/r-spatial/rgee/issues/135

    Raises:
        ApiError: It has a dot, or too many segments or, in the project `earthengine-legacy`, too few.
    """
    _, project, _, path = name.split("/", 3)
    if not _ASSET_ID.fullmatch(path):
        raise ApiError(
            "INVALID_ARGUMENT",
            f"Invalid asset ID '{path}'. An asset ID can only contain letters, numbers, hyphens, and underscores.",
        )
    least = _LEAST_SEGMENTS_OF_LEGACY if project == "earthengine-legacy" else 1
    if not least <= len(path.split("/")) <= _MOST_SEGMENTS:
        raise ApiError(
            "INVALID_ARGUMENT",
            f'Invalid asset name "{name}". The portion of the Asset name following "projects/*/assets/" must have at '
            f"least {least} segments and at most {_MOST_SEGMENTS} segments.",
        )


def check_properties(properties: Mapping[str, Any], path: str) -> None:
    """Check properties that are to be written.

    https://github.com/tracek/gee_asset_manager/issues/59; the lengths are those of google/weather-tools.

    Raises:
        ApiError: A name or a text is not allowed.
    """
    for key, value in properties.items():
        if not _KEY.fullmatch(key):
            raise field_violation(
                path,
                f'Property key "{key}" is invalid. Property keys must contain only letters, digits, and underscores.',
            )
        if len(key) > _LONGEST_KEY:
            raise field_violation(
                path, f'Property key "{key}" is invalid. Property keys must be at most {_LONGEST_KEY} characters long.'
            )
        if isinstance(value, str) and len(value.encode()) > _LONGEST_TEXT:
            raise field_violation(
                path, f'Property "{key}" is invalid. String values must be at most {_LONGEST_TEXT} bytes long.'
            )
