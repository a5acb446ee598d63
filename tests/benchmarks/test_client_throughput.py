"""How many requests a second the clients get through, by how many are in flight, beside httpx as it comes.

Each request takes the server 50 ms. Earth Engine allows a project 40 at once: throughput has to grow up to there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from statistics import median
from typing import Any

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.http.clients import AsyncClient, Client
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.rest import methods
from tests.benchmarks.report import show
from tests.emulator_process import emulator_process

SERVICE_SECONDS = 0.05
MOST_REQUESTS = 1000
ROUNDS = 3
IN_FLIGHT = (1, 4, 8, 16, 24, 32, 40)
SOME_IN_FLIGHT = (8, 24, 40)
THREADS = (1, 8, 32)
NO_PACE = 1e6

REQUEST = methods.get_config("projects/my-project/config")

Measured = tuple[float, float]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator_process(tmp_path_factory.mktemp("emulator"), latency_seconds=SERVICE_SECONDS) as url:
        yield url


def requests_for(in_flight: int) -> int:
    """Return a number that takes two to three seconds, so that the few in flight do not take a minute."""
    return min(MOST_REQUESTS, 50 * in_flight)


@contextmanager
def stopwatch(measured: list[Measured], count: int) -> Iterator[None]:
    """Add requests a second, and milliseconds of CPU per request."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    measured.append((count / wall, 1000 * cpu / count))


async def many(get: Callable[[], Awaitable[Any]], measured: list[Measured], count: int) -> None:
    with stopwatch(measured, count):
        await asyncio.gather(*(get() for _ in range(count)))


async def async_client(url: str, in_flight: int, measured: list[Measured]) -> None:
    limits = Limits(in_flight=in_flight, per_second=NO_PACE)
    async with AsyncClient("my-project", credentials=AnonymousCredentials(), endpoint=url, limits=limits) as client:
        await many(lambda: client.send(REQUEST), measured, requests_for(in_flight))


async def client_in_threads(url: str, in_flight: int, measured: list[Measured]) -> None:
    limits, count = Limits(in_flight=in_flight, per_second=NO_PACE), requests_for(in_flight)
    with (
        Client("my-project", credentials=AnonymousCredentials(), endpoint=url, limits=limits) as client,
        ThreadPoolExecutor(in_flight) as threads,
        stopwatch(measured, count),
    ):
        list(threads.map(client.send, [REQUEST] * count))


async def httpx_by_default(url: str, in_flight: int, measured: list[Measured]) -> None:
    """Its pool of 100 connections, of which it keeps 20, and a semaphore before it."""
    places = asyncio.Semaphore(in_flight)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:

        async def get() -> None:
            async with places:
                (await client.get(f"/v1/{REQUEST.path}")).raise_for_status()

        await many(get, measured, requests_for(in_flight))


async def httpx_with_a_small_pool(url: str, in_flight: int, measured: list[Measured]) -> None:
    """As many connections as requests in flight; the others queue up in the pool."""
    limits = httpx.Limits(max_connections=in_flight)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:

        async def get() -> None:
            (await client.get(f"/v1/{REQUEST.path}")).raise_for_status()

        await many(get, measured, requests_for(in_flight))


CONTENDERS = {
    "AsyncClient": (async_client, IN_FLIGHT),
    "Client in threads": (client_in_threads, THREADS),
    "httpx.AsyncClient": (httpx_by_default, SOME_IN_FLIGHT),
    "... max_connections": (httpx_with_a_small_pool, SOME_IN_FLIGHT),
}


def test_throughput_grows_with_the_requests_in_flight_up_to_what_earth_engine_allows(url):
    measured: dict[tuple[str, int], list[Measured]] = {}
    for _ in range(ROUNDS):
        for name, (contender, steps) in CONTENDERS.items():
            for in_flight in steps:
                asyncio.run(contender(url, in_flight, measured.setdefault((name, in_flight), [])))
    medians = {case: tuple(map(median, zip(*runs, strict=True))) for case, runs in measured.items()}

    for what, column in (("requests/s", 0), ("CPU ms per request", 1)):
        show(
            f"{what} by requests in flight at {1000 * SERVICE_SECONDS:.0f} ms each, median of {ROUNDS}",
            ("in flight", *map(str, IN_FLIGHT)),
            [
                (name, *(medians[name, step][column] if (name, step) in medians else "" for step in IN_FLIGHT))
                for name in CONTENDERS
            ],
        )

    # Whatever else the machine does only ever slows a run down: the best one shows what the client can do.
    curve = [max(speed for speed, _ in measured["AsyncClient", in_flight]) for in_flight in IN_FLIGHT]
    assert all(more >= 0.9 * fewer for fewer, more in pairwise(curve)), curve
    assert curve[-1] >= 0.9 * max(curve), curve
