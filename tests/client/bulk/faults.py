"""A network that answers some requests with a fault, and the count of what Earth Engine has started all the same."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.emulator.server import Emulator
from tests.client.bulk.visits import Task, client_of

__all__ = ["FAULTS", "WORDINGS", "FaultyTransport", "Outcome", "draw_earth", "export_with_faults"]

#: What a second submission with the same request id may be answered.
WORDINGS = ("invalid", "field-violation", "already-exists", "same-operation")

_FULL = "Too many tasks already in the queue (3000). Please wait for some of them to complete."

_Fault = Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response]


def _raised(error: type[httpx.TransportError], *, after_work: bool) -> _Fault:
    def fault(request: httpx.Request, work: Callable[[], httpx.Response]) -> httpx.Response:
        if after_work:
            work()
        raise error("a fault", request=request)

    return fault


def _answered(status: int, body: str, *, after_work: bool, **headers: str) -> _Fault:
    def fault(_: httpx.Request, work: Callable[[], httpx.Response]) -> httpx.Response:
        if after_work:
            work()
        return httpx.Response(status, text=body, headers=headers)

    return fault


def _error(status: int, code: str, message: str, *, after_work: bool, **headers: str) -> _Fault:
    body = json.dumps({"error": {"code": status, "status": code, "message": message}})
    return _answered(status, body, after_work=after_work, **headers)


def _nameless(request: httpx.Request, work: Callable[[], httpx.Response]) -> httpx.Response:
    answer = work().json()
    if request.method == "POST":
        answer.pop("name", None)
    return httpx.Response(200, json=answer)


def _malformed(_: httpx.Request, work: Callable[[], httpx.Response]) -> httpx.Response:
    answer = work().json()
    if "operations" in answer:
        answer["operations"] += [None, "a text", 5, [], {}, {"name": 5}, {"name": "", "metadata": None}]
    return httpx.Response(200, json=answer)


#: Twenty kinds: those that stop a request before its work, then those that lose the answer to work that was done.
FAULTS: dict[str, _Fault] = {
    "no connection": _raised(httpx.ConnectError, after_work=False),
    "reset before the work": _raised(httpx.ReadError, after_work=False),
    "500": _error(500, "INTERNAL", "Internal error encountered.", after_work=False),
    "503": _error(503, "UNAVAILABLE", "The service is currently unavailable.", after_work=False),
    "502 of a proxy": _answered(502, "<html>Bad Gateway</html>", after_work=False),
    "408": _answered(408, "", after_work=False),
    "429": _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", after_work=False, **{"Retry-After": "0"}),
    "409 aborted": _error(409, "ABORTED", "The transaction was aborted.", after_work=False),
    "queue full for once": _error(429, "RESOURCE_EXHAUSTED", _FULL, after_work=False),
    "empty before the work": _answered(200, "", after_work=False),
    "reset after the work": _raised(httpx.ReadError, after_work=True),
    "timeout after the work": _raised(httpx.ReadTimeout, after_work=True),
    "truncated": _raised(httpx.RemoteProtocolError, after_work=True),
    "500 after the work": _error(500, "INTERNAL", "Internal error encountered.", after_work=True),
    "503 after the work": _error(503, "UNAVAILABLE", "The service is currently unavailable.", after_work=True),
    "504 of a proxy after the work": _answered(504, "<html>Gateway Timeout</html>", after_work=True),
    "empty after the work": _answered(200, "", after_work=True),
    "a page instead of JSON": _answered(200, "<html>Sign in</html>", after_work=True),
    "half of the JSON": _answered(200, '{"name": "projects/', after_work=True),
    "nameless": _nameless,
    "malformed list": _malformed,
}


class FaultyTransport(httpx.BaseTransport):
    """Sends requests, some of which meet a fault.

    Args:
        chance: Draws which request meets what; equal for equal seeds.
        share: How many of all requests meet a fault.

    Attributes:
        met: How often each fault was met.
    """

    def __init__(self, chance: random.Random, share: float) -> None:
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_connections=None))
        self._chance, self._share = chance, share
        self._lock = threading.Lock()
        self.met: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or let it meet a fault."""

        def work() -> httpx.Response:
            response = self._inner.handle_request(request)
            response.read()
            return response

        with self._lock:
            name = self._chance.choice(list(FAULTS)) if self._chance.random() < self._share else None
            if name:
                self.met[name] += 1
        return FAULTS[name](request, work) if name else work()

    def close(self) -> None:
        """Stay open: the next visit has a client of its own, and this network."""

    def hang_up(self) -> None:
        """Close every connection."""
        self._inner.close()


@dataclass(frozen=True)
class Outcome:
    """What came of one task.

    Attributes:
        doubled: The items that were started more than once.
        lost: The items that were not exported in the end.
        operations: How many operations were started.
        met: How often each fault was met.
        tries: How many tries of the task it took.
    """

    doubled: list[str]
    lost: list[str]
    operations: int
    met: Counter[str]
    tries: int

    @property
    def faults(self) -> int:
        """How many requests met a fault."""
        return self.met.total()


def draw_earth(chance: random.Random, *, items: int) -> dict[str, Any]:
    """Draw how an Earth Engine behaves: how late its list is, how long its queue, and whether that uses up ids."""
    return {
        "time": "looks=2",
        "max_running": chance.randint(2, items),
        "max_queue": chance.choice([items // 8, items // 2, 3000]),
        "queue_full_burns_request_id": chance.random() < 0.5,
        "list_lag": chance.choice(["at once", "looks=2", "looks=4"]),
    }


def export_with_faults(
    emulator: Emulator, chance: random.Random, *, items: int, share: float, tries: int = 60, **options: Any
) -> Outcome:
    """Export items through a faulty network, in as many tries as it takes.

    Args:
        emulator: Where they are exported; how it answers duplicates and a full queue is set already.
        chance: What the faults are drawn from.
        items: How many.
        share: How many of all requests meet a fault.
        tries: How often Airflow tries the task at most.
        options: Those of Task.
    """
    transport = FaultyTransport(chance, share)
    task = Task(emulator, items, **options)
    for _ in range(30 * tries):
        try:
            run = task.visit(client_of(emulator, transport=transport))
        except EarthEngineError:
            task.tried_again()
        else:
            if run.is_over and not run.counts.failed:
                break
            if run.is_over:
                task.tried_again()
        if task.tries > tries:
            break
    transport.hang_up()
    return Outcome(
        doubled=[key for key, count in task.started().items() if count > 1],
        lost=sorted({f"tile-{number}" for number in range(items)} - task.succeeded()),
        operations=len(emulator.control.operations()),
        met=transport.met,
        tries=task.tries,
    )
