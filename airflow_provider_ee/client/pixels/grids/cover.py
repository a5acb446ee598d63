"""Choose a grid: the pixels that cover a region, or a number of them from an origin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.arguments.scalars import is_list, is_number
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.pixels.grids.grid import LONGEST_GRID, PixelGrid

__all__ = ["grid_of_pixels", "grid_of_region"]

#: Bounds are computed numbers: one this near to the edge of a pixel lies on it, and needs no pixel more.
_ON_THE_EDGE = Fraction(1, 1_000_000)


def grid_of_pixels(crs: object, crs_transform: object, dimensions: object) -> PixelGrid:
    """Return the grid of so many pixels, `WIDTHxHEIGHT`, from the origin of a transform."""
    sides = grid_words.size(dimensions)
    if len(sides) != 2:
        raise InvalidArgument(
            "dimensions", f"{shown(dimensions)} says one side only, and there is no region", "WIDTHxHEIGHT"
        )
    return PixelGrid(grid_words.crs(crs), grid_words.transform(crs_transform), *sides)


def grid_of_region(
    bounds: object,
    crs: object,
    *,
    scale: object = None,
    crs_transform: object = None,
    dimensions: object = None,
    metres_per_unit: float = 1.0,
) -> PixelGrid:
    """Return the grid that covers a region; exactly one of scale, crs_transform and dimensions says how.

    With a scale, the edges of pixels are multiples of it from the origin of the coordinate system, as in an export
    of Earth Engine; with a transform, they are the edges of its pixels. So the grids of two regions always match, and
    each is less than a pixel larger than its region on every side. With dimensions, the region is cut into so many
    pixels, which need not be squares, and match no others.
    https://developers.google.com/earth-engine/guides/exporting_images#setting_scale

    Args:
        bounds: West, south, east and north of the region, in the units of the coordinate system.
        crs: `EPSG:32632` or the like, or WKT.
        scale: Metres per pixel.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        metres_per_unit: The unit of the coordinate system; `METRES_PER_DEGREE` where these are degrees.

    Raises:
        InvalidArgument: One of them is wrong, or two of them contradict each other.
    """
    system = grid_words.crs(crs)
    west, south, east, north = _box(bounds)
    if scale is not None:
        size = grid_words.scale(scale, crs_transform, dimensions) / metres_per_unit
        return _covering(system, (size, 0, 0, 0, -size, 0), (west, south, east, north), "scale")
    if crs_transform is not None:
        if dimensions is not None:
            raise InvalidArgument("dimensions", "they contradict crs_transform where a region is given", "one of them")
        return _covering(system, crs_transform, (west, south, east, north), "crs_transform")
    if dimensions is None:
        raise InvalidArgument("scale", "nothing says how large a pixel is", "scale, crs_transform or dimensions")
    width, height = _sides(grid_words.size(dimensions), east - west, north - south)
    return PixelGrid(system, ((east - west) / width, 0, west, 0, (south - north) / height, north), width, height)


def _box(bounds: object) -> tuple[float, float, float, float]:
    if not is_list(bounds) or len(bounds) != 4 or not all(is_number(side) for side in bounds):
        raise InvalidArgument("region", f"{shown(bounds)} is not a box", "west, south, east and north")
    west, south, east, north = bounds
    if west >= east or south >= north:
        raise InvalidArgument("region", f"{shown(bounds)} is empty", "west < east and south < north")
    return west, south, east, north


def _covering(crs: str, transform: object, bounds: Sequence[float], argument: str) -> PixelGrid:
    """Return the pixels of a transform that a box touches."""
    west, south, east, north = bounds
    checked = grid_words.transform(transform, argument)
    columns, rows = zip(*(_pixel(checked, x, y) for x in (west, east) for y in (south, north)), strict=True)
    (column, width), (row, height) = _span(columns), _span(rows)
    if max(width, height) > LONGEST_GRID:
        raise InvalidArgument(
            argument, f"the region has {width} x {height} of these pixels", f"at most {LONGEST_GRID} pixels a side"
        )
    return PixelGrid(crs, checked, 1, 1).window(column, row, width, height)


def _pixel(transform: grid_words.Transform, x: float, y: float) -> tuple[Fraction, Fraction]:
    """Return the column and row of a point, exactly."""
    a, b, c, d, e, f = map(Fraction, transform)
    right, down, area = Fraction(x) - c, Fraction(y) - f, a * e - b * d
    return (e * right - b * down) / area, (a * down - d * right) / area


def _span(places: Sequence[Fraction]) -> tuple[int, int]:
    """Return the first pixel that is touched, and how many are."""
    first = math.floor(min(places) + _ON_THE_EDGE)
    return first, max(1, math.ceil(max(places) - _ON_THE_EDGE) - first)


def _sides(size: Sequence[int], breadth: float, length: float) -> tuple[int, int]:
    """Return width and height; if only the longer one is known, the other one by the shape of the region."""
    if len(size) == 2:
        return size[0], size[1]
    longest = size[0]
    if breadth >= length:
        return longest, max(1, round(longest * length / breadth))
    return max(1, round(longest * breadth / length)), longest
