"""Run many flows at the same time with a Client, which threads may share."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["together"]

K = TypeVar("K")
T = TypeVar("T")


def together(
    client: Client, flows: Iterable[tuple[K, Flow[T]]], at_once: int
) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    """Run flows, and return what comes of each as soon as it is known.

    Args:
        client: Which runs them.
        flows: Each with something to know it by. They are taken one by one, when there is a place for another one: so
            whoever makes them can stop in view of what came of the earlier ones. They are made in the caller's thread.
        at_once: How many run at the same time.
    """
    under_way: dict[Future[T], K] = {}
    with ThreadPoolExecutor(at_once, thread_name_prefix="earth-engine") as pool:
        for key, flow in flows:
            under_way[pool.submit(client.run, flow)] = key
            if len(under_way) >= at_once:
                yield from _finished(under_way)
        while under_way:
            yield from _finished(under_way)


def _finished(under_way: dict[Future[T], K]) -> Generator[tuple[K, T | EarthEngineError], None, None]:
    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
        error = future.exception()
        if error is not None and not isinstance(error, EarthEngineError):
            raise error
        yield under_way.pop(future), error or future.result()
