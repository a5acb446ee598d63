"""Boxes around regions, in degrees: how many pixels they have, and whether they meet an image at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.expressions import Node
from airflow_provider_ee.client.arguments.grid import metres as read_metres
from airflow_provider_ee.client.arguments.regions import region as region_node
from airflow_provider_ee.client.arguments.scalars import is_number, items

__all__ = ["METRES_PER_DEGREE", "Box", "box_around", "describe_miss", "footprint", "implied_pixels"]

#: West, south, east and north. East is beyond 180 where the antimeridian is crossed.
Box: TypeAlias = tuple[float, float, float, float]

#: What Earth Engine takes a degree for where it turns a scale in metres into degrees: the equator's.
METRES_PER_DEGREE = 111_319.49079327358
#: Coordinate systems whose unit is the degree; the ones that rasters come in.
_IN_DEGREES = frozenset(f"EPSG:{code}" for code in (4258, 4267, 4269, 4283, 4326, 4490, 4674, 4979))
_MERCATOR = frozenset({"EPSG:3857", "EPSG:900913", "SR-ORG:6627"})
#: Beyond it web mercator has no tiles.
_NORTHERNMOST = 85.06


def box_around(region: object) -> Box | None:
    """Return the box around a region, or None where that cannot be told without computing it.

    Args:
        region: As `regions.region` reads it.

    Raises:
        InvalidArgument: The region is wrong.
    """
    geometry = region_node(region)
    values = geometry.get("values", {})
    node = values[geometry["result"]] if values else geometry
    invocation = node.get("functionInvocationValue", {})
    arguments = invocation.get("arguments", {})
    if not str(invocation.get("functionName")).startswith("GeometryConstructors.") or "crs" in arguments:
        return None
    return _box_of(_numbers(arguments.get("coordinates"), values))


def footprint(asset: Mapping[str, Any]) -> Box | None:
    """Return the box around a stored image, from its description by `assets.get`; None if that does not say."""
    geometry = asset.get("geometry")
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    numbers = list(_flat(coordinates))
    return _box_of(numbers) if all(map(is_number, numbers)) else None


def describe_miss(covered: Box, wanted: Box) -> str | None:
    """Return a sentence that says so if a region does not meet an image, and None if it may.

    Args:
        covered: The box around the image.
        wanted: The box around the region.
    """
    if _meet(covered, wanted):
        return None
    text = f"The image has no data there: it covers {_shown(covered)} degrees, and the region is {_shown(wanted)}."
    west, south, east, north = wanted
    return f"{text} Are latitude and longitude swapped?" if _meet(covered, (south, west, north, east)) else text


def implied_pixels(region: object, scale: object, crs: object = None) -> int | None:
    """Return about how many pixels the box around a region has, or None where that cannot be told.

    Args:
        region: As `regions.region` reads it.
        scale: Metres per pixel.
        crs: The coordinate reference system; any other than those in degrees and web mercator keeps areas, nearly.

    Raises:
        InvalidArgument: The region or the scale is wrong.
    """
    box = None if region is None or scale is None else box_around(region)
    if box is None:
        return None
    metres = read_metres("scale", scale)
    width, height = _size_in_degrees(*box, crs)
    return math.ceil((width * METRES_PER_DEGREE / metres) * (height * METRES_PER_DEGREE / metres))


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


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes have a part in common, also if one of them goes on beyond the antimeridian."""
    return one[1] < other[3] and other[1] < one[3] and any(_overlap(one, other, turn) for turn in (-360, 0, 360))


def _overlap(one: Box, other: Box, turn: float) -> bool:
    return one[0] < other[2] + turn and other[0] + turn < one[2]


def _shown(box: Iterable[float]) -> str:
    return "[" + ", ".join(f"{side:g}" for side in box) + "]"


def _box_of(numbers: list[float]) -> Box | None:
    """Return the box around positions, given as longitudes and latitudes in turn."""
    if len(numbers) < 4 or len(numbers) % 2:
        return None
    longitudes, latitudes = numbers[::2], numbers[1::2]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _flat(coordinates: object) -> Iterable[Any]:
    listed = items(coordinates)
    if listed is None:
        yield coordinates
    for part in listed or ():
        yield from _flat(part)


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
