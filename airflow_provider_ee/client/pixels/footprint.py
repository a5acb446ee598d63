"""Find out whether the pixels that are asked for meet a stored image at all."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.bands import Band
from airflow_provider_ee.client.pixels.grids.coordinates import Box, degrees_of
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

__all__ = ["describe_miss"]


def describe_miss(band: Band, grid: PixelGrid) -> str | None:
    """Return a sentence that says so if a grid does not meet the footprint of a stored image, and None if it may.

    Args:
        band: A band of the image.
        grid: The pixels that are asked for.
    """
    if band.size is None:
        return None
    a, b, c, d, e, f = band.transform
    try:
        footprint = degrees_of(PixelGrid(band.crs, (a, b, c, d, e, f), *band.size))
        wanted = degrees_of(grid)
    except InvalidArgument:
        # rasterio does not know one of the coordinate systems, or it does not show one of the places.
        return None
    if _meet(footprint, wanted):
        return None
    text = f"The image has no data there: it covers {_shown(footprint)} degrees, and the region is {_shown(wanted)}."
    west, south, east, north = wanted
    if _meet(footprint, (south, west, north, east)):
        text += " Are latitude and longitude swapped?"
    return text


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes have a part in common, also if one of them goes on beyond the antimeridian."""
    return one[1] < other[3] and other[1] < one[3] and any(_overlap(one, other, turn) for turn in (-360, 0, 360))


def _overlap(one: Box, other: Box, turn: float) -> bool:
    return one[0] < other[2] + turn and other[0] + turn < one[2]


def _shown(box: Iterable[float]) -> str:
    return "[" + ", ".join(f"{side:g}" for side in box) + "]"
