"""Run many flows at the same time with a Client, which threads may share."""

from __future__ import annotations

import copy
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["run_concurrently"]

K = TypeVar("K")
T = TypeVar("T")

#: How long the caller goes without looking whether it is to stop.
_SECONDS_BETWEEN_CHECKS = 0.5
#: How long requests that are under way may take to end once the caller is interrupted.
_SECONDS_TO_END = 1.0


class _Interrupted(Exception):
    """The caller of `run_concurrently` no longer waits for this flow."""


def run_concurrently(
    client: Client, flows: Iterable[tuple[K, Flow[T]]], concurrency: int
) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    """Run flows at the same time, and yield the result or the error of each as soon as it is known.

    Whatever interrupts the caller ends it at once: an error in the flows, an alarm, or what `client.sleep` raises. Then
    no flow goes on waiting to send a request again, and requests that are under way get a second to end.

    Args:
        client: The client that runs them.
        flows: Each flow with a key. They are taken one by one, in the caller's thread, when there is a free slot:
            a generator of flows can stop in view of the results of earlier ones.
        concurrency: How many run at the same time.
    """
    interrupted = threading.Event()

    def sleep(seconds: float) -> None:
        if interrupted.wait(seconds):
            raise _Interrupted

    threads = copy.copy(client)  # shares connections, limits and credentials
    threads.sleep = sleep
    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="earth-engine")
    running: dict[Future[T], K] = {}
    try:
        for key, flow in flows:
            running[pool.submit(threads.run, flow)] = key
            if len(running) >= concurrency:
                yield from _pop_finished(running, client)
        while running:
            yield from _pop_finished(running, client)
    finally:
        interrupted.set()
        pool.shutdown(wait=False, cancel_futures=True)
        under_way = wait(running, timeout=_SECONDS_TO_END).not_done
        pool.shutdown(wait=not under_way)


def _pop_finished(running: dict[Future[T], K], client: Client) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    while not (finished := wait(running, timeout=_SECONDS_BETWEEN_CHECKS, return_when=FIRST_COMPLETED).done):
        client.sleep(0.0)  # raises when the task is to stop: Python may lose the error of an alarm
    for future in finished:
        error = future.exception()
        if error is not None and not isinstance(error, EarthEngineError):
            raise error
        yield running.pop(future), error or future.result()
