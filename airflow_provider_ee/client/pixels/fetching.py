"""Fetch many parts of an image at once: each checked and retried alone, those that are too much split."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any, BinaryIO, TypeVar

import tenacity

from airflow_provider_ee.client.clients import AsyncClient
from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.pixels.decoding import WrongAnswer
from airflow_provider_ee.client.pixels.parts import Part
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.request import Request

__all__ = ["checked", "fetched"]

T = TypeVar("T")

#: What Earth Engine says where less at once may do.
#: https://developers.google.com/earth-engine/guides/debugging#scaling_errors
_TOO_MUCH = re.compile(
    r"user memory limit exceeded|computation timed out|total request size|computed value too large", re.IGNORECASE
)
#: Six times split is a 4,096th of a part: what is too much even then, is so for another reason than its size.
_MOST_SPLITS = 6


async def checked(client: AsyncClient, request: Request, read: Callable[[Any], T], into: BinaryIO | None = None) -> T:
    """Send a request and return what is read from its answer, which is asked for again as long as it is a wrong one.

    Args:
        client: By whom it is sent.
        request: The request.
        read: Reads the answer, in a thread; raises WrongAnswer if it cannot be the right one.
        into: A file for the answer, of which `read` is told the length then.
    """

    async def once() -> T:
        return await in_thread(read, await client.send(request, into))

    wrong = {**client.retry.options(request), "retry": tenacity.retry_if_exception_type(WrongAnswer)}
    return await tenacity.AsyncRetrying(**wrong)(once)


async def fetched(
    client: AsyncClient,
    parts: Iterable[Part],
    request: Callable[[Part], Request],
    read: Callable[[Part, bytes], T],
    *,
    in_flight: int,
    on_split: Callable[[Part], object],
) -> AsyncGenerator[tuple[Part, T]]:
    """Fetch parts, and yield each with what was read from its answer, in the order of arrival.

    No more than `in_flight` of them are in memory, on their way or waiting to be taken, and the one that was yielded.

    Args:
        client: By whom the requests are sent.
        parts: What to fetch.
        request: Builds the request for a part.
        read: Reads an answer, in a thread; raises WrongAnswer if it cannot be the right one.
        in_flight: How many requests there are at once.
        on_split: Told each part that is split because it is too much.

    Raises:
        InvalidRequest: A part is too much however often it is split.
    """
    waiting, split = iter(parts), list[Part]()
    running: dict[asyncio.Task[T], Part] = {}

    def start() -> None:
        while len(running) < in_flight:
            # The smallest first: a queue of them stays short, and what is too much however small shows early.
            part = split.pop() if split else next(waiting, None)
            if part is None:
                return
            running[asyncio.create_task(_fetch(client, part, request, read))] = part

    try:
        start()
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                part = running.pop(task)
                try:
                    found = task.result()
                except InvalidRequest as error:
                    split.extend(_split(part, error))
                    on_split(part)
                    start()
                else:
                    start()
                    yield part, found
                    del found
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _fetch(
    client: AsyncClient, part: Part, request: Callable[[Part], Request], read: Callable[[Part, bytes], T]
) -> T:
    return await checked(client, request(part), lambda body: read(part, body))


def _split(part: Part, error: InvalidRequest) -> list[Part]:
    if not _TOO_MUCH.search(error.message):
        raise error
    quarters = part.quarters()
    if part.depth == _MOST_SPLITS or len(quarters) == 1:
        _, _, width, height = part.tile
        raise InvalidRequest(
            f"Even {width} x {height} pixels are too much: {error.message}",
            status=error.status,
            reason=error.reason,
            method=error.method,
            name=error.name,
            hint="Fetch at a coarser scale, simplify the expression, or export the image instead.",
        ) from error
    return quarters
