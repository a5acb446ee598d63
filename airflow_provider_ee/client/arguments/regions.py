"""Regions as users write them, as geometries for an expression.

Always planar, and a ring is always a polygon: the official client takes a flat ring for a line.
"""

from __future__ import annotations

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
from airflow_provider_ee.client.arguments.scalars import is_list, is_number, mapping
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["region"]

Position: TypeAlias = list[float]

_ALLOWED = (
    "a bounding box [west, south, east, north], a ring of [longitude, latitude], "
    "a GeoJSON Polygon, MultiPolygon, Feature or collection of one feature as a dict or JSON text, or an ee.Geometry"
)


def region(value: object, argument: str = "region") -> Node | Expression:
    """Return the geometry node for a region; an expression for a geometry of `ee` that takes more than one node.

    Raises:
        InvalidArgument: It is none, or lies outside of the world.
    """
    if is_ee_object(value):
        whole = expression(value, argument)
        return inlined(whole) if len(whole["values"]) == 1 else whole
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise InvalidArgument(argument, f"{shown(value)} is not valid JSON", _ALLOWED) from None
    if isinstance(value, Mapping):
        return _from_geojson(value, argument)
    if not is_list(value):
        raise InvalidArgument(argument, f"{shown(value)} is a {type(value).__name__}", _ALLOWED)
    if len(value) == 4 and not any(is_list(part) for part in value):
        return _box(value, argument)
    if value and is_list(value[0]) and value[0] and not is_list(value[0][0]):
        value = [value]
    return _polygon(value, argument)


def _from_geojson(value: Mapping[str, Any], argument: str) -> Node:
    kind = value.get("type")
    if kind == "FeatureCollection" and is_list(value.get("features")) and len(value["features"]) == 1:
        return _from_geojson(mapping(f"{argument}.features[0]", value["features"][0]) or {}, f"{argument}.features[0]")
    if kind == "Feature" and isinstance(value.get("geometry"), Mapping):
        return _from_geojson(value["geometry"], f"{argument}.geometry")
    coordinates = value.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"} or not is_list(coordinates):
        raise InvalidArgument(f"{argument}.type", f"{shown(kind)} does not enclose an area", _ALLOWED)
    if kind == "Polygon":
        return _polygon(coordinates, f"{argument}.coordinates")
    return _geometry("MultiPolygon", [_rings(rings, f"{argument}.coordinates") for rings in coordinates])


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


def _rings(value: Any, argument: str) -> list[list[Position]]:
    if not is_list(value) or not value:
        raise InvalidArgument(argument, f"{shown(value)} has no ring", _ALLOWED)
    rings = []
    for ring in value:
        if not is_list(ring) or len(ring) < 3:
            raise InvalidArgument(
                argument, f"{shown(ring)} is not a valid ring", "at least three [longitude, latitude]"
            )
        rings.append([_position(position, argument) for position in ring])
    return rings


def _position(value: Any, argument: str) -> Position:
    numbers = value[:2] if is_list(value) else []
    if len(numbers) != 2 or not all(is_number(number) for number in numbers):
        raise InvalidArgument(argument, f"{shown(value)} is not a valid position", "[longitude, latitude] in degrees")
    longitude, latitude = numbers
    if not (-360 <= longitude <= 360 and -90 <= latitude <= 90):
        raise InvalidArgument(
            argument,
            f"{shown(value)} lies outside of the world",
            "longitude from -180 to 180 (or on to ±360 across the antimeridian), latitude from -90 to 90",
        )
    return [longitude, latitude]
