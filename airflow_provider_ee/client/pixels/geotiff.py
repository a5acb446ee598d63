"""One tiled, compressed GeoTIFF, written tile by tile as they arrive; its Cloud Optimized form."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
import rasterio.shutil
from rasterio import Affine
from rasterio._err import CPLE_BaseError  # what rasterio.shutil.copy raises has no public name
from rasterio.enums import Interleaving
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from airflow_provider_ee.client.grids import PixelGrid
from airflow_provider_ee.client.pixels.decoding import Pixels

__all__ = ["COMPRESSIONS", "DEFLATE", "GeoTiff", "bounded_memory", "check_whole", "cloud_optimized"]

#: The side of a block of the file. Tiles that consist of whole blocks are compressed once.
_BLOCK = 512

#: GDAL keeps blocks in as much as a twentieth of all memory, if it is not told otherwise.
_CACHE_BYTES = 48 * 2**20

#: What is compressed, and how hard. A higher level of deflate makes the file of a satellite image a third smaller, and
#: takes eight times as long; zstd takes two thirds of the time and four fifths of the room, but is not read everywhere.
COMPRESSIONS: Mapping[str, Mapping[str, Any]] = {
    "deflate": {"compress": "deflate", "zlevel": 1},
    "zstd": {"compress": "zstd", "zstd_level": 1},
    "lzw": {"compress": "lzw"},
    "none": {},
}
DEFLATE = "deflate"

#: Up to so many bands lie side by side in each pixel, as in Earth Engine's own files: being alike, they compress well.
_MOST_BANDS_IN_A_PIXEL = 4


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
        compression: One of COMPRESSIONS.
    """

    def __init__(
        self,
        path: Path,
        grid: PixelGrid,
        bands: Sequence[str],
        dtype: np.dtype[Any],
        *,
        nodata: float | None = None,
        compression: str = DEFLATE,
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
            "interleave": "pixel" if len(bands) <= _MOST_BANDS_IN_A_PIXEL else "band",
            "bigtiff": "IF_SAFER",
            # Not those of GDAL_NUM_THREADS: when a block that a thread has packed cannot be written, GDAL says nothing.
            "num_threads": 1,
            **COMPRESSIONS[compression],
        }
        if COMPRESSIONS[compression]:
            self._profile["predictor"] = 3 if dtype.kind == "f" else 2

    def __enter__(self) -> Self:
        with bounded_memory():
            self._file = rasterio.open(self._path, "w", **self._profile)
            self._file.descriptions = self._bands
        return self

    def write(self, pixels: Pixels, column: int, row: int, bands: Sequence[str]) -> None:
        """Write a tile of some bands, in any thread."""
        _, height, width = pixels.shape
        numbers = [self._bands.index(band) + 1 for band in bands]
        with self._turn, bounded_memory(), _explained(self._path):
            self._file.write(pixels, numbers, window=Window(column, row, width, height))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with self._turn, bounded_memory(), _explained(self._path):
            self._file.close()


def cloud_optimized(source: Path, target: Path, compression: str = DEFLATE) -> None:
    """Copy a GeoTIFF into a Cloud Optimized one, which has overviews and an order that suits reading over a network.

    https://gdal.org/en/stable/drivers/raster/cog.html
    """
    words = {"compress": "COMPRESS", "zlevel": "LEVEL", "zstd_level": "LEVEL"}
    options = {words[word]: value for word, value in COMPRESSIONS[compression].items()}
    with bounded_memory(), _explained(target):
        rasterio.shutil.copy(
            source,
            target,
            driver="COG",
            BIGTIFF="IF_SAFER",
            NUM_THREADS=1,  # for the same reason as above
            **({"PREDICTOR": "YES", **options} if options else {"COMPRESS": "NONE"}),
        )


def check_whole(path: Path) -> None:
    """Look whether each block of a GeoTIFF is in the file, which a full disk may have cut off.

    Raises:
        OSError: Some of them are missing.
    """
    with bounded_memory(), _explained(path), rasterio.open(path) as file:
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
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (CPLE_BaseError, RasterioIOError) as error:
        raise OSError(f"{path} could not be written as a whole; is the disk full? {error}") from error
