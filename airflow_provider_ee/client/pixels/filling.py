"""Fetch the pixels of a plan, into an array or into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from pathlib import Path

import numpy as np

from airflow_provider_ee.client.clients import AsyncClient
from airflow_provider_ee.client.pixels.decoding import Pixels, WrongAnswer, common_type, decoded
from airflow_provider_ee.client.pixels.fetching import fetched
from airflow_provider_ee.client.pixels.geotiff import GeoTiff
from airflow_provider_ee.client.pixels.parts import Part, Parts
from airflow_provider_ee.client.pixels.places import is_geographic
from airflow_provider_ee.client.pixels.planning import Plan
from airflow_provider_ee.client.pixels.progress import Progress
from airflow_provider_ee.client.pixels.staging import Staging
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.request import Request

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
        parts = Parts(
            plan.grid,
            plan.bands,
            min(concurrency, client.limits.in_flight),
            geographic=is_geographic(plan.grid.crs),
        )
        self._in_flight = parts.in_flight
        self._parts = list(parts)
        self.progress = Progress(len(self._parts), tell, clock)

    async def array(self) -> Pixels:
        """Return all pixels: bands, rows and columns."""
        plan = self._plan
        whole = np.empty((len(plan.bands), plan.grid.height, plan.grid.width), self._dtype)
        numbers = {band: number for number, band in enumerate(plan.band_ids)}

        def put(part: Part, body: bytes) -> int:
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

        def keep(part: Part, body: bytes) -> int:
            pixels = self._decoded(part, body)
            staging.keep(part, body)
            write(part, pixels)
            return pixels.nbytes

        def restore(part: Part) -> list[Part]:
            """Write what there is of a part, and return what is missing of it."""
            if staging.is_split(part):
                quarters = part.quarters()
                self.progress.split(len(quarters))
                return [late for quarter in quarters for late in restore(quarter)]
            body = staging.read(part)
            if body is None:
                return [part]
            try:
                write(part, self._decoded(part, body))
            except WrongAnswer:
                return [part]
            self.progress.found()
            return []

        with GeoTiff(
            path, plan.grid, plan.band_ids, self._dtype, nodata=plan.masks.nodata, compression=compression
        ) as file:

            def write(part: Part, pixels: Pixels) -> None:
                column, row, _, _ = part.tile
                file.write(pixels, column, row, part.band_ids)

            missing = [late for part in self._parts for late in await in_thread(restore, part)]
            await self._fetch(missing, keep, staging.note_split)

    async def _fetch(
        self, parts: Iterable[Part], take: Callable[[Part, bytes], int], on_split: Callable[[Part], object]
    ) -> None:
        """Fetch parts; `take` is given each answer in a thread, and returns the bytes of its pixels."""

        def split(part: Part) -> None:
            on_split(part)
            self.progress.split(len(part.quarters()))

        fetching = fetched(self._client, parts, self._request, take, in_flight=self._in_flight, on_split=split)
        async with aclosing(fetching) as arriving:
            async for _, size in arriving:
                self.progress.arrived(size)

    def _request(self, part: Part) -> Request:
        return self._plan.source.request("NPY", grid=part.fields, bands=part.band_ids)

    def _decoded(self, part: Part, body: bytes) -> Pixels:
        return decoded(body, part.bands, part.tile.width, part.tile.height, self._dtype)
