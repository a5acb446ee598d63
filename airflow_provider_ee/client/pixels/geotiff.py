"""One tiled, compressed GeoTIFF, written tile by tile as they arrive; its Cloud Optimized form."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
import rasterio.shutil
from rasterio import Affine
from rasterio._err import CPLE_BaseError  # what rasterio.shutil.copy raises has no public name
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from airflow_provider_ee.client.grids import PixelGrid
from airflow_provider_ee.client.pixels.decoding import Pixels

__all__ = ["GeoTiff", "bounded_memory", "check_whole", "cloud_optimized"]

#: The side of a block of the file. Tiles that consist of whole blocks are compressed once.
_BLOCK = 512

#: GDAL keeps blocks in as much as a twentieth of all memory, if it is not told otherwise.
_CACHE_BYTES = 48 * 2**20

#: Columns; a few megabytes of a row of blocks.
_READ_AT_ONCE = 4096

#: Of deflate: a higher level makes the file of a satellite image a third smaller, and takes eight times as long.
_LEVEL = 1


def bounded_memory() -> rasterio.Env:
    """Return an environment in which GDAL keeps few blocks."""
    return rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES)


class GeoTiff:
    """A GeoTIFF that is being written.

    Args:
        path: The file.
        grid: Where its pixels are.
        bands: The names of its bands.
        dtype: The type of all samples.
        nodata: The value that stands for no data.
    """

    def __init__(
        self, path: Path, grid: PixelGrid, bands: Sequence[str], dtype: np.dtype[Any], nodata: float | None = None
    ) -> None:
        self._path = path
        self._bands = tuple(bands)
        # GDAL does not survive a file that is closed while a thread writes to it.
        self._turn = threading.Lock()
        self._profile = {
            "driver": "GTiff",
            "width": grid.width,
            "height": grid.height,
            "count": len(bands),
            "dtype": dtype,
            "crs": grid.crs,
            "transform": Affine(*grid.transform),
            "nodata": nodata,
            "tiled": True,
            "blockxsize": _BLOCK,
            "blockysize": _BLOCK,
            "interleave": "band",
            "compress": "deflate",
            "zlevel": _LEVEL,
            "predictor": 3 if dtype.kind == "f" else 2,
            "num_threads": "ALL_CPUS",
            "bigtiff": "IF_SAFER",
        }

    def __enter__(self) -> Self:
        with bounded_memory():
            self._file = rasterio.open(self._path, "w", **self._profile)
            self._file.descriptions = self._bands
        return self

    def write(self, pixels: Pixels, column: int, row: int, bands: Sequence[str]) -> None:
        """Write a tile of some bands, in any thread."""
        _, height, width = pixels.shape
        numbers = [self._bands.index(band) + 1 for band in bands]
        with self._turn, bounded_memory():
            self._file.write(pixels, numbers, window=Window(column, row, width, height))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with self._turn, bounded_memory():
            self._file.close()


def cloud_optimized(source: Path, target: Path) -> None:
    """Copy a GeoTIFF into a Cloud Optimized one, which has overviews and an order that suits reading over a network.

    https://gdal.org/en/stable/drivers/raster/cog.html
    """
    with bounded_memory(), _explained(target):
        rasterio.shutil.copy(
            source,
            target,
            driver="COG",
            COMPRESS="DEFLATE",
            LEVEL=_LEVEL,
            PREDICTOR="YES",
            BIGTIFF="IF_SAFER",
            NUM_THREADS="ALL_CPUS",
        )


def check_whole(path: Path) -> None:
    """Read a GeoTIFF that was written, block by block, each of which has a checksum.

    GDAL tells nobody what goes wrong in the threads in which it compresses: on a full disk it ends as if all were well.

    Raises:
        OSError: Some of it is missing.
    """
    with bounded_memory(), _explained(path), rasterio.open(path, num_threads="ALL_CPUS") as file:
        for row in range(0, file.height, _BLOCK):
            for column in range(0, file.width, _READ_AT_ONCE):
                width, height = min(_READ_AT_ONCE, file.width - column), min(_BLOCK, file.height - row)
                for band in file.indexes:
                    file.read(band, window=Window(column, row, width, height))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (CPLE_BaseError, RasterioIOError) as error:
        raise OSError(f"{path} could not be written as a whole; is the disk full? {error}") from error
