"""GeoTIFF files, written window by window so that an image never has to fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.windows import Window

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, parse_crs
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType
from airflow_provider_ee.emulator.compute.pixels.rasters import WINDOW, Plane, Raster, Values, render

__all__ = ["Fill", "filled", "profile", "write_cloud_optimized", "write_geotiff"]

#: Turns the planes of a window into the layers of a file.
Layers = Callable[[Sequence[Plane]], list[Values]]

_MULTIPLE = 16  # of which the TIFF format wants the sides of tiles to be multiples


class Fill:
    """What masked pixels become: a no-data value, zero, or not-a-number where that exists."""

    def __init__(self, dtype: DType, no_data: float | None = None, *, zeroes: bool = False) -> None:
        self.dtype = dtype
        self.no_data = no_data
        self._value: Any = (np.nan if dtype.kind == "f" and not zeroes else 0) if no_data is None else no_data
        if dtype.kind != "f" and np.asarray(self._value).astype(dtype) != self._value:
            raise ComputeError(f"The noData value {no_data} is not a value of the exported type {dtype.name}.")

    def __call__(self, planes: Sequence[Plane]) -> list[Values]:
        """Return the values of each plane with the masked ones filled."""
        return [filled(plane, self.dtype, self._value) for plane in planes]


def filled(plane: Plane, dtype: DType, value: Any) -> Values:
    """Return the values, with `value` where they are masked."""
    return np.where(plane.valid, plane.values.astype(dtype), np.asarray(value).astype(dtype))


def profile(grid: Grid, layers: int, dtype: DType, tile: int, no_data: float | None) -> dict[str, Any]:
    """Return rasterio's keywords for a tiled and compressed file."""
    if tile < _MULTIPLE or tile % _MULTIPLE:
        raise ComputeError(f"geoTiffOptions.tileSize must be a multiple of {_MULTIPLE}, but is {tile}.")
    return {
        "driver": "GTiff", "width": grid.width, "height": grid.height, "count": layers, "dtype": dtype.name,
        "crs": parse_crs(grid.projection.crs), "transform": grid.transform, "nodata": no_data,
        "tiled": True, "blockxsize": tile, "blockysize": tile, "compress": "deflate", "bigtiff": "if_safer",
        "interleave": "band",
    }  # fmt: skip


def write_geotiff(
    path: Path, rasters: Sequence[Raster], grid: Grid, *, names: Sequence[str], layers: Layers, keywords: dict[str, Any]
) -> bool:
    """Write the layers of each window; tell whether any pixel is valid. The file appears when it is complete."""
    tile = keywords["blockxsize"]
    step = max(tile, WINDOW // tile * tile)
    any_valid = False
    with appearing(path) as unfinished, rasterio.open(unfinished, "w", **keywords) as dataset:
        dataset.descriptions = tuple(names)
        for column, row in grid.offsets(step, step):
            window = grid.window(column, row, step, step)
            planes = render(rasters, window)
            any_valid = any_valid or any(bool(plane.valid.any()) for plane in planes)
            dataset.write(np.stack(layers(planes)), window=Window(column, row, window.width, window.height))
    return any_valid


def write_cloud_optimized(path: Path, tile: int) -> None:
    """Rewrite a file as a cloud-optimised GeoTIFF, with overviews."""
    options = {"blocksize": tile, "compress": "deflate", "overview_resampling": "nearest", "bigtiff": "if_safer"}
    with appearing(path) as unfinished:
        rasterio.shutil.copy(path, unfinished, driver="COG", **options)
