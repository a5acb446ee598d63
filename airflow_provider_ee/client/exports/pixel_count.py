"""How many pixels an export has, roughly, from what its words say of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.arguments.expressions import Expression, Node
from airflow_provider_ee.client.arguments.regions import region as region_node
from airflow_provider_ee.client.arguments.scalars import finite

__all__ = ["implied_pixels"]

#: What Earth Engine takes a degree for where it turns a scale in metres into degrees: the equator's.
_METRES_PER_DEGREE = 111_319.49
#: Coordinate systems whose unit is the degree; the ones that rasters come in.
_IN_DEGREES = frozenset(f"EPSG:{code}" for code in (4258, 4267, 4269, 4283, 4326, 4490, 4674, 4979))
_MERCATOR = frozenset({"EPSG:3857", "EPSG:900913", "SR-ORG:6627"})
#: Beyond it web mercator has no tiles.
_NORTHERNMOST = 85.06


def implied_pixels(region: object, scale: object, crs: object = None) -> int | None:
    """Return about how many pixels the bounding box of a region has, or None where that cannot be told.

    Args:
        region: As `regions.region` reads it.
        scale: Metres per pixel.
        crs: The coordinate reference system; any other than those in degrees and web mercator keeps areas, nearly.

    Raises:
        InvalidArgument: The region or the scale is wrong.
    """
    if region is None or scale is None:
        return None
    box = _bounds(region_node(region))
    if box is None:
        return None
    west, south, east, north = box
    metres = finite("scale", scale, above=0)
    width, height = _size_in_degrees(west, south, east, north, crs)
    pixels = (width * _METRES_PER_DEGREE / metres) * (height * _METRES_PER_DEGREE / metres)
    return math.ceil(pixels) if math.isfinite(pixels) else None


def _size_in_degrees(west: float, south: float, east: float, north: float, crs: object) -> tuple[float, float]:
    width = east - west
    name = crs.upper() if isinstance(crs, str) else ""
    if name in _IN_DEGREES or name.startswith("GEOG"):
        return width, north - south
    if name in _MERCATOR:
        return width, _mercator(north) - _mercator(south)
    # Degrees of longitude are narrowest where the region is farthest from the equator: rather too few than too many.
    return width * math.cos(math.radians(max(abs(south), abs(north)))), north - south


def _mercator(latitude: float) -> float:
    inside = math.radians(max(-_NORTHERNMOST, min(_NORTHERNMOST, latitude)))
    return math.degrees(math.asinh(math.tan(inside)))


def _bounds(geometry: Node | Expression) -> tuple[float, float, float, float] | None:
    """The bounding box of a geometry whose coordinates are known and geographic."""
    values = geometry.get("values", {})
    node = values[geometry["result"]] if values else geometry
    invocation = node.get("functionInvocationValue", {})
    arguments = invocation.get("arguments", {})
    if not str(invocation.get("functionName")).startswith("GeometryConstructors.") or "crs" in arguments:
        return None
    numbers = _numbers(arguments.get("coordinates"), values)
    if len(numbers) < 4 or len(numbers) % 2:
        return None
    longitudes, latitudes = numbers[::2], numbers[1::2]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _numbers(coordinates: Any, values: Mapping[str, Node]) -> list[float]:
    """The numbers in nested lists, which the official client splits into values where a position occurs twice."""
    match coordinates:
        case int() | float():
            return [coordinates]
        case list(parts) | {"constantValue": list(parts)} | {"arrayValue": {"values": list(parts)}}:
            return [number for part in parts for number in _numbers(part, values)]
        case {"valueReference": key}:
            return _numbers(values[key], values)
    return []
