"""Regions as users write them, as geometries for an expression.

Always planar, and a ring is always a polygon: the official client takes a flat ring for a line.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.expressions import (
    Expression,
    Node,
    call,
    constant,
    expression,
    inlined,
    is_ee_object,
)
from airflow_provider_ee.client.arguments.scalars import items, mapping, number
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["region"]

Position: TypeAlias = list[float]

_ALLOWED = (
    "a bounding box [west, south, east, north], a ring of [longitude, latitude], "
    "a GeoJSON Polygon, MultiPolygon, Feature or collection of one feature as a dict or JSON text, "
    "a geometry of shapely or GeoPandas, or an ee.Geometry"
)
_ONE_FEATURE = "one feature; of a GeoDataFrame, `total_bounds` is the box around all of it, `union_all()` its union"


def region(value: object, argument: str = "region") -> Node | Expression:
    """Return the geometry node for a region; an expression for a geometry of `ee` that takes more than one node.

    Raises:
        InvalidArgument: It is not a region, or lies outside of the world.
    """
    if is_ee_object(value):
        whole = expression(value, argument)
        return inlined(whole) if len(whole["values"]) == 1 else whole
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise InvalidArgument(argument, f"{shown(value)} is not valid JSON", _ALLOWED) from None
    value = getattr(value, "__geo_interface__", value)
    if isinstance(value, Mapping):
        return _from_geojson(value, argument)
    listed = items(value)
    if listed is None:
        raise InvalidArgument(argument, f"{shown(value)} is of type {type(value).__name__}", _ALLOWED)
    parts = [items(part) for part in listed]
    if len(listed) == 4 and not any(parts):
        return _box(listed, argument)
    if parts and parts[0] and items(parts[0][0]) is None:
        return _polygon([listed], argument)
    return _polygon(listed, argument)


def _from_geojson(value: Mapping[str, Any], argument: str) -> Node:
    kind = value.get("type")
    if kind == "FeatureCollection" and isinstance(value.get("features"), (list, tuple)):
        features = value["features"]
        if len(features) != 1:
            raise InvalidArgument(argument, f"it has {len(features)} features", _ONE_FEATURE)
        value, argument = mapping(f"{argument}.features[0]", features[0]) or {}, f"{argument}.features[0]"
        kind = value.get("type")
    if kind == "Feature" and isinstance(value.get("geometry"), Mapping):
        value, argument = value["geometry"], f"{argument}.geometry"
        kind = value.get("type")
    polygons = items(value.get("coordinates"))
    if kind == "Polygon" and polygons is not None:
        return _polygon(polygons, f"{argument}.coordinates")
    if kind == "MultiPolygon" and polygons:
        rings = [_rings(items(polygon), f"{argument}.coordinates") for polygon in polygons]
        return _geometry("MultiPolygon", rings)
    raise InvalidArgument(f"{argument}.type", f"{shown(kind)} does not enclose an area", _ALLOWED)


def _box(value: Sequence[Any], argument: str) -> Node:
    (west, south), (east, north) = _position(value[:2], argument), _position(value[2:], argument)
    if west >= east or south >= north:
        raise InvalidArgument(argument, f"{shown(value)} is empty", "west < east and south < north")
    return _geometry("Polygon", [[[west, north], [west, south], [east, south], [east, north]]])


def _polygon(rings: Any, argument: str) -> Node:
    return _geometry("Polygon", _rings(rings, argument))


def _geometry(kind: str, coordinates: Any) -> Node:
    return call(
        f"GeometryConstructors.{kind}",
        coordinates=constant(coordinates),
        geodesic=constant(False),
        evenOdd=constant(True),
    )


def _rings(value: list[Any] | None, argument: str) -> list[list[Position]]:
    if not value:
        raise InvalidArgument(argument, f"{shown(value)} has no ring", _ALLOWED)
    return [_ring(ring, argument) for ring in value]


def _ring(value: Any, argument: str) -> list[Position]:
    listed = items(value)
    if listed is None or len(listed) < 3:
        raise InvalidArgument(argument, f"{shown(value)} is not a valid ring", "at least three [longitude, latitude]")
    ring = [_position(position, argument) for position in listed]
    (x, y), *others = ring
    # The two positions that see the first one at an angle; without such, all are on one line.
    if not any((a - x) * (d - y) != (b - y) * (c - x) for (a, b), (c, d) in itertools.pairwise(others)):
        raise InvalidArgument(argument, f"{shown(value)} does not enclose an area", "three positions not on one line")
    return ring


def _position(value: Any, argument: str) -> Position:
    listed = items(value) or []
    # A third number is the altitude.
    numbers = [None if isinstance(one, str) else number(one) for one in listed[:2]]
    if not 2 <= len(listed) <= 3 or None in numbers:
        raise InvalidArgument(argument, f"{shown(value)} is not a valid position", "[longitude, latitude] in degrees")
    longitude, latitude = (one for one in numbers if one is not None)
    if not _is_on_earth(longitude, latitude):
        swapped = " (were longitude and latitude swapped?)" if _is_on_earth(latitude, longitude) else ""
        raise InvalidArgument(
            argument,
            f"{shown(value)} lies outside of the world{swapped}",
            "longitude from -180 to 180 (or on to ±360 across the antimeridian), latitude from -90 to 90",
        )
    return [longitude, latitude]


def _is_on_earth(longitude: float, latitude: float) -> bool:
    """Whether there is such a position; longitudes go on beyond the antimeridian."""
    return -360 <= longitude <= 360 and -90 <= latitude <= 90
