"""Which pixels are asked for: a request's grid and region, or what the image itself is bounded by; and the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from airflow_provider_ee.emulator.compute.arguments import geometry_from_json
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.projections import clip_to_bounds_and_scale
from airflow_provider_ee.emulator.compute.images import Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible, parse_crs

__all__ = ["check_export_size", "check_request_size", "chosen_bands", "target_grid"]

#: https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
_MOST_BYTES = 48 * 2**20
_LONGEST_SIDE = 32768
_MOST_BANDS = 1024

_AFFINE = {"scaleX": 1, "shearX": 0, "translateX": 0, "shearY": 0, "scaleY": 1, "translateY": 0}


def target_grid(image: Image, grid: Mapping[str, Any] | None, region: Mapping[str, Any] | None = None) -> Grid:
    """Return the pixels that a request means.

    With transform and dimensions the grid says it all. With a transform or a coordinate system alone, the pixels
    cover the region or the image's footprint; with dimensions alone, these are stretched over it.
    """
    if region is not None:
        image = replace(image, footprint=geometry_from_json(region))
    if not grid:
        return own_grid(image)
    projection = _projection(grid, image.projection)
    if grid.get("dimensions") is None:
        return own_grid(image, projection)
    width, height = (_pixels(grid["dimensions"], side) for side in ("width", "height"))
    if grid.get("affineTransform") is not None:
        return Grid(projection, 0, 0, width, height)
    return own_grid(clip_to_bounds_and_scale(replace(image, projection=projection), None, width, height, None, None))


def _projection(grid: Mapping[str, Any], native: Projection) -> Projection:
    crs = grid.get("crsCode") or grid.get("crsWkt") or native.crs
    parse_crs(str(crs))
    affine = grid.get("affineTransform")
    if affine is not None:
        try:
            numbers = tuple(float(affine.get(name, default)) for name, default in _AFFINE.items())
        except (AttributeError, TypeError, ValueError) as error:
            raise ComputeError(f"grid.affineTransform must have the numbers {', '.join(_AFFINE)}.") from error
        return Projection(str(crs), invertible(numbers))
    return native if crs == native.crs else Projection(str(crs), native.transform).at_scale(native.nominal_scale)


def _pixels(dimensions: Any, side: str) -> int:
    try:
        pixels = int(dimensions[side])
    except (KeyError, TypeError, ValueError, OverflowError):
        pixels = 0
    if pixels < 1:
        raise ComputeError(f"grid.dimensions.{side} must be a positive number of pixels.")
    return pixels


def check_export_size(image: Image, grid: Grid, most: int) -> None:
    """Refuse an export of nothing or of more pixels than the request allows."""
    if not image.bands:
        raise ComputeError("The image to export has no bands.")
    pixels = grid.width * grid.height
    if pixels > most:
        raise ComputeError(
            f"Export too large: specified {pixels} pixels (max: {most}). "
            "Specify higher maxPixels value if you intend to export a large area."
        )


def check_request_size(image: Image, grid: Grid) -> None:
    """Refuse what computePixels and getPixels refuse to send: every sample counts, and a byte for its mask."""
    if not image.bands:
        raise ComputeError("The image has no bands.")
    if len(image.bands) > _MOST_BANDS:
        raise ComputeError(f"Number of bands ({len(image.bands)}) must be less than or equal to {_MOST_BANDS}.")
    if max(grid.width, grid.height) > _LONGEST_SIDE:
        raise ComputeError(
            f"Pixel grid dimensions ({grid.width}x{grid.height}) must be less than or equal to {_LONGEST_SIDE}."
        )
    size = grid.width * grid.height * sum(raster.dtype.itemsize + 1 for raster in image.rasters)
    if size > _MOST_BYTES:
        raise ComputeError(f"Total request size ({size} bytes) must be less than or equal to {_MOST_BYTES} bytes.")


def chosen_bands(image: Image, names: Sequence[str] | None) -> Image:
    """Return the image with the bands that a request names."""
    if not names:
        return image
    by_name = {band.id: band for band in image.bands}
    for name in names:
        if name not in by_name:
            raise ComputeError(f"No band named '{name}'. Available band names: [{', '.join(by_name)}].")
    return replace(image, bands=tuple(by_name[name] for name in names))
