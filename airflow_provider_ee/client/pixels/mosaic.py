"""Fetch the pixels of a plan, into an array or into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from pathlib import Path

import numpy as np

from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.pixels.blocks import is_whole
from airflow_provider_ee.client.pixels.geotiff import GeoTiff
from airflow_provider_ee.client.pixels.grids.coordinates import is_geographic
from airflow_provider_ee.client.pixels.joining import join
from airflow_provider_ee.client.pixels.npy import Pixels, common_type, decoded
from airflow_provider_ee.client.pixels.plan import Plan
from airflow_provider_ee.client.pixels.progress import Progress
from airflow_provider_ee.client.pixels.requests import Part, Parts
from airflow_provider_ee.client.pixels.staging import Staging
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.pixels.transfer import fetched
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Filling"]


class Filling:
    """Fetches what a plan says.

    Args:
        client: By whom it is fetched.
        plan: What is fetched.
        concurrency: How many requests there may be in flight.
        tell: Told how far it is.
        clock: A steady clock, in seconds.

    Attributes:
        progress: How far it is.
        block: The side of a block of a file.
    """

    def __init__(
        self,
        client: AsyncClient,
        plan: Plan,
        concurrency: int,
        *,
        tell: Callable[[str], object] | None,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._plan = plan
        self._dtype = common_type(plan.bands)
        self._in_flight = min(concurrency, client.limits.in_flight)
        parts = Parts(plan.grid, plan.bands, self._in_flight, geographic=is_geographic(plan.grid.crs))
        self._in_memory, self.block = parts.in_memory, parts.block
        self._parts = list(parts)
        self.progress = Progress(len(self._parts), tell, clock)

    async def array(self) -> Pixels:
        """Return all pixels: bands, rows and columns."""
        plan = self._plan
        whole = np.empty((len(plan.bands), plan.grid.height, plan.grid.width), self._dtype)
        numbers = {band: number for number, band in enumerate(plan.band_ids)}

        def put(part: Part, body: memoryview) -> int:
            column, row, width, height = part.tile
            pixels = self._decoded(part, body)
            for plane, band in zip(pixels, part.band_ids, strict=True):
                whole[numbers[band], row : row + height, column : column + width] = plane
            return pixels.nbytes

        await self._fetch(self._parts, put, lambda _: None)
        return whole

    async def file(self, path: Path, staging: Staging, compression: str) -> None:
        """Write all pixels into a GeoTIFF, from the finished tiles as far as there are any."""
        plan = self._plan
        form = GeoTiff(
            plan.grid,
            plan.band_ids,
            self._dtype,
            block=self.block,
            nodata=plan.masks.nodata,
            compression=compression,
        )

        def keep(part: Part, body: memoryview) -> int:
            pixels = self._decoded(part, body)
            staging.keep(part, form.packed(pixels))
            return pixels.nbytes

        def missing(part: Part) -> bool:
            """Whether a part is to be fetched, or an earlier download has left it."""
            packed = staging.read(part)
            if packed is None or not is_whole(packed):
                return True
            self.progress.found()
            return False

        parts = list(staging.as_split(self._parts))
        self.progress.tiles = len(parts)
        late = await in_thread(lambda: [part for part in parts if missing(part)])
        await self._fetch(late, keep, staging.note_split)
        await in_thread(join, path, form, staging.as_split(self._parts), staging.read)

    async def _fetch(
        self, parts: Iterable[Part], take: Callable[[Part, memoryview], int], on_split: Callable[[Part], object]
    ) -> None:
        """Fetch parts; `take` is given each answer in a thread, and returns the bytes of its pixels."""

        def split(part: Part) -> None:
            on_split(part)
            self.progress.split(len(part.quarters()))

        fetching = fetched(
            self._client,
            parts,
            self._request,
            take,
            in_flight=self._in_flight,
            in_memory=self._in_memory,
            on_split=split,
        )
        async with aclosing(fetching) as arriving:
            async for _, size in arriving:
                self.progress.arrived(size)

    def _request(self, part: Part) -> Request:
        return self._plan.source.request("NPY", grid=part.fields, bands=part.band_ids)

    def _decoded(self, part: Part, body: memoryview) -> Pixels:
        return decoded(body, part.bands, part.tile.width, part.tile.height, self._dtype)
