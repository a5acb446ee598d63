"""Fetch many parts of an image at once: each checked and retried alone, those that are too much split."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

import tenacity

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.http.bodies import Body, Place
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.pixels.requests import Part
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.rest.request import Request

__all__ = ["checked", "fetched"]

T = TypeVar("T")

#: What Earth Engine says where less at once may do.
#: https://developers.google.com/earth-engine/guides/debugging#scaling_errors
_TOO_MUCH = re.compile(
    r"user memory limit exceeded|computation timed out|total request size|computed value too large", re.IGNORECASE
)
#: Six times split is a 4,096th of a part: what is too much even then, is so for another reason than its size.
_MOST_SPLITS = 6


async def checked(
    client: AsyncClient,
    request: Request,
    place: Callable[[], AbstractAsyncContextManager[Place]],
    read: Callable[[Any], T],
    hands: AbstractAsyncContextManager[object] | None = None,
) -> T:
    """Send a request and return what is read from its answer, which is asked for again as long as it is a wrong one.

    Args:
        client: By whom it is sent.
        request: The request.
        place: Lends a place for the answer. Until there is one, the answer waits in its connection.
        read: Reads what is in the place, in a thread; raises WrongAnswer if it cannot be the right one. What it returns
            keeps nothing of the place.
        hands: Entered while it is read, so that not too many are at once.
    """

    async def once() -> T:
        async with AsyncExitStack() as lent:
            async with client.stream_once(request) as pieces:
                here = await lent.enter_async_context(place())
                here.begin(request)
                async for piece in pieces:
                    here.take(piece)
            await lent.enter_async_context(hands or nullcontext())
            return await in_thread(read, here.whole())

    return await tenacity.AsyncRetrying(**client.retry.options(request))(once)


async def fetched(
    client: AsyncClient,
    parts: Iterable[Part],
    request: Callable[[Part], Request],
    read: Callable[[Part, memoryview], T],
    *,
    in_flight: int,
    in_memory: int,
    on_split: Callable[[Part], object],
) -> AsyncGenerator[tuple[Part, T]]:
    """Fetch parts, and yield each with what was read from its answer, in the order of arrival.

    Earth Engine computes more of them than there is memory for: the others wait in their connections.

    Args:
        client: By whom the requests are sent.
        parts: What to fetch.
        request: Builds the request for a part.
        read: Reads an answer, as for `checked`.
        in_flight: How many requests there are at once.
        in_memory: How many answers are received and read at once.
        on_split: Told each part that is split because it is too much.

    Raises:
        InvalidRequest: A part is too much however often it is split.
    """
    waiting, split = iter(parts), list[Part]()
    running: dict[asyncio.Task[T], Part] = {}
    # More threads than processors would be in each other's way.
    hands = asyncio.Semaphore(os.cpu_count() or 1)
    bodies = asyncio.LifoQueue[Body]()
    for _ in range(in_memory):
        bodies.put_nowait(Body(client.limits.longest_answer))

    @asynccontextmanager
    async def body() -> AsyncIterator[Body]:
        lent = await bodies.get()
        try:
            yield lent
        finally:
            bodies.put_nowait(lent)

    def start() -> None:
        while len(running) < in_flight:
            # The smallest first: a queue of them stays short, and what is too much however small shows early.
            part = split.pop() if split else next(waiting, None)
            if part is None:
                return
            running[asyncio.create_task(checked(client, request(part), body, partial(read, part), hands))] = part

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
