"""A manifest as a dict or JSON text becomes plain JSON of a size that Earth Engine takes."""

from __future__ import annotations

import json
from typing import Any

from airflow_provider_ee.client.arguments.json_values import json_object
from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["read_manifest"]

#: https://developers.google.com/earth-engine/guides/image_manifest#manifest_structure_reference
_MOST_BYTES = 10 * 2**20


def read_manifest(value: object, argument: str) -> dict[str, Any]:
    """Return a manifest as plain JSON, in which times are texts.

    Raises:
        InvalidArgument: It is not a manifest, or too large.
    """
    found = json_object(value, argument, "a manifest as a dict or JSON text")
    size = len(json.dumps(found, ensure_ascii=False).encode())
    if size > _MOST_BYTES:
        raise InvalidArgument(argument, f"it is {size:,} bytes long", f"at most {_MOST_BYTES:,} bytes")
    return found
