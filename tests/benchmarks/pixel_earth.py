"""An Earth Engine in a process of its own that knows its scene by heart: an answer takes the service time alone."""

import io
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from airflow_provider_ee.emulator.compute.catalogue import landscape
from airflow_provider_ee.emulator.resources import assets
from airflow_provider_ee.emulator.server import Emulator
from tests.benchmarks.earth import busiest_second
from tests.benchmarks.pixel_scene import BANDS, GRID, SIDE

__all__ = ["Traffic", "knowing_earth", "serving"]

_LIMITS = {"max_requests_per_second": 100, "max_in_flight": 40}

#: Rows that are computed at a time: the formula needs many arrays.
_ROWS = 128


@dataclass
class Traffic:
    """What an Earth Engine saw of one download.

    Attributes:
        requests: How many requests there were.
        most_in_a_second: How many in the busiest second.
        most_in_flight: How many at once.
        refused: How many were too many in a second, or at once.
    """

    requests: int = 0
    most_in_a_second: int = 0
    most_in_flight: int = 0
    refused: int = 0


@contextmanager
def knowing_earth(folder: Path, scene: Path) -> Iterator[str]:
    """Run it, and return its URL.

    Args:
        folder: For its files.
        scene: Where it writes its pixels: an array of rows and columns with a field for each band.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(theirs, folder, scene), daemon=True)
    process.start()
    try:
        if not ours.poll(300):
            raise TimeoutError("The emulator does not start.")
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


@contextmanager
def serving(url: str, **service: float) -> Iterator[Traffic]:
    """Let it take some time for each answer, and count what it is asked meanwhile."""
    httpx.post(f"{url}/emulator/reset").raise_for_status()
    httpx.post(f"{url}/emulator/settings", json=service).raise_for_status()
    traffic = Traffic()
    yield traffic
    seen = httpx.get(f"{url}/emulator/ledger", timeout=60).json()
    # Those that were refused got no method, but they have a path.
    moments = [request["time"] for request in seen["requests"] if request["path"].endswith("Pixels")]
    traffic.requests = len(moments)
    traffic.most_in_a_second = busiest_second(moments)
    traffic.most_in_flight = seen["limits"]["peak_in_flight"]
    traffic.refused = seen["limits"]["violations"]


def _serve(talk: Connection, folder: Path, scene: Path) -> None:
    known = _computed(scene)

    def window(grid: Any) -> Any:
        """Return the pixels of a request for a window of the scene."""
        size, affine = grid["dimensions"], grid["affineTransform"]
        _, _, west, _, _, north = GRID.transform
        column = round((affine["translateX"] - west) / affine["scaleX"])
        row = round((affine["translateY"] - north) / affine["scaleY"])
        return known[row : row + size["height"], column : column + size["width"]]

    def remembered_pixels(_: object, *, grid: Any, **__: Any) -> tuple[bytes, str]:
        """Answer getPixels for all bands in the format NPY."""
        pixels, file = window(grid), io.BytesIO()
        # Not np.save, which goes through the rows of a window pixel by pixel.
        kind = {"descr": pixels.dtype.descr, "fortran_order": False, "shape": pixels.shape}
        np.lib.format.write_array_header_1_0(file, kind)
        for row in pixels:
            file.write(row)
        return file.getvalue(), "application/octet-stream"

    def remembered_band(band: str, column: Any, row: Any, *_: Any) -> Any:
        """Return what the formula of a band gives, for expressions."""
        rows, columns = row.ravel(), column.ravel()
        return known[band][rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    assets.image_pixels = remembered_pixels  # type: ignore[assignment]
    landscape.surface = remembered_band  # type: ignore[assignment]
    landscape.vegetation = landscape.river = lambda *_: np.zeros((1, 1))  # type: ignore[assignment]
    with Emulator(folder, settings=_LIMITS) as emulator:
        talk.send(emulator.url)
        talk.recv()  # never comes: the process is ended


def _computed(scene: Path) -> Any:
    pixels = np.lib.format.open_memmap(scene, "w+", [(band, "<u2") for band in BANDS], (SIDE, SIDE))
    columns = np.arange(SIDE, dtype=np.int32)[np.newaxis, :]
    for row in range(0, SIDE, _ROWS):
        rows = np.arange(row, row + _ROWS, dtype=np.int32)[:, np.newaxis]
        for band in BANDS:
            pixels[band][row : row + _ROWS] = landscape.reflectance(band, columns, rows)
    return pixels
