"""Projections and pixel grids: where on Earth a pixel is, and which pixel of another grid lies there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio import Affine
from rasterio._err import CPLE_BaseError  # what rasterio.warp.transform raises has no public name
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform as transform_points

from airflow_provider_ee.emulator.compute.errors import ComputeError

__all__ = ["WORLD", "Grid", "Points", "Projection", "invertible", "metres_per_unit", "parse_crs", "reproject_points"]

Points = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

#: Earth Engine's nominal length of a degree, which turns a `scale` in metres into degrees.
METRES_PER_DEGREE = 111319.49079327358

_POLE = 90

#: The index of a pixel whose centre the other projection cannot show: outside of every raster.
_NOWHERE = -(2**40)


@dataclass(frozen=True)
class Projection:
    """A coordinate system and the transform from pixel corners to its coordinates."""

    crs: str
    transform: Affine

    def at_scale(self, metres: float) -> Projection:
        """Return this coordinate system with square pixels of this size, in line with its origin."""
        size = metres / metres_per_unit(self.crs)
        if not (np.isfinite(size) and size > 0):
            raise ComputeError(f"The scale must be a positive number of meters, but is {metres}.")
        return Projection(self.crs, invertible((size, 0, 0, 0, -size, 0)))

    def point(self, column: float, row: float) -> tuple[float, float]:
        """Return the coordinates of a place in the pixels."""
        return _point(self.transform, column, row)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return the place in the pixels of a point."""
        return _point(~self.transform, x, y)

    @property
    def nominal_scale(self) -> float:
        """The side of a pixel in metres."""
        return float(abs(self.transform.determinant) ** 0.5 * metres_per_unit(self.crs))


def _point(transform: Affine, x: float, y: float) -> tuple[float, float]:
    # Not transform * (x, y): affine 3 warns of it, and affine 2 knows no other operator.
    a, b, c, d, e, f = transform[:6]
    return float(a * x + b * y + c), float(d * x + e * y + f)


WORLD = Projection("EPSG:4326", Affine(1, 0, 0, 0, 1, 0))


