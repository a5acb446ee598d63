"""One tiled, compressed GeoTIFF, packed tile by tile; its Cloud Optimized form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio import Affine
from rasterio._err import CPLE_BaseError  # what rasterio.shutil.copy raises has no public name
from rasterio.enums import Interleaving
from rasterio.errors import RasterioIOError
from rasterio.io import MemoryFile

from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import Tile
from airflow_provider_ee.client.pixels.npy import Pixels

__all__ = [
    "COMPRESSIONS",
    "DEFLATE",
    "GeoTiff",
    "bounded_memory",
    "check_whole",
    "cloud_optimized",
    "explained",
    "unpacked",
]

#: GDAL keeps blocks in as much as a twentieth of all memory, if it is not told otherwise.
_CACHE_BYTES = 48 * 2**20

#: What is compressed, and how hard. A higher level of deflate makes the file of a satellite image a third smaller, and
#: takes eight times as long; zstd takes three quarters of the time and four fifths of the room, but not all read it.
COMPRESSIONS: Mapping[str, Mapping[str, Any]] = {
    "deflate": {"compress": "deflate", "zlevel": 1},
    "zstd": {"compress": "zstd", "zstd_level": 1},
    "lzw": {"compress": "lzw"},
    "none": {},
}
DEFLATE = "deflate"

#: Up to so many bands lie side by side in each pixel, as in Earth Engine's own files: being alike, they compress well.
_MOST_BANDS_IN_A_PIXEL = 4

#: https://gdal.org/en/stable/drivers/raster/gtiff.html#creation-options
_NO_PREDICTOR, _OF_WHOLE_NUMBERS, _OF_FLOATS = 1, 2, 3

#: A tile keeps no place, but rasterio warns of files that come without one.
_ANYWHERE = Affine(2, 0, 0, 0, -2, 0)


def bounded_memory() -> rasterio.Env:
    """Return an environment in which GDAL keeps few blocks."""
    return rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES)


class GeoTiff:
    """A GeoTIFF as it will be. It is packed tile by tile, in any thread, and then made of their blocks.

    Args:
        grid: Where its pixels are.
        bands: The names of its bands.
        dtype: The type of all samples.
        block: The side of its blocks.
        nodata: The value that stands for no data.
        compression: One of COMPRESSIONS.
    """

    def __init__(
        self,
        grid: PixelGrid,
        bands: Sequence[str],
        dtype: np.dtype[Any],
        *,
        block: int,
        nodata: float | None = None,
        compression: str = DEFLATE,
    ) -> None:
        self.grid = grid
        self.block = block
        self._bands = {band: number for number, band in enumerate(bands)}
        self._side_by_side = len(bands) <= _MOST_BANDS_IN_A_PIXEL
        self._profile = {
            "driver": "GTiff",
            "endianness": "little",
            "dtype": dtype,
            "nodata": nodata,
            "tiled": True,
            "blockxsize": block,
            "blockysize": block,
            "interleave": "pixel" if self._side_by_side else "band",
            "num_threads": 1,
            **COMPRESSIONS[compression],
        }
        if COMPRESSIONS[compression]:
            self._profile["predictor"] = _predictor(dtype)

    def packed(self, pixels: Pixels) -> bytes:
        """Return the pixels of a tile as a TIFF, whose blocks are packed like those of the whole."""
        count, height, width = pixels.shape
        with (
            bounded_memory(),
            MemoryFile() as memory,
            memory.open(**self._profile, count=count, height=height, width=width, transform=_ANYWHERE) as file,
        ):
            file.write(pixels)
            file.close()
            return bytes(memory.getbuffer())

    def create(self, path: Path) -> None:
        """Write all of the file but its blocks."""
        with (
            bounded_memory(),
            rasterio.open(
                path,
                "w",
                **self._profile,
                count=len(self._bands),
                height=self.grid.height,
                width=self.grid.width,
                crs=self.grid.crs,
                transform=Affine(*self.grid.transform),
                bigtiff="IF_SAFER",
                sparse_ok=True,
            ) as file,
        ):
            file.descriptions = tuple(self._bands)

    def is_aligned(self, tile: Tile) -> bool:
        """Whether a tile consists of whole blocks: it begins and ends with one, or where the image ends."""
        column, row, width, height = tile
        right, bottom = column + width, row + height
        return (
            not (column % self.block or row % self.block)
            and (right == self.grid.width or right % self.block == 0)
            and (bottom == self.grid.height or bottom % self.block == 0)
        )

    def touched(self, tile: Tile) -> tuple[range, range]:
        """Return the rows and the columns of blocks in which a tile is."""
        return self._blocks(tile.row, tile.height), self._blocks(tile.column, tile.width)

    def numbers(self, tile: Tile, bands: Sequence[str]) -> Iterator[int]:
        """Return the numbers of the blocks in which a tile of some bands is, in the order of `packed`."""
        across, down = len(self._blocks(0, self.grid.width)), len(self._blocks(0, self.grid.height))
        planes = [0] if self._side_by_side else [self._bands[band] for band in bands]
        rows, columns = self.touched(tile)
        return ((plane * down + row) * across + column for plane, row, column in product(planes, rows, columns))

    def _blocks(self, start: int, length: int) -> range:
        return range(start // self.block, -(-(start + length) // self.block))


def unpacked(content: bytes) -> Pixels:
    """Return the pixels of a packed tile."""
    with bounded_memory(), MemoryFile(content) as memory, memory.open() as file:
        return np.asarray(file.read())


def cloud_optimized(source: Path, target: Path, compression: str = DEFLATE) -> None:
    """Copy a GeoTIFF into a Cloud Optimized one, which has overviews and an order that suits reading over a network.

    https://gdal.org/en/stable/drivers/raster/cog.html
    """
    words = {"compress": "COMPRESS", "zlevel": "LEVEL", "zstd_level": "LEVEL"}
    options = {words[word]: value for word, value in COMPRESSIONS[compression].items()}
    with bounded_memory(), explained(target):
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


def check_whole(path: Path) -> None:
    """Look whether each block of a GeoTIFF is in the file, which a full disk may have cut off.

    Raises:
        OSError: Some of them are missing.
    """
    with bounded_memory(), explained(path), rasterio.open(path) as file:
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
def explained(path: Path) -> Iterator[None]:
    """Say which file an error of the disk is about, in whoever's words it comes."""
    try:
        yield
    except (CPLE_BaseError, OSError) as error:
        raise OSError(f"{path} could not be written as a whole; is the disk full? {error}") from error
