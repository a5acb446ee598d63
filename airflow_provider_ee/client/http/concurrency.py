"""Run many flows at the same time with a Client, which threads may share."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["run_concurrently"]

K = TypeVar("K")
T = TypeVar("T")


def run_concurrently(
    client: Client, flows: Iterable[tuple[K, Flow[T]]], concurrency: int
) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    """Run flows at the same time, and yield the result or the error of each as soon as it is known.

    Args:
        client: The client that runs them.
        flows: Each flow with a key. They are taken one by one, in the caller's thread, when there is a free slot:
            a generator of flows can stop in view of the results of earlier ones.
        concurrency: How many run at the same time.
    """
    running: dict[Future[T], K] = {}
    with ThreadPoolExecutor(concurrency, thread_name_prefix="earth-engine") as pool:
        for key, flow in flows:
            running[pool.submit(client.run, flow)] = key
            if len(running) >= concurrency:
                yield from _pop_finished(running)
        while running:
            yield from _pop_finished(running)


def _pop_finished(running: dict[Future[T], K]) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        error = future.exception()
        if error is not None and not isinstance(error, EarthEngineError):
            raise error
        yield running.pop(future), error or future.result()
