"""Write a tiled, compressed GeoTIFF window by window; copy it into a Cloud Optimized one; check that it is complete.

GDAL does the work. It would not be faster to compress the blocks of each tile in a thread of its own, and to move them
into the file by hand: 8192 x 8192 pixels of three bands took 2.1 s (2.7 s of CPU, 144 MB) so, and take 2.1 s (2.7 s of
CPU, 152 MB) with GDAL. `pytest -s tests/benchmarks/test_pixels.py`, two cores.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np
import rasterio
import rasterio.shutil
from rasterio import Affine
from rasterio._err import CPLE_BaseError  # what rasterio.shutil.copy raises has no public name
from rasterio.enums import Interleaving
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import Tile
from airflow_provider_ee.client.pixels.npy import Pixels
from airflow_provider_ee.client.pixels.options import COMPRESSIONS, DEFLATE

__all__ = [
    "GeoTiffWriter",
    "check_all_blocks",
    "gdal_environment",
    "name_file_in_errors",
    "write_cloud_optimized",
]

#: GDAL keeps blocks in as much as a twentieth of all memory, if it is not told otherwise.
_CACHE_BYTES = 48 * 2**20

#: Up to so many bands are interleaved by pixel, as in Earth Engine's own files: being alike, they compress well.
_MOST_BANDS_BY_PIXEL = 4

#: https://gdal.org/en/stable/drivers/raster/gtiff.html#creation-options
_NO_PREDICTOR, _OF_WHOLE_NUMBERS, _OF_FLOATS = 1, 2, 3


def gdal_environment() -> rasterio.Env:
    """Return an environment in which GDAL keeps few blocks in memory, and writes no second file beside an image."""
    return rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES, GDAL_PAM_ENABLED=False)


class GeoTiffWriter:
    """A GeoTIFF that threads write their tiles into.

    Args:
        path: The file; one that is there is replaced.
        grid: Its pixels.
        bands: The names of its bands.
        dtype: The type of all samples.
        block: The side of its blocks. Tiles of whole blocks are written once; any others cost the time of reading back
            what they share.
        nodata: The value that stands for no data.
        compression: One of COMPRESSIONS.

    Raises:
        OSError: Something could not be written.
    """

    def __init__(
        self,
        path: Path,
        grid: PixelGrid,
        bands: Sequence[str],
        dtype: np.dtype[Any],
        *,
        block: int,
        nodata: float | None = None,
        compression: str = DEFLATE,
    ) -> None:
        self._path = path
        self._numbers = {band: number for number, band in enumerate(bands, start=1)}
        self._one_at_a_time = threading.Lock()
        self._profile: dict[str, Any] = {
            "driver": "GTiff",
            "dtype": dtype,
            "count": len(bands),
            "width": grid.width,
            "height": grid.height,
            "crs": grid.crs,
            "transform": Affine(*grid.transform),
            "nodata": nodata,
            "tiled": True,
            "blockxsize": block,
            "blockysize": block,
            "interleave": "pixel" if len(bands) <= _MOST_BANDS_BY_PIXEL else "band",
            "bigtiff": "IF_SAFER",
            # It says nothing of a block that one of these threads cannot write: `check_all_blocks` does.
            "num_threads": os.cpu_count() or 1,
            **COMPRESSIONS[compression],
        }
        if COMPRESSIONS[compression]:
            self._profile["predictor"] = _predictor(dtype)

    def __enter__(self) -> Self:
        with gdal_environment(), name_file_in_errors(self._path):
            self._file = rasterio.open(self._path, "w", **self._profile)
            self._file.descriptions = tuple(self._numbers)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with gdal_environment(), name_file_in_errors(self._path):
            if kind is not None and self._profile["nodata"] is not None:
                # On closing, GDAL would fill what is missing with nodata: 20,000 x 20,000 x 3 pixels took 25 s.
                self._file.nodata = None
            self._file.close()

    def write(self, tile: Tile, bands: Sequence[str], pixels: Pixels) -> None:
        """Write the pixels of a tile; threads take turns."""
        numbers = [self._numbers[band] for band in bands]
        with self._one_at_a_time, gdal_environment(), name_file_in_errors(self._path):
            self._file.write(pixels, numbers, window=Window(*tile))


def write_cloud_optimized(source: Path, target: Path, compression: str = DEFLATE) -> None:
    """Copy a GeoTIFF into a Cloud Optimized one, which has overviews and an order that suits reading over a network.

    https://gdal.org/en/stable/drivers/raster/cog.html
    """
    names = {"compress": "COMPRESS", "zlevel": "LEVEL", "zstd_level": "LEVEL"}
    options = {names[name]: value for name, value in COMPRESSIONS[compression].items()}
    with gdal_environment(), name_file_in_errors(target):
        with rasterio.open(source) as file:
            predictor = "YES" if _predictor(np.dtype(file.dtypes[0])) != _NO_PREDICTOR else "NO"
        rasterio.shutil.copy(
            source,
            target,
            driver="COG",
            BIGTIFF="IF_SAFER",
            # When a block that a thread has packed cannot be written, GDAL says nothing.
            NUM_THREADS=1,
            **({"PREDICTOR": predictor, **options} if options else {"COMPRESS": "NONE"}),
        )


def _predictor(dtype: np.dtype[Any]) -> int:
    """Return how samples are made more alike before they are compressed."""
    if dtype.kind == "f":
        return _OF_FLOATS
    # Those of 64 bits are not understood by libtiff before 4.4: https://libtiff.gitlab.io/libtiff/releases/v4.4.0.html
    return _OF_WHOLE_NUMBERS if dtype.itemsize < np.dtype(np.int64).itemsize else _NO_PREDICTOR


def check_all_blocks(path: Path) -> None:
    """Check that each block of a GeoTIFF is in the file, which a full disk may have cut off.

    Raises:
        OSError: Some of them are missing.
    """
    with gdal_environment(), name_file_in_errors(path), rasterio.open(path) as file:
        size = path.stat().st_size
        bands = file.indexes if file.interleaving is Interleaving.band else (1,)
        (height, width), *_ = file.block_shapes
        for band, row, column in product(bands, range(-(-file.height // height)), range(-(-file.width // width))):
            start, length = (
                file.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=band) for what in ("OFFSET", "SIZE")
            )
            if start is None or length is None or int(start) + int(length) > size:
                raise RasterioIOError(f"The block in column {column} and row {row} of band {band} is missing.")


@contextmanager
def name_file_in_errors(path: Path) -> Iterator[None]:
    """Name the file that could not be written in the error of whichever library reports it."""
    try:
        yield
    except (CPLE_BaseError, OSError) as error:
        raise OSError(f"{path} could not be written as a whole; is the disk full? {error}") from error
