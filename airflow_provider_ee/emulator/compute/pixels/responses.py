"""What computePixels and getPixels answer: the bytes of a small image. Masked pixels are zero, in every format."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rasterio.io import MemoryFile

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.files.geotiff import Fill, profile
from airflow_provider_ee.emulator.compute.files.npy import npy_type
from airflow_provider_ee.emulator.compute.functions.visualize import Stretch, picture
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.pixel_types import exported_type
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Values, render_whole
from airflow_provider_ee.emulator.compute.pixels.targets import check_request_size, chosen_bands, target_grid

__all__ = ["image_pixels"]

_PICTURES = ("AUTO_JPEG_PNG", "JPEG", "PNG")


def image_pixels(
    image: Any,
    *,
    grid: Mapping[str, Any] | None = None,
    region: Mapping[str, Any] | None = None,
    band_ids: Sequence[str] | None = None,
    file_format: str = "AUTO_JPEG_PNG",
    visualization: Mapping[str, Any] | None = None,
) -> tuple[bytes, str]:
    """Answer computePixels or getPixels: the bytes in the file format asked for, and their content type."""
    if not isinstance(image, Image):
        raise ComputeError("The expression is not an Image.")
    if file_format not in (*_PICTURES, "GEO_TIFF", "NPY"):
        raise NotComputed(f"Pixels of the format {file_format} are not computed by the emulator.")
    image = chosen_bands(image, band_ids)
    pixels = target_grid(image, grid, region)
    check_request_size(image, pixels)
    if visualization is not None:
        image = _visualized(image, visualization)
    if file_format in _PICTURES and not _is_picture(image):
        raise ComputeError(f"{file_format} shows one or three bands of bytes; use visualizationOptions or visualize().")
    planes = render_whole(image.rasters, pixels)
    if file_format == "NPY":
        return _npy(image, pixels, planes), "application/octet-stream"
    if file_format == "GEO_TIFF":
        return _geotiff(image, pixels, planes), "image/tiff"
    return _picture(pixels, planes, file_format, _number((visualization or {}).get("opacity"), 1.0))


def _number(value: Any, default: float) -> float:
    # google.protobuf wrappers are written bare or as {"value": ...}.
    value = value.get("value") if isinstance(value, Mapping) else value
    try:
        return default if value is None else float(value)
    except (TypeError, ValueError) as error:
        raise ComputeError(f"visualizationOptions: {str(value)[:40]!r} is not a number.") from error


def _visualized(image: Image, options: Mapping[str, Any]) -> Image:
    gamma = _number(options.get("gamma"), 1.0)
    ranges = options.get("ranges") or [{"min": 0, "max": 255}]
    if len(ranges) not in (1, len(image.bands)):
        raise ComputeError(f"visualizationOptions.ranges must have one range or {len(image.bands)}.")
    stretches = [Stretch(_number(part.get("min"), 0.0), _number(part.get("max"), 0.0), gamma) for part in ranges]
    return picture(
        image, stretches * len(image.bands) if len(stretches) == 1 else stretches, options.get("paletteColors")
    )


def _is_picture(image: Image) -> bool:
    return len(image.bands) in (1, 3) and all(raster.dtype == np.uint8 for raster in image.rasters)


def _npy(image: Image, grid: Grid, planes: Sequence[Plane]) -> bytes:
    array = np.zeros(grid.shape, npy_type(image))
    for band, plane in zip(image.bands, planes, strict=True):
        array[band.id] = np.where(plane.valid, plane.values, 0)
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _geotiff(image: Image, grid: Grid, planes: Sequence[Plane]) -> bytes:
    fill = Fill(exported_type([raster.dtype for raster in image.rasters]), zeroes=True)
    with MemoryFile() as file:
        with file.open(**profile(grid, len(planes), fill.dtype, 256, None)) as dataset:
            dataset.descriptions = tuple(image.band_ids)
            dataset.write(np.stack(fill(planes)))
        return bytes(file.read())


def _picture(grid: Grid, planes: Sequence[Plane], file_format: str, opacity: float) -> tuple[bytes, str]:
    valid = np.logical_and.reduce([plane.valid for plane in planes])
    layers: list[Values] = [np.where(valid, plane.values, 0) for plane in planes]
    if file_format == "JPEG" or (file_format == "AUTO_JPEG_PNG" and opacity >= 1 and bool(valid.all())):
        return _encoded(grid, layers, "JPEG"), "image/jpeg"
    alpha = np.where(valid, round(255 * min(max(opacity, 0), 1)), 0).astype(np.uint8)
    return _encoded(grid, [*layers, alpha], "PNG"), "image/png"


def _encoded(grid: Grid, layers: Sequence[Values], driver: str) -> bytes:
    # Neither format keeps the transform, but rasterio warns of pictures that come without one.
    size = {"width": grid.width, "height": grid.height, "transform": grid.transform}
    with MemoryFile() as file:
        with file.open(driver=driver, count=len(layers), dtype="uint8", **size) as dataset:
            dataset.write(np.stack(layers).astype(np.uint8))
        return bytes(file.read())
