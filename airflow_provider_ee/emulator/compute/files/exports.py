"""Image exports: to GeoTIFF files, to NPY files, and to assets.

Masked pixels of a file are the noData value when one is given, else zero for integers and not-a-number for floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.assets import StoredImage, image_fields
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.files.geotiff import (
    Fill,
    filled,
    profile,
    write_cloud_optimized,
    write_geotiff,
)
from airflow_provider_ee.emulator.compute.files.npy import write_npy
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType, exported_type
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Values
from airflow_provider_ee.emulator.compute.pixels.targets import check_export_size, target_grid

__all__ = ["check_export", "export_asset", "export_image"]

_TILE = 256


def check_export(image: Any, *, grid: Mapping[str, Any] | None = None) -> None:
    """Raise what the API raises at submission: no image, no bands, no grid. Computes no pixel.

    An image that is unbounded or too large is found by the operation.
    https://github.com/google/earthengine-api/issues/9
    """
    if not isinstance(image, Image):
        raise ComputeError("The expression to export is not an Image.")
    if not image.bands:
        raise ComputeError("The image to export has no bands.")
    if image.footprint is not None:
        target_grid(image, grid)


def export_image(
    image: Any,
    *,
    grid: Mapping[str, Any] | None = None,
    file_options: Mapping[str, Any],
    max_pixels: int,
    target: Path,
) -> list[Path]:
    """Write what an image export to files writes (`file_options` = fileExportOptions); return the files.

    `target` is the destination without the suffix: root/gs/bucket/prefix becomes prefix.tif or, split by
    `tileDimensions`, prefix-<first row>-<first column>.tif. Folders are made when they are missing.
    """
    pixels = _grid_of(image, grid, max_pixels)
    file_format = file_options.get("fileFormat", "GEO_TIFF")
    if file_format == "NPY":
        return [write_npy(target.with_name(f"{target.name}.npy"), image, pixels)]
    if file_format != "GEO_TIFF":
        raise NotComputed(f"Files of the format {file_format} are not computed by the emulator; GEO_TIFF and NPY are.")
    options = file_options.get("geoTiffOptions") or {}
    tile = int(options.get("tileSize") or _TILE)
    fill = Fill(exported_type([raster.dtype for raster in image.rasters]), _no_data(options))
    files = []
    for path, part in _parts(target, pixels, _split(options, tile)):
        keywords = profile(part, len(image.bands), fill.dtype, tile, fill.no_data)
        any_valid = write_geotiff(path, image.rasters, part, names=image.band_ids, layers=fill, keywords=keywords)
        if options.get("skipEmptyFiles") and not any_valid:
            path.unlink()
            continue
        if options.get("cloudOptimized"):
            write_cloud_optimized(path, tile)
        files.append(path)
    return files


def export_asset(
    image: Any, *, grid: Mapping[str, Any] | None = None, max_pixels: int, name: str, target: Path
) -> StoredImage:
    """Write an image export to an asset: the raster at `target`, and the record of the asset called `name`.

    The file has a layer for each band and then one for each band's mask.
    """
    pixels = _grid_of(image, grid, max_pixels)
    dtype = np.result_type(*(raster.dtype for raster in image.rasters))
    names = [*image.band_ids, *(f"{band} mask" for band in image.band_ids)]
    keywords = profile(pixels, len(names), dtype, _TILE, None)
    write_geotiff(
        target,
        image.rasters,
        pixels,
        names=names,
        layers=lambda planes: _with_masks(planes, dtype),
        keywords=keywords,
    )
    return StoredImage(name, target, image_fields(image, pixels))


def _with_masks(planes: Sequence[Plane], dtype: DType) -> list[Values]:
    return [filled(plane, dtype, 0) for plane in planes] + [plane.valid.astype(dtype) for plane in planes]


def _grid_of(image: Any, grid: Mapping[str, Any] | None, most: int) -> Grid:
    if not isinstance(image, Image):
        raise ComputeError("The expression to export is not an Image.")
    pixels = target_grid(image, grid)
    check_export_size(image, pixels, most)
    return pixels


def _no_data(options: Mapping[str, Any]) -> float | None:
    number = options.get("noData") or {}
    value = number.get("floatValue", number.get("integerValue"))
    return None if value is None else float(value)


def _split(options: Mapping[str, Any], tile: int) -> tuple[int, int] | None:
    dimensions = options.get("tileDimensions")
    if not dimensions:
        return None
    width, height = int(dimensions.get("width", 0)), int(dimensions.get("height", 0))
    if width < 1 or height < 1 or width % tile or height % tile:
        raise ComputeError(
            f"geoTiffOptions.tileDimensions ({width}x{height}) must be multiples of the tileSize {tile}."
        )
    return width, height


def _parts(target: Path, grid: Grid, size: tuple[int, int] | None) -> list[tuple[Path, Grid]]:
    if size is None or (grid.width <= size[0] and grid.height <= size[1]):
        return [(target.with_name(f"{target.name}.tif"), grid)]
    return [
        (target.with_name(f"{target.name}-{row:010d}-{column:010d}.tif"), grid.window(column, row, *size))
        for column, row in grid.offsets(*size)
    ]