@dataclass(frozen=True)
class Grid:
    """A rectangle of a projection's endless pixels: its first column and row, and its size.

    Coordinates are derived from the absolute pixel index, so a pixel has the same ones in every window it is part of.
    """

    projection: Projection
    column: int
    row: int
    width: int
    height: int

    @property
    def transform(self) -> Affine:
        """The transform from this rectangle's own pixel corners to coordinates."""
        a, b, _, d, e, _ = self.projection.transform[:6]
        x, y = self.projection.point(self.column, self.row)
        return Affine(a, b, x, d, e, y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the rectangle, in the projection's coordinates."""
        right, bottom = self.column + self.width, self.row + self.height
        corners = [self.projection.point(x, y) for x in (self.column, right) for y in (self.row, bottom)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as numpy counts."""
        return self.height, self.width

    def window(self, column: int, row: int, width: int, height: int) -> Grid:
        """Return the part that starts at this offset, cut at this grid's edges."""
        return Grid(
            self.projection,
            self.column + column,
            self.row + row,
            min(width, self.width - column),
            min(height, self.height - row),
        )

    def offsets(self, width: int, height: int) -> Iterator[tuple[int, int]]:
        """Yield column and row of every window of this size, row by row."""
        for row in range(0, self.height, height):
            for column in range(0, self.width, width):
                yield column, row

    def centres(self) -> tuple[Points, Points]:
        """Return x and y of the pixel centres, as arrays that broadcast to the grid's shape."""
        columns = np.arange(self.column, self.column + self.width, dtype=np.float64)[np.newaxis, :] + 0.5
        rows = np.arange(self.row, self.row + self.height, dtype=np.float64)[:, np.newaxis] + 0.5
        return _apply(self.projection.transform, columns, rows)

    def centres_in(self, crs: str) -> tuple[Points, Points]:
        """Return the pixel centres in another coordinate system; points that it cannot show are not finite."""
        return _centres_in(self, crs)

    def locate(self, other: Projection) -> tuple[Indices, Indices]:
        """Return column and row of the pixels of `other` in which this grid's pixel centres lie; they broadcast."""
        return _locate(self, other)


def _apply(transform: Affine, x: Points, y: Points) -> tuple[Points, Points]:
    # Without shear, x depends on the column alone: one row of numbers stands for the whole grid.
    new_x = transform.a * x + transform.c if transform.b == 0 else transform.a * x + transform.b * y + transform.c
    new_y = transform.e * y + transform.f if transform.d == 0 else transform.d * x + transform.e * y + transform.f
    return new_x, new_y


@lru_cache(maxsize=16)  # every band of a scene asks for the same window
def _centres_in(grid: Grid, crs: str) -> tuple[Points, Points]:
    x, y = grid.centres()
    if crs == grid.projection.crs:
        return x, y
    x, y = (np.broadcast_to(axis, grid.shape).ravel() for axis in (x, y))
    new_x, new_y = reproject_points(grid.projection.crs, crs, x, y)
    return new_x.reshape(grid.shape), new_y.reshape(grid.shape)


@lru_cache(maxsize=16)
def _locate(grid: Grid, other: Projection) -> tuple[Indices, Indices]:
    columns, rows = _apply(~other.transform, *grid.centres_in(other.crs))
    return _floor(columns), _floor(rows)


def _floor(values: Points) -> Indices:
    inside = np.abs(values) < -_NOWHERE
    return np.where(inside, np.floor(values, where=inside, out=np.zeros_like(values)), _NOWHERE).astype(np.int64)


def reproject_points(source: str, target: str, x: Points, y: Points) -> tuple[Points, Points]:
    """Carry points from one coordinate system to another; what cannot be carried is infinite."""
    moved = np.full((2, x.size), np.inf)
    known = np.abs(y) <= _POLE if parse_crs(source).is_geographic else np.ones(x.size, np.bool_)
    if known.any():
        moved[:, known] = _carried(source, target, x[known], y[known])
    return moved[0], moved[1]


def _carried(source: str, target: str, x: Points, y: Points) -> Points:
    try:
        return np.asarray(transform_points(parse_crs(source), parse_crs(target), x, y)[:2], dtype=np.float64)
    except CPLE_BaseError:
        # One point that cannot be carried fails all of them: find out which it is.
        if x.size == 1:
            return np.full((2, 1), np.inf)
        half = x.size // 2
        parts = ((x[:half], y[:half]), (x[half:], y[half:]))
        return np.concatenate([_carried(source, target, *part) for part in parts], axis=1)


@lru_cache(maxsize=64)
def parse_crs(crs: str) -> Any:
    """Return rasterio's CRS of a code or a WKT text."""
    try:
        return CRS.from_user_input(crs)
    except (CRSError, ValueError) as error:
        raise ComputeError(f"The CRS of a map projection could not be parsed: '{crs:.200}'.") from error


@lru_cache(maxsize=64)
def metres_per_unit(crs: str) -> float:
    """Return the length of a unit of this coordinate system, a degree being taken at the equator."""
    parsed = parse_crs(crs)
    if parsed.is_geographic:
        return METRES_PER_DEGREE
    try:
        return float(parsed.linear_units_factor[1])
    except CRSError as error:
        raise ComputeError(f"The units of the map projection '{crs:.200}' are unknown.") from error


def invertible(values: tuple[float, ...]) -> Affine:
    """Return the transform of six numbers in Earth Engine's order, which is rasterio's too."""
    transform = Affine(*values)
    if not np.isfinite(transform.determinant) or transform.determinant == 0 or not np.isfinite(values).all():
        raise ComputeError(f"The transform {list(values)} cannot be inverted.")
    return transform
