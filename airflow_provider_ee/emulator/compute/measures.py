"""Measures of geometries: area, centre, and the circle around a point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import NotComputed
from airflow_provider_ee.emulator.compute.geometry import Geometry
from airflow_provider_ee.emulator.compute.pixels.grids import Points

__all__ = ["area", "centroid", "circle"]

# WGS 84: https://earth-info.nga.mil/?dir=wgs84&action=wgs84
_SEMI_MAJOR = 6378137.0
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY = math.sqrt(_FLATTENING * (2 - _FLATTENING))

_STEPS_PER_EDGE = 32
_CORNERS_OF_A_CIRCLE = 64


def area(geometry: Geometry) -> float:
    """Return the area in square metres on the ellipsoid; that of points and lines is 0."""
    return math.fsum(
        abs(_signed_area(ring)) * (-1 if number else 1)
        for polygon in _polygons(geometry.carried("EPSG:4326"))
        for number, ring in enumerate(polygon)
    )


def _signed_area(ring: Points) -> float:
    """Integrate along a ring: the area between the equator and a latitude is a function of the latitude alone."""
    corners = np.arange(len(ring))
    along = np.linspace(0, len(ring) - 1, (len(ring) - 1) * _STEPS_PER_EDGE + 1)
    longitude, latitude = (np.interp(along, corners, np.radians(ring[:, axis])) for axis in (0, 1))
    heights = _area_below(latitude)
    return float(np.sum(np.diff(longitude) * (heights[:-1] + heights[1:]) / 2))


def _area_below(latitude: Points) -> Points:
    """Return the area between the equator and a latitude, for each radian of longitude.

    Snyder, Map Projections: A Working Manual (https://pubs.usgs.gov/pp/1395/report.pdf), equation 3-12.
    """
    sine, e = np.sin(latitude), _ECCENTRICITY
    shape = sine / (1 - (e * sine) ** 2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
    below: Points = _SEMI_MAJOR**2 * (1 - e**2) / 2 * shape
    return below


def centroid(geometry: Geometry) -> Geometry:
    """Return the centre of the polygons, else of the points, as a map in longitude and latitude shows it."""
    here = geometry.carried("EPSG:4326")
    if here.type in ("Point", "MultiPoint"):
        points = [here.coordinates] if here.type == "Point" else here.coordinates
        x, y = np.asarray(points, dtype=np.float64).mean(axis=0)
        return Geometry.of("Point", (float(x), float(y)))
    if here.type not in ("Polygon", "MultiPolygon"):
        raise NotComputed("The centroid of a line is not computed by the emulator.")
    parts = [
        (_planar(ring) * (-1 if number else 1)) for polygon in _polygons(here) for number, ring in enumerate(polygon)
    ]
    size, x, y = np.sum(parts, axis=0)
    if not size:
        raise NotComputed("The centroid of a polygon without an area is not computed by the emulator.")
    return Geometry.of("Point", (float(x / size), float(y / size)))


def _planar(ring: Points) -> Points:
    """Return a ring's area in square degrees, and that times its centre."""
    origin = ring[0]
    x, y = (ring - origin).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    size = cross.sum() / 2
    moments = [
        ((axis[:-1] + axis[1:]) * cross).sum() / 6 + size * start for axis, start in zip((x, y), origin, strict=True)
    ]
    sign = -1.0 if size < 0 else 1.0
    return sign * np.asarray([size, *moments])


def circle(geometry: Geometry, metres: float) -> Geometry:
    """Return the polygon around a point at a distance."""
    if geometry.type != "Point" or metres <= 0:
        raise NotComputed("The emulator buffers points by a positive distance only.")
    longitude, latitude = geometry.carried("EPSG:4326").coordinates
    angles = np.linspace(0, 2 * math.pi, _CORNERS_OF_A_CIRCLE, endpoint=False)
    # https://en.wikipedia.org/wiki/Great-circle_navigation: the point at a bearing and a distance, on a sphere.
    distance, start = metres / _SEMI_MAJOR, math.radians(latitude)
    sine = np.clip(math.sin(start) * math.cos(distance) + math.cos(start) * math.sin(distance) * np.cos(angles), -1, 1)
    turned = np.arctan2(
        np.sin(angles) * math.sin(distance) * math.cos(start), math.cos(distance) - math.sin(start) * sine
    )
    corners = np.stack([longitude + np.degrees(turned), np.degrees(np.arcsin(sine))], axis=1)
    return Geometry.of("Polygon", [corners.tolist()])


def _polygons(geometry: Geometry) -> Iterator[Sequence[Points]]:
    several: dict[str, tuple[Any, ...]] = {
        "Polygon": (geometry.coordinates,),
        "MultiPolygon": geometry.coordinates,
    }
    for polygon in several.get(geometry.type, ()):
        yield [np.asarray(ring, dtype=np.float64) for ring in polygon]
