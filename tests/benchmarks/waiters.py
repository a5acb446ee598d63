"""Ways to wait for operations, each measured in a fresh process: how soon it heard, and what that took."""

import asyncio
import logging
import os
import resource
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks.earth import PROJECT

__all__ = ["INTERVAL", "Wait", "ee_in_a_loop", "measured", "one_client_each", "ours", "whole_listings"]

#: How often the provider looks by default.
INTERVAL = 30.0

#: What Airflow hands to its triggerer at once, and how often.
_TAKEN_IN, _SECONDS_BETWEEN = 50, 0.04


@dataclass
class Wait:
    """What was measured.

    Attributes:
        heard: When the end of each operation was heard of, in seconds since 1970.
        refused: How many answers were refusals.
        cpu_share: The share of a core that the process took.
        lags: How late the event loop was, in seconds.
        own_lags: How much of that the process itself worked; for the rest it waited for a core that others had.
        before: Bytes of memory before anybody waited.
        while_waiting: Bytes of memory when all were waiting, before the first look.
        peak: The most bytes of memory.
        sockets: The most sockets at a time, but for those that were open before.
    """

    heard: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    cpu_share: float = 0.0
    lags: list[float] = field(default_factory=list)
    own_lags: list[float] = field(default_factory=list)
    before: int = 0
    while_waiting: int = 0
    peak: int = 0
    sockets: int = 0


Way = Callable[[str, Sequence[str], Wait], None]


def measured(way: Way, host: str, names: Sequence[str], begin: Callable[[], None]) -> Wait:
    """Wait for operations in a process of its own, and return what was measured."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_prepare, host).result()
        begin()
        return pool.submit(_measure, way, host, names).result()


def ours(host: str, names: Sequence[str], wait: Wait, interval: float = INTERVAL) -> None:
    """One trigger each, as in a triggerer; they find their poller by themselves."""
    from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger

    async def one(name: str) -> None:
        async for event in EarthEngineOperationTrigger(name, project_id=PROJECT, poll_interval=interval).run():
            assert event.payload["status"] == "done"
            wait.heard[name] = time.time()

    asyncio.run(_all_of(one, names, wait))


def one_client_each(host: str, names: Sequence[str], wait: Wait) -> None:
    """A trigger with a client of its own that asks for its own operation, as Google's provider has it."""
    import httpx

    async def one(name: str) -> None:
        async with httpx.AsyncClient(base_url=f"http://{host}/v1", timeout=60) as client:
            while True:
                answer = await client.get(f"/{name}")
                wait.refused += answer.status_code == 429
                if answer.json().get("done"):
                    wait.heard[name] = time.time()
                    return
                await asyncio.sleep(INTERVAL)

    asyncio.run(_all_of(one, names, wait))


def whole_listings(host: str, names: Sequence[str], wait: Wait, interval: float = INTERVAL) -> None:
    """The simplest that serves all: list everything, page by page, once per interval."""
    import httpx

    async def main() -> None:
        left = set(names)
        async with httpx.AsyncClient(base_url=f"http://{host}/v1", timeout=60) as client:
            while left:
                began, token = time.monotonic(), ""
                while left:
                    answer = await client.get(
                        f"/projects/{PROJECT}/operations", params={"pageSize": 500, "pageToken": token}
                    )
                    page = answer.json()
                    for operation in page.get("operations", ()):
                        if operation["name"] in left and operation.get("done"):
                            left.discard(operation["name"])
                            wait.heard[operation["name"]] = time.time()
                    if not (token := page.get("nextPageToken", "")):
                        break
                await asyncio.sleep(max(0.0, began + interval - time.monotonic()) if left else 0.0)

    with _Gauges(wait):
        wait.while_waiting = _memory()
        asyncio.run(main())


def ee_in_a_loop(host: str, names: Sequence[str], wait: Wait) -> None:
    """What scripts do with Google's client: ask for one after the other, sleep, and begin again."""
    import ee
    from google.oauth2.credentials import Credentials

    ee.Initialize(credentials=Credentials("token"), url=f"http://{host}", project=PROJECT)
    with _Gauges(wait):
        wait.while_waiting = _memory()
        left = list(names)
        while left:
            for name in left:
                if ee.data.getOperation(name).get("done"):
                    wait.heard[name] = time.time()
            left = [name for name in left if name not in wait.heard]
            time.sleep(INTERVAL if left else 0.0)


async def _all_of(one: Callable[[str], Awaitable[None]], names: Sequence[str], wait: Wait) -> None:
    with _Gauges(wait):
        late = asyncio.create_task(_watch_for_lag(wait))
        async with asyncio.TaskGroup() as waiters:
            for start in range(0, len(names), _TAKEN_IN):
                for name in names[start : start + _TAKEN_IN]:
                    waiters.create_task(one(name))
                await asyncio.sleep(_SECONDS_BETWEEN)
            wait.while_waiting = _memory()
        late.cancel()


async def _watch_for_lag(wait: Wait) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due, worked = clock() + 0.02, time.thread_time()
        await asyncio.sleep(0.02)
        late = clock() - due
        wait.lags.append(late)
        wait.own_lags.append(min(late, time.thread_time() - worked))


class _Gauges:
    """Reads memory, CPU and sockets of this process during a `with` block."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> None:
        self._sockets = _sockets()
        self._wait.before = _memory()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self._reader.start()

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        self._wait.cpu_share = cpu / wall
        self._wait.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self._over.set()
        self._reader.join()

    def _read(self) -> None:
        while not self._over.wait(0.5):
            self._wait.sockets = max(self._wait.sockets, _sockets() - self._sockets)


def _prepare(host: str) -> None:
    """Import what a triggerer has imported, and let lines of logs go where they cost what they cost, and no further."""
    os.environ["EARTHENGINE_EMULATOR_HOST"] = host
    os.environ["no_proxy"] = "*"
    # What is left to Airflow after a deferral would count as late for operations that end meanwhile.
    os.environ["AIRFLOW__EARTHENGINE__FIRST_POLL"] = "1"
    import airflow.sdk  # noqa: F401
    import ee  # noqa: F401
    import structlog

    from airflow_provider_ee.triggers import operations  # noqa: F401

    logging.getLogger().setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(Path(os.devnull).open("w", encoding="utf-8")),  # noqa: SIM115
    )


def _measure(way: Way, host: str, names: Sequence[str]) -> Wait:
    wait = Wait()
    way(host, names, wait)
    return wait


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _sockets() -> int:
    count = 0
    for file in Path("/proc/self/fd").iterdir():
        try:
            count += str(file.readlink()).startswith("socket:")
        except OSError:  # closed meanwhile
            continue
    return count
