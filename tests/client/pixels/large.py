"""Large windows of EMULATOR/S2: fetched by a child from an emulator of its own, compared with the formula in parts."""

from pathlib import Path
from typing import Any

import httpx
import rasterio
from rasterio.windows import Window

from tests.client.pixels.child import download, finished
from tests.client.pixels.earth import GET_PIXELS, S2, scene, truth
from tests.emulator_process import emulator_process

#: A megapixel at a time: the formula needs many arrays.
_PART = 1024

#: What each tenth request meets, in turns.
FAULTS = (
    {"kind": "status", "status": 429, "message": "Too Many Requests."},
    {"kind": "reset"},
    {"kind": "status", "status": 503},
    {"kind": "truncated"},
    {"kind": "status", "status": 500, "message": "An internal error has occurred."},
    {"kind": "html", "status": 502},
)


def fetched(folder: Path, size: int, bands: str, *, faults: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fetch a square into `image.tif`, and return what the child printed and the emulator's ledger.

    Args:
        folder: For the image and the emulator.
        size: The side of the square.
        bands: Its bands.
        faults: How many faults there are; every tenth request meets one, as long as there are any.
    """
    (folder / "emulator").mkdir()
    with emulator_process(folder / "emulator", max_in_flight=40, max_requests_per_second=100) as url:
        for number in range(faults):
            fault = {"method": GET_PIXELS, "skip": 10 * number, **FAULTS[number % len(FAULTS)]}
            httpx.post(f"{url}/emulator/faults", json=fault).raise_for_status()
        words = {"asset_id": S2, "grid": scene(0, 0, size, size), "band_ids": bands}
        with download(url, **words, output=folder / "image.tif") as child:
            printed = finished(child)
        return printed, httpx.get(f"{url}/emulator/ledger", params={"method": GET_PIXELS}, timeout=60).json()


def differences(image: Path) -> list[tuple[str, int, int]]:
    """Compare an image with the formula, and return the bands, columns and rows of the parts that differ."""
    # GDAL would keep a twentieth of all memory.
    with rasterio.Env(GDAL_CACHEMAX=64 * 2**20), rasterio.open(image) as file:
        windows = [
            (column, row, min(_PART, file.width - column), min(_PART, file.height - row))
            for row in range(0, file.height, _PART)
            for column in range(0, file.width, _PART)
        ]
        return [
            (band, *window[:2])
            for window in windows
            for number, band in enumerate(file.descriptions, start=1)
            if not (file.read(number, window=Window(*window)) == truth(band, *window)).all()
        ]
