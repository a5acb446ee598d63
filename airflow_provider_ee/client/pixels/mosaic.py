"""Fetch the tiles of a plan and put them together, in an array or in a file, and log the progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import aclosing
from pathlib import Path

import numpy as np

from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.threads import in_thread
from airflow_provider_ee.client.pixels.geotiff import GeoTiffWriter, name_file_in_errors
from airflow_provider_ee.client.pixels.grids.coordinates import is_geographic
from airflow_provider_ee.client.pixels.grids.requests import TileRequest, TileRequests
from airflow_provider_ee.client.pixels.npy import Pixels, WrongAnswer, common_type, decode
from airflow_provider_ee.client.pixels.plan import Plan
from airflow_provider_ee.client.pixels.staging import Staging
from airflow_provider_ee.client.pixels.transfer import fetch_tiles
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Mosaic", "Progress"]

_SECONDS_BETWEEN_LINES = 5.0
_MEGABYTE = 1e6


class Progress:
    """Count the tiles that have arrived, and log a line at most every five seconds.

    Args:
        tiles: How many there are.
        log: Called with each line.
        clock: A steady clock, in seconds.
    """

    def __init__(
        self, tiles: int, log: Callable[[str], object] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tiles = tiles
        self.done = 0
        self.fetched = 0
        self.bytes = 0
        self._log = log
        self._clock = clock
        self._start = self._logged = clock()

    def found(self) -> None:
        """Count a tile that an earlier download has left."""
        self.done += 1
        self._log_progress()

    def arrived(self, size: int) -> None:
        """Count a tile that came from Earth Engine."""
        self.done += 1
        self.fetched += 1
        self.bytes += size
        self._log_progress()

    def split(self, parts: int) -> None:
        """Count the parts of a tile in its place."""
        self.tiles += parts - 1

    def _log_progress(self) -> None:
        now = self._clock()
        if self._log is not None and now - self._logged >= _SECONDS_BETWEEN_LINES:
            self._logged = now
            self._log(self._line(now - self._start))

    def _line(self, seconds: float) -> str:
        parts = [f"{self.done} of {self.tiles} tiles"]
        if self.fetched:
            megabytes = self.bytes / _MEGABYTE
            left = (self.tiles - self.done) * seconds / self.fetched
            parts += [f"{megabytes:.0f} MB", f"{megabytes / seconds:.0f} MB/s", f"{_duration(left)} left"]
        return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


class Mosaic:
    """Fetch all tiles of a plan.

    Args:
        client: Sends the requests.
        plan: What is fetched.
        concurrency: How many requests there may be in flight.
        log: Called with each line about the progress.

    Attributes:
        progress: How many tiles have arrived.
        block: The side of a block of a file.
        has_values: Whether any pixel has a value, as far as pixels show that; see `Masks.has_values`.
    """

    def __init__(
        self,
        client: AsyncClient,
        plan: Plan,
        concurrency: int,
        *,
        log: Callable[[str], object] | None,
    ) -> None:
        self._client = client
        self._plan = plan
        self._dtype = common_type(plan.bands)
        self._in_flight = min(concurrency, client.limits.in_flight)
        tiles = TileRequests(plan.grid, plan.bands, self._in_flight, geographic=is_geographic(plan.grid.crs))
        self._in_memory, self.block = tiles.in_memory, tiles.block
        self._tiles = list(tiles)
        self.progress = Progress(len(self._tiles), log)
        self.has_values = False

    async def array(self) -> Pixels:
        """Return all pixels: bands, rows and columns."""
        plan = self._plan
        mosaic = np.empty((len(plan.bands), plan.grid.height, plan.grid.width), self._dtype)
        numbers = {band: number for number, band in enumerate(plan.band_ids)}

        def put(tile: TileRequest, body: memoryview) -> int:
            column, row, width, height = tile.tile
            pixels = self._decode(tile, body)
            for plane, band in zip(pixels, tile.band_ids, strict=True):
                mosaic[numbers[band], row : row + height, column : column + width] = plane
            return pixels.nbytes

        await self._fetch(self._tiles, put, lambda _: None)
        return mosaic

    async def file(self, path: Path, staging: Staging, compression: str) -> None:
        """Write all pixels into a GeoTIFF: those of the tiles that are staged, and of those that still have to come."""
        plan = self._plan
        writer = GeoTiffWriter(
            path,
            plan.grid,
            plan.band_ids,
            self._dtype,
            block=self.block,
            nodata=plan.masks.nodata,
            compression=compression,
        )

        def write(tile: TileRequest, body: bytes | memoryview) -> int:
            pixels = self._decode(tile, body)
            writer.write(tile.tile, tile.band_ids, pixels)
            return pixels.nbytes

        def keep(tile: TileRequest, body: memoryview) -> int:
            size = write(tile, body)
            with name_file_in_errors(staging.folder):
                staging.keep(tile, body)
            return size

        def write_staged() -> list[TileRequest]:
            """Write the tiles that an earlier download has left, and return the others."""
            tiles = list(staging.as_split(self._tiles))
            self.progress.tiles = len(tiles)
            return [tile for tile in tiles if not self._is_staged(tile, staging, write)]

        with writer:
            await self._fetch(await in_thread(write_staged), keep, staging.note_split)

    def _is_staged(self, tile: TileRequest, staging: Staging, write: Callable[[TileRequest, bytes], object]) -> bool:
        body = staging.read(tile)
        if body is None:
            return False
        try:
            write(tile, body)
        except WrongAnswer:
            # It was cut off on the disk.
            return False
        self.progress.found()
        return True

    async def _fetch(
        self,
        tiles: Iterable[TileRequest],
        take: Callable[[TileRequest, memoryview], int],
        on_split: Callable[[TileRequest], object],
    ) -> None:
        """Fetch tiles; `take` is called with each answer in a thread, and returns the bytes of its pixels."""

        def split(tile: TileRequest) -> None:
            on_split(tile)
            self.progress.split(len(tile.quarters()))

        fetching = fetch_tiles(
            self._client,
            tiles,
            self._request,
            take,
            in_flight=self._in_flight,
            in_memory=self._in_memory,
            on_split=split,
        )
        async with aclosing(fetching) as arriving:
            async for _, size in arriving:
                self.progress.arrived(size)

    def _request(self, tile: TileRequest) -> Request:
        return self._plan.image.request("NPY", grid=tile.fields, bands=tile.band_ids)

    def _decode(self, tile: TileRequest, body: bytes | memoryview) -> Pixels:
        pixels = decode(body, tile.bands, tile.tile.width, tile.tile.height, self._dtype)
        if not self.has_values:
            self.has_values = self._plan.masks.has_values(pixels, tile.band_ids)
        return pixels
