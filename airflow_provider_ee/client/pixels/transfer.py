"""Fetch many tiles at once: each is received, checked and retried by itself; one that is too much is split."""

from __future__ import annotations

import asyncio
import mmap
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from typing import Any, BinaryIO, Protocol, TypeVar

import tenacity

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.threads import in_thread
from airflow_provider_ee.client.pixels.grids.requests import TileRequest
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Buffer", "FileBuffer", "MemoryBuffer", "fetch_checked", "fetch_tiles"]

#: Memory that no child process shares.
_PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


class Buffer(Protocol):
    """Receives the body of an answer, piece by piece."""

    def begin(self, request: Request) -> None:
        """Empty it, for the answer to a request."""

    def take(self, piece: bytes) -> None:
        """Add a piece."""

    def whole(self) -> Any:
        """Return what there is now."""


class MemoryBuffer:
    """Memory, which the next body is received into after this one.

    Args:
        longest: How many bytes a body may have; it is refused as soon as it has more.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._memory: bytearray | mmap.mmap = bytearray()
        self._length = 0

    def begin(self, request: Request) -> None:
        """Empty it, for the answer to a request."""
        self._request = request
        self._length = 0

    def take(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            InvalidRequest: That makes it too long.
        """
        start, self._length = self._length, self._length + len(piece)
        if self._length > self._longest:
            raise InvalidRequest(
                f"The answer is longer than {self._longest:,} bytes.",
                method=self._request.method.id,
                name=self._request.name,
                hint="Ask for less at once, or write it to a file.",
            )
        if self._length > len(self._memory):
            # Another memory, as a reader may still use this one. It takes room only where it is written to.
            larger = mmap.mmap(-1, max(2 * len(self._memory), self._length), _PRIVATE)
            larger[:start] = self._memory[:start]
            self._memory = larger
        self._memory[start : self._length] = piece

    def whole(self) -> memoryview:
        """Return all of it, until the next one begins."""
        return memoryview(self._memory)[: self._length]


class FileBuffer:
    """A file, for bodies of any length."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def begin(self, _: Request) -> None:
        """Empty it."""
        self._file.seek(0)
        self._file.truncate()

    def take(self, piece: bytes) -> None:
        """Write a piece."""
        self._file.write(piece)

    def whole(self) -> int:
        """Return how long it is."""
        return self._file.tell()


T = TypeVar("T")

#: What Earth Engine says where less at once may do.
#: https://developers.google.com/earth-engine/guides/debugging#scaling_errors
_TOO_MUCH = re.compile(
    r"user memory limit exceeded|computation timed out|total request size|computed value too large", re.IGNORECASE
)
#: Six times split is a 4,096th of a tile: what is too much even then, is so for another reason than its size.
_MOST_SPLITS = 6


async def fetch_checked(
    client: AsyncClient,
    request: Request,
    buffer: Callable[[], AbstractAsyncContextManager[Buffer]],
    read: Callable[[Any], T],
    reader: AbstractAsyncContextManager[object] | None = None,
) -> T:
    """Send a request and return what is read from its answer; send it again when the answer is a wrong one.

    Args:
        client: Sends the request.
        request: The request.
        buffer: Lends a buffer for the answer. Until there is one, the answer waits in its connection.
        read: Reads what is in the buffer, in a thread; raises WrongAnswer if it cannot be the right one. What it
            returns keeps nothing of the buffer.
        reader: Entered while it is read, to limit how many are read at once.
    """

    async def once() -> T:
        async with AsyncExitStack() as lent:
            async with client.stream_once(request) as pieces:
                received = await lent.enter_async_context(buffer())
                received.begin(request)
                async for piece in pieces:
                    received.take(piece)
            await lent.enter_async_context(reader or nullcontext())
            return await in_thread(read, received.whole())

    return await tenacity.AsyncRetrying(**client.retry.options(request))(once)


async def fetch_tiles(
    client: AsyncClient,
    tiles: Iterable[TileRequest],
    request: Callable[[TileRequest], Request],
    read: Callable[[TileRequest, memoryview], T],
    *,
    in_flight: int,
    in_memory: int,
    on_split: Callable[[TileRequest], object],
) -> AsyncGenerator[tuple[TileRequest, T]]:
    """Fetch tiles, and yield each with what was read from its answer, in the order of arrival.

    Earth Engine computes more of them than there is memory for: the others wait in their connections.

    Args:
        client: Sends the requests.
        tiles: What to fetch.
        request: Builds the request for a tile.
        read: Reads an answer, as for `fetch_checked`.
        in_flight: How many requests there are at once.
        in_memory: How many answers are received and read at once.
        on_split: Called with each tile that is split because it is too much.

    Raises:
        InvalidRequest: A tile is too much however often it is split.
    """
    waiting, split = iter(tiles), list[TileRequest]()
    running: dict[asyncio.Task[T], TileRequest] = {}
    # More threads than processors would be in each other's way.
    readers = asyncio.Semaphore(os.cpu_count() or 1)
    bodies = asyncio.LifoQueue[MemoryBuffer]()
    for _ in range(in_memory):
        bodies.put_nowait(MemoryBuffer(client.limits.longest_answer))

    @asynccontextmanager
    async def body() -> AsyncIterator[MemoryBuffer]:
        lent = await bodies.get()
        try:
            yield lent
        finally:
            bodies.put_nowait(lent)

    def start() -> None:
        while len(running) < in_flight:
            # The smallest first: a queue of them stays short, and what is too much however small shows early.
            tile = split.pop() if split else next(waiting, None)
            if tile is None:
                return
            running[asyncio.create_task(fetch_checked(client, request(tile), body, partial(read, tile), readers))] = (
                tile
            )

    try:
        start()
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                tile = running.pop(task)
                try:
                    found = task.result()
                except InvalidRequest as error:
                    split.extend(_split(tile, error))
                    on_split(tile)
                    start()
                else:
                    start()
                    yield tile, found
                    del found
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _split(tile: TileRequest, error: InvalidRequest) -> list[TileRequest]:
    if not _TOO_MUCH.search(error.message):
        raise error
    quarters = tile.quarters()
    if tile.depth == _MOST_SPLITS or len(quarters) == 1:
        _, _, width, height = tile.tile
        raise InvalidRequest(
            f"Even {width} x {height} pixels are too much: {error.message}",
            status=error.status,
            reason=error.reason,
            method=error.method,
            name=error.name,
            hint="Fetch at a coarser scale, simplify the expression, or export the image instead.",
        ) from error
    return quarters
