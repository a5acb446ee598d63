"""Geometries: shapes on a coordinate system, their bounds and the pixels that they cover.

Edges are straight lines in the geometry's own coordinates, geodesic or not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasterio import Affine
from rasterio.features import rasterize

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Points, Projection, parse_crs, reproject_points
from airflow_provider_ee.emulator.compute.pixels.rasters import Mask

__all__ = ["DEPTHS", "Bounds", "Geometry", "overlap", "pixel_bounds", "rectangle"]

Bounds = tuple[float, float, float, float]

#: How deeply each type's positions are nested in its coordinates.
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

#: An edge is carried to another coordinate system by this many points.
_STEPS_PER_EDGE = 20

#: rasterio hushes a warning of its own meanwhile, by a change of the filters of all threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Geometry:
    """A GeoJSON type with its coordinates, as nested tuples of positions."""

    type: str
    coordinates: tuple[Any, ...]
    crs: str = "EPSG:4326"

    @classmethod
    def of(cls, kind: str, coordinates: Any, crs: str = "EPSG:4326") -> Geometry:
        """Check coordinates and return the geometry; rings are closed."""
        depth = DEPTHS[kind]
        checked = _positions(coordinates, depth, kind)
        if kind in ("Polygon", "MultiPolygon"):
            checked = _closed(checked, depth)
        return cls(kind, checked, crs)

    @classmethod
    def on(cls, kind: str, coordinates: Any, projection: Projection | None) -> Geometry:
        """Return the geometry whose coordinates are places in a projection's pixels; None: lon, lat."""
        geometry = cls.of(kind, coordinates)
        if projection is None:
            return geometry
        placed = _tuples(_mapped(geometry.coordinates, DEPTHS[kind], projection.point))
        return cls(kind, placed, projection.crs)

    def to_json(self) -> dict[str, Any]:
        """Return the GeoJSON, with a crs member where it is not longitude and latitude."""
        geojson: dict[str, Any] = {"type": self.type, "coordinates": _lists(self.coordinates)}
        if self.crs != "EPSG:4326":
            geojson["crs"] = {"type": "name", "properties": {"name": self.crs}}
        return geojson

    def bounds(self, crs: str) -> Bounds:
        """Return west, south, east and north in a coordinate system."""
        lines = list(_lines(_carried(self.coordinates, DEPTHS[self.type], self.crs, crs), DEPTHS[self.type]))
        points = np.concatenate([np.asarray(line, dtype=np.float64).reshape(-1, 2) for line in lines])
        if not np.isfinite(points).all():
            raise ComputeError(f"The geometry cannot be shown in the projection {parse_crs(crs).to_string():.80}.")
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def carried(self, crs: str) -> Geometry:
        """Return the geometry in another coordinate system, its edges carried by points along them."""
        if crs == self.crs:
            return self
        geometry = Geometry(self.type, _tuples(_carried(self.coordinates, DEPTHS[self.type], self.crs, crs)), crs)
        geometry.bounds(crs)  # refuses what the other system cannot show
        return geometry

    def covers(self, grid: Grid) -> Mask:
        """Return the pixels whose centre is inside a polygon, or that a point or line touches."""
        depth = DEPTHS[self.type]
        pixels = _mapped(_carried(self.coordinates, depth, self.crs, grid.projection.crs), depth, grid.projection.pixel)
        # Whole-numbered offsets keep the answer for a pixel the same in every window.
        here = Affine.translation(grid.column, grid.row)
        shape = {"type": self.type, "coordinates": pixels}
        try:
            with _ONE_AT_A_TIME:
                burnt = rasterize([(shape, 1)], out_shape=grid.shape, transform=here, dtype="uint8")
        except ValueError as error:
            raise ComputeError(f"The {self.type} has no valid coordinates: {error}") from error
        return np.asarray(burnt, dtype=np.bool_)


def rectangle(bounds: Bounds, crs: str = "EPSG:4326") -> Geometry:
    """Return the polygon of these bounds."""
    west, south, east, north = bounds
    return Geometry.of("Polygon", [[[west, south], [east, south], [east, north], [west, north]]], crs)


def overlap(first: Geometry, second: Geometry) -> bool:
    """Tell whether the bounds of two geometries touch, in longitude and latitude."""
    west, south, east, north = first.bounds("EPSG:4326")
    other_west, other_south, other_east, other_north = second.bounds("EPSG:4326")
    return west <= other_east and other_west <= east and south <= other_north and other_south <= north


def pixel_bounds(geometry: Geometry, projection: Projection) -> Bounds:
    """Return least column, least row, greatest column and greatest row of a geometry, in a projection's pixels."""
    west, south, east, north = geometry.bounds(projection.crs)
    corners = [projection.pixel(x, y) for x in (west, east) for y in (south, north)]
    columns, rows = zip(*corners, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def _positions(coordinates: Any, depth: int, kind: str) -> tuple[Any, ...]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or not coordinates:
        raise ComputeError(f"Geometry: Invalid GeoJson coordinates for a {kind}.")
    if depth:
        return tuple(_positions(part, depth - 1, kind) for part in coordinates)
    try:
        x, y = (float(number) for number in coordinates[:2])
    except (TypeError, ValueError, OverflowError) as error:
        raise ComputeError(f"Geometry: Invalid GeoJson coordinates for a {kind}.") from error
    if not (np.isfinite(x) and np.isfinite(y)):
        raise ComputeError(f"Geometry: The coordinates of a {kind} must be finite numbers.")
    return x, y


def _closed(coordinates: tuple[Any, ...], depth: int) -> tuple[Any, ...]:
    if depth > 1:
        return tuple(_closed(part, depth - 1) for part in coordinates)
    ring = coordinates if coordinates[0] == coordinates[-1] else (*coordinates, coordinates[0])
    if len(ring) < 4:
        raise ComputeError("Geometry: A polygon ring needs at least three different positions.")
    return ring


def _lines(coordinates: Any, depth: int) -> Iterator[Any]:
    if depth <= 1:
        yield coordinates
    else:
        for part in coordinates:
            yield from _lines(part, depth - 1)


def _carried(coordinates: Any, depth: int, source: str, target: str) -> Any:
    if source == target:
        return coordinates
    if depth > 1:
        return [_carried(part, depth - 1, source, target) for part in coordinates]
    points = np.asarray(coordinates, dtype=np.float64).reshape(-1, 2)
    x, y = reproject_points(source, target, *_densified(points))
    carried = np.stack([x, y], axis=1).tolist()
    return carried if depth else carried[0]


def _densified(points: Points) -> tuple[Points, Points]:
    if len(points) == 1:
        return points[:, 0], points[:, 1]
    parameter = np.arange((len(points) - 1) * _STEPS_PER_EDGE + 1) / _STEPS_PER_EDGE
    corners = np.arange(len(points))
    return np.interp(parameter, corners, points[:, 0]), np.interp(parameter, corners, points[:, 1])


def _mapped(coordinates: Any, depth: int, move: Callable[[float, float], tuple[float, float]]) -> Any:
    if depth:
        return [_mapped(part, depth - 1, move) for part in coordinates]
    return move(coordinates[0], coordinates[1])


def _tuples(coordinates: Any) -> Any:
    return tuple(_tuples(part) for part in coordinates) if isinstance(coordinates, list | tuple) else coordinates


def _lists(coordinates: Any) -> Any:
    return [_lists(part) for part in coordinates] if isinstance(coordinates, tuple) else coordinates
