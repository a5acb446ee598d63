"""A manifest as a dict or JSON text becomes plain JSON of a size that Earth Engine takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["plain"]

#: https://developers.google.com/earth-engine/guides/image_manifest#manifest_structure_reference
_MOST_BYTES = 10 * 2**20
_ALLOWED = "a manifest as a dict or JSON text"


def plain(value: object, argument: str) -> dict[str, Any]:
    """Return a manifest as plain JSON, in which times are texts.

    Raises:
        InvalidArgument: It is none, or too large.
    """
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise InvalidArgument(argument, f"{shown(value)} is not valid JSON ({_brief(error)})", _ALLOWED) from None
    if not isinstance(value, Mapping):
        raise InvalidArgument(argument, f"{shown(value)} is a {type(value).__name__}", _ALLOWED)
    try:
        written = json.dumps(value, allow_nan=False, ensure_ascii=False, default=_as_json)
        size = len(written.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgument(argument, f"it cannot be written as JSON ({_brief(error)})", _ALLOWED) from None
    if size > _MOST_BYTES:
        raise InvalidArgument(argument, f"it is {size:,} bytes long", f"at most {_MOST_BYTES:,} bytes")
    return dict(json.loads(written))


def _as_json(value: object) -> object:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{shown(value)} is a {type(value).__name__}")


def _brief(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
