"""The Earth of the stand-ins: what is where, as formulas of whole numbers, the same for every dataset.

A place is counted in units of a 10800th of a degree (about ten metres), eastwards from 180° W and southwards from the
North Pole. A river is a river in every dataset, and no pixel depends on the grid on which it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from airflow_provider_ee.emulator.compute.catalogue.landscape import Whole, cloud, river, vegetation, wave
from airflow_provider_ee.emulator.compute.pixels.grids import (
    Grid,
    Points,
    metres_per_unit,
    parse_crs,
    reproject_points,
)
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster, Values

__all__ = ["UNITS", "clouds", "from_places", "green", "height", "water"]

#: Units in a degree.
UNITS = 10800

#: Between places that are carried exactly, this many pixels apart, others are carried by straight lines.
_STEP = 64
_LONGEST_STEP = 20_000  # metres, over which the lines are straight to a fraction of a unit


@lru_cache(maxsize=16)  # every band of a scene asks for the same window
def _positions(grid: Grid) -> tuple[Points, Points]:
    """Return longitude and latitude of the pixel centres of a grid."""
    crs = grid.projection.crs
    if parse_crs(crs).is_geographic:
        return grid.centres_in("EPSG:4326")
    scale = abs(grid.projection.transform.determinant) ** 0.5 * metres_per_unit(crs)
    if scale * _STEP > _LONGEST_STEP:
        return grid.centres_in("EPSG:4326")
    columns, rows = _stops(grid.column, grid.width), _stops(grid.row, grid.height)
    transform = grid.projection.transform
    across, down = (axis.ravel() for axis in np.meshgrid(columns + 0.5, rows + 0.5))
    x = transform.a * across + transform.b * down + transform.c
    y = transform.d * across + transform.e * down + transform.f
    longitude, latitude = reproject_points(crs, "EPSG:4326", x, y)
    if not np.isfinite(longitude).all() or np.ptp(longitude) > 180:
        return grid.centres_in("EPSG:4326")
    shape = (rows.size, columns.size)
    return _between(longitude.reshape(shape), columns, rows, grid), _between(
        latitude.reshape(shape), columns, rows, grid
    )


def _stops(first: int, count: int) -> Points:
    # In line with the pixels of the whole projection, so that a pixel is carried alike in every window.
    return np.arange(first // _STEP * _STEP, first + count + _STEP, _STEP, dtype=np.float64)


def _between(values: Points, columns: Points, rows: Points, grid: Grid) -> Points:
    column = np.arange(grid.column, grid.column + grid.width)
    row = np.arange(grid.row, grid.row + grid.height)
    left, top = ((column - columns[0]) // _STEP).astype(int), ((row - rows[0]) // _STEP).astype(int)
    across, down = (column - columns[left]) / _STEP, ((row - rows[top]) / _STEP)[:, np.newaxis]
    upper = values[top][:, left] * (1 - across) + values[top][:, left + 1] * across
    lower = values[top + 1][:, left] * (1 - across) + values[top + 1][:, left + 1] * across
    return np.asarray(upper * (1 - down) + lower * down)


@lru_cache
def _places(pixel: int, most_north: float, most_south: float) -> tuple[Raster, Raster]:
    """Return rasters of the units from the west and from the north, of the middle of pixels of so many units."""

    def axis(name: str) -> Callable[[Grid, Sequence[Plane]], Plane]:
        def compute(grid: Grid, _: Sequence[Plane]) -> Plane:
            longitude, latitude = _positions(grid)
            with np.errstate(invalid="ignore"):
                known = np.isfinite(longitude) & (latitude <= most_north) & (latitude >= most_south)
                degrees = (longitude + 180) % 360 if name == "x" else 90 - latitude
                units = np.where(known, degrees * UNITS, 0)
            whole = np.floor(units / pixel).astype(np.int64) * pixel + pixel // 2
            return Plane(whole.astype(np.int32), known)

        return compute

    return Raster(np.dtype(np.int32), axis("x")), Raster(np.dtype(np.int32), axis("y"))


def from_places(
    dtype: str,
    formula: Callable[..., Values],
    *more: Raster,
    pixel: int = 1,
    most_north: float = 90,
    most_south: float = -90,
) -> Raster:
    """Return the raster that is a formula of the places, and of the pixels of more rasters.

    Args:
        dtype: Its type.
        formula: Gets the units from the west, those from the north, and the values of the other rasters.
        more: The other rasters.
        pixel: The units in a side of its pixels.
        most_north: The latitude where its data end in the north.
        most_south: The latitude where they end in the south.
    """
    places = _places(pixel, most_north, most_south)

    def compute(_: Grid, planes: Sequence[Plane]) -> Plane:
        valid = planes[0].valid
        return Plane(np.where(valid, formula(*(plane.values for plane in planes)), 0), valid)

    return Raster(np.dtype(dtype), compute, (*places, *more))


def _height(x: Whole, y: Whole) -> Whole:
    far = wave(x + y, 143_000, 380) + wave(2 * x - 3 * y, 317_000, 420) + wave(y, 97_000, 200)
    near = wave(3 * x + y, 7_900, 60) + wave(x, 1_900, 25) + wave(x - 2 * y, 610, 8)
    return np.asarray(780 + far + near)


@lru_cache
def height(pixel: int = 1) -> Raster:
    """Return the height of the ground above the sea in metres; below zero it is the ground of the sea."""
    return from_places("i4", _height, pixel=pixel)


@lru_cache
def water(pixel: int = 1) -> Raster:
    """Return where there is water: the sea, and rivers."""
    return from_places("?", lambda x, y, ground: (ground <= 0) | river(x, y), height(pixel), pixel=pixel)


@lru_cache
def green(pixel: int = 1) -> Raster:
    """Return how green the land is, from 0 to about 1000."""
    return from_places("i4", vegetation, pixel=pixel)


@lru_cache(maxsize=512)
def clouds(day: int, percent: int) -> Raster:
    """Return where it is cloudy on a day."""
    return from_places("?", lambda x, y: cloud(x, y, day, percent))
