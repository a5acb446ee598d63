"""Geometries written as well-known text, as CSV files have them."""

from __future__ import annotations

import json
import re
from typing import Any

from airflow_provider_ee.emulator.compute.geometry import DEPTHS

__all__ = ["geojson_of_wkt"]

_TYPES = {kind.upper(): kind for kind in DEPTHS}
_TEXT = re.compile(r"\s*(?P<kind>[A-Za-z]+)\s*(?P<coordinates>\(.*\))\s*", re.DOTALL)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_POSITION = re.compile(rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER})?")
_BRACKETS = str.maketrans("()", "[]")


def geojson_of_wkt(text: str) -> dict[str, Any] | None:
    """Return the GeoJSON of a WKT geometry, or None where a text is none."""
    found = _TEXT.fullmatch(text)
    if found is None or (kind := _TYPES.get(found["kind"].upper())) is None:
        return None
    inside = found["coordinates"]
    if kind == "MultiPoint":
        # Both forms are in use: MULTIPOINT(1 2, 3 4) and MULTIPOINT((1 2), (3 4)).
        inside = "(" + inside.replace("(", "").replace(")", "") + ")"
    try:
        lists = json.loads(_POSITION.sub(_position, inside).translate(_BRACKETS))
    except (ValueError, RecursionError):
        return None
    return {"type": kind, "coordinates": lists[0] if kind == "Point" else lists}


def _position(found: re.Match[str]) -> str:
    return f"[{float(found[1])},{float(found[2])}]"
