"""Find out whether the pixels that are asked for meet a stored image at all."""

from __future__ import annotations

from airflow_provider_ee.client.arguments import boxes
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.coordinates import degrees_of
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

__all__ = ["describe_miss"]


def describe_miss(image: PixelGrid, grid: PixelGrid) -> str | None:
    """Return a sentence that says so if a grid does not meet the footprint of a stored image, and None if it may.

    Args:
        image: All pixels of the image.
        grid: The pixels that are asked for.
    """
    try:
        footprint = degrees_of(image)
        wanted = degrees_of(grid)
    except InvalidArgument:
        # rasterio does not know one of the coordinate systems, or it does not show one of the places.
        return None
    return boxes.describe_miss(footprint, wanted)
