"""Ways to fetch a large image, each in a process of its own: `python -m tests.benchmarks.pixel_ways WAY URL FOLDER`.

It prints a `Run` as JSON. Imports and `ee.Initialize` are not in its time, but they are in its memory.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window

from airflow_provider_ee.client.pixels.grids.tiles import BandType, Tile
from tests.benchmarks.memory import most_memory
from tests.benchmarks.pixel_scene import ASSET, BANDS, GRID, SCENE, SIDE

__all__ = ["WAYS", "Run"]

PROJECT, THREADS = "my-project", 32

_ROWS = 512

_BLOCK = 512


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        seconds: From the first request until all pixels were there.
        cpu_seconds: The time on a processor meanwhile, of all threads.
        memory: The most bytes of memory of the process.
        right: Whether all pixels were the right ones.
    """

    seconds: float
    cpu_seconds: float
    memory: int
    right: bool


def ours(url: str, output: Path | None) -> Callable[[], Any]:
    from airflow_provider_ee.client import Client

    importlib.import_module("airflow_provider_ee.client.pixels.output")  # or it is loaded when it is needed
    os.environ["EARTHENGINE_EMULATOR_HOST"] = url
    client = Client(PROJECT)
    pixels: dict[str, Any] = {"asset_id": ASSET, "grid": GRID.fields(), "band_ids": list(BANDS)}
    if output is None:
        return lambda: client.read_pixels(**pixels).values
    return partial(client.download_pixels, **pixels, output_path=output)


def ee_one_after_the_other(url: str, output: Path | None, side: int | None = None) -> Callable[[], Any]:
    ask, tiles = ee_pixels(url), tiles_of(side)
    return lambda: gathered(((tile, ask(tile)) for tile in tiles), output)


def ee_in_threads(url: str, output: Path | None, side: int | None = None) -> Callable[[], Any]:
    ask, tiles = ee_pixels(url), tiles_of(side)

    def fetch() -> Any:
        with ThreadPoolExecutor(THREADS) as threads:
            return gathered(zip(tiles, threads.map(ask, tiles), strict=True), output)

    return fetch


def xee(url: str, output: Path | None) -> Callable[[], Any]:
    """As a dataset, with its own threads; see `test_pixels` for what is replaced."""
    ee = ee_at(url)
    import xarray
    from xee.ext import EarthEngineBackendArray, EarthEngineStore

    image = ee.Image(ASSET).select(list(BANDS))
    first = image.getInfo()
    began = first["properties"]["system:time_start"]
    EarthEngineStore.get_info = {"size": 1, "props": {}, "first": first, "properties": [[ASSET], [began]]}
    EarthEngineBackendArray._slice_collection = lambda variable, _: image.select(variable.variable_name)

    def fetch() -> Any:
        images = ee.ImageCollection([image])
        loaded = xarray.open_dataset(
            images, engine="ee", crs=GRID.crs, crs_transform=GRID.transform, shape_2d=(SIDE, SIDE)
        ).load()
        return [loaded[band].values[0] for band in BANDS]

    return fetch


def ee_at(url: str) -> Any:
    import ee
    from google.oauth2.credentials import Credentials

    ee.Initialize(credentials=Credentials("token"), url=url, project=PROJECT)
    return ee


def ee_pixels(url: str) -> Callable[[Tile], Any]:
    ee = ee_at(url)

    def ask(tile: Tile) -> Any:
        grid = GRID.window(*tile).fields()
        return ee.data.getPixels(
            {"assetId": ASSET, "fileFormat": "NUMPY_NDARRAY", "bandIds": list(BANDS), "grid": grid}
        )

    return ask


def tiles_of(side: int | None) -> list[Tile]:
    """Squares; without a side, the tiles that we fetch."""
    if side is not None:
        return [Tile(column, row, side, side) for row in range(0, SIDE, side) for column in range(0, SIDE, side)]
    from airflow_provider_ee.client.http.limits import Limits
    from airflow_provider_ee.client.pixels.grids.requests import TileRequests

    bands = [BandType(band, "uint16") for band in BANDS]
    return [part.tile for part in TileRequests(GRID, bands, Limits().in_flight, geographic=False)]


def gathered(arriving: Iterable[tuple[Tile, Any]], output: Path | None) -> Any:
    """Put tiles in their places as they arrive: into an array; or into a file like ours, as GDAL does it by itself."""
    whole = None if output is not None else np.empty((len(BANDS), SIDE, SIDE), np.uint16)
    with nullcontext() if output is None else geotiff(output) as file:
        for (column, row, width, height), pixels in arriving:
            planes = np.stack([pixels[band] for band in BANDS])
            if whole is None:
                file.write(planes, window=Window(column, row, width, height))
            else:
                whole[:, row : row + height, column : column + width] = planes
    return whole


def geotiff(output: Path) -> AbstractContextManager[Any]:
    return rasterio.open(
        output,
        "w",
        driver="GTiff",
        width=SIDE,
        height=SIDE,
        count=len(BANDS),
        dtype="uint16",
        crs=GRID.crs,
        transform=rasterio.Affine(*GRID.transform),
        tiled=True,
        blockxsize=_BLOCK,
        blockysize=_BLOCK,
        interleave="pixel",
        compress="deflate",
        zlevel=1,
        predictor=2,
    )


def is_right(found: Any, output: Path | None, scene: Path) -> bool:
    expected = np.load(scene, mmap_mode="r")
    with nullcontext() if output is None else rasterio.open(output) as file:

        def strip(number: int, row: int) -> Any:
            if output is None:
                return found[number][row : row + _ROWS]
            return file.read(number + 1, window=Window(0, row, SIDE, _ROWS))

        return all(
            np.array_equal(strip(number, row), expected[band][row : row + _ROWS])
            for number, band in enumerate(BANDS)
            for row in range(0, SIDE, _ROWS)
        )


#: How each is prepared, and whether it writes a file.
WAYS: dict[str, tuple[Callable[[str, Path | None], Callable[[], Any]], bool]] = {
    "ours, a file": (ours, True),
    "ee in 32 threads, a file": (ee_in_threads, True),
    "ee, a file": (ee_one_after_the_other, True),
    "ours, an array": (ours, False),
    "ee in 32 threads, an array": (ee_in_threads, False),
    "ee in 32 threads, 1024 a side, an array": (partial(ee_in_threads, side=1024), False),
    "xee, an array": (xee, False),
    "ee, an array": (ee_one_after_the_other, False),
    "ee, 2048 a side, an array": (partial(ee_one_after_the_other, side=2048), False),
}


def main(name: str, url: str, folder: Path) -> Run:
    prepare, to_file = WAYS[name]
    output = folder / "image.tif" if to_file else None
    fetch = prepare(url, output)
    if output is not None:
        output.unlink(missing_ok=True)
    wall, cpu = time.perf_counter(), time.process_time()
    found = fetch()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Run(wall, cpu, most_memory(), is_right(found, output, folder / SCENE))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))))
