"""An Earth Engine in a process of its own, in whose projects operations end one after another."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from airflow_provider_ee.emulator.server import Emulator

__all__ = ["PROJECT", "BusyEarth", "Report", "busiest_second"]

PROJECT = "my-project"

#: How far an operation is, it shows by this time; the shortest have done most of it when they are started.
_SECONDS = 60.0


@dataclass(frozen=True)
class Report:
    """What an Earth Engine has to say when all is over.

    Attributes:
        ended: When each operation ended, in seconds since 1970.
        looks: When operations were asked for, by name or by list.
        pages: How many of these asked for a page of the list.
        violations: How many requests were too many at once, or in one second.
    """

    ended: dict[str, float]
    looks: list[float]
    pages: int
    violations: int

    @property
    def most_in_a_second(self) -> int:
        """The number of looks in the busiest second."""
        return busiest_second(self.looks)


def busiest_second(moments: Sequence[float]) -> int:
    """Return how many of these moments, which are in their order, lie within one second at most."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


class BusyEarth:
    """Enforces Earth Engine's limits, and takes 50 ms for each answer.

    Args:
        folder: For its files.
        operations: How many operations run. They take from 5 seconds on.
        seconds: What the longest of them takes.
        finished: How many others have ended before these were started.
        newer: How many others have ended that were started after these.
    """

    def __init__(
        self, folder: Path, operations: int, *, seconds: float = _SECONDS, finished: int = 0, newer: int = 0
    ) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._talk, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=_serve, args=(theirs, folder, operations, seconds, finished, newer), daemon=True
        )

    def __enter__(self) -> Self:
        self._process.start()
        self.host: str = self._hear()
        self.names: list[str] = self._hear()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def begin(self) -> None:
        """Let the time of all operations begin now."""
        self._talk.send("begin")
        self._hear()

    def report(self) -> Report:
        """Say what happened so far."""
        self._talk.send("report")
        report: Report = self._hear()
        return report

    def _hear(self) -> Any:
        if not self._talk.poll(120):
            raise TimeoutError("The emulator does not answer.")
        return self._talk.recv()


def _serve(talk: Connection, folder: Path, operations: int, seconds: float, finished: int, newer: int) -> None:  # noqa: PLR0917  # a process is given them by position
    settings = {
        "time": f"seconds={_SECONDS}",
        "latency_seconds": 0.05,
        "max_requests_per_second": 100,
        "max_in_flight": 40,
        "max_queue": operations + finished + newer,
    }
    with Emulator(folder, settings=settings) as emulator:
        control = emulator.control
        for operation in control.seed_operations(PROJECT, finished):
            control.finish(operation.name)
        running = control.seed_operations(PROJECT, operations)
        for operation in running:
            operation.granted = None
        for operation in control.seed_operations(PROJECT, newer):
            control.finish(operation.name)
        talk.send(emulator.host)
        talk.send([operation.name for operation in running])
        while True:
            if talk.recv() == "begin":
                _begin(emulator, running, seconds)
                talk.send("begun")
            else:
                talk.send(_report(emulator, running))


def _begin(emulator: Emulator, running: Sequence[Any], seconds: float) -> None:
    now = emulator.control.world.clock()
    for number, operation in enumerate(running):
        # Not in the order of their ages: neighbours in the list end at different times.
        share = (number * 7919 % len(running)) / len(running)
        takes = 5.0 + share * (seconds - 5.0)
        operation.granted = now + takes - _SECONDS


def _report(emulator: Emulator, running: Sequence[Any]) -> Report:
    asked = [entry for entry in emulator.control.ledger.entries() if entry.method.startswith("projects.operations.")]
    return Report(
        ended={operation.name: operation.ended for operation in running if operation.ended is not None},
        looks=sorted(entry.time for entry in asked),
        pages=sum(entry.method == "projects.operations.list" for entry in asked),
        violations=emulator.control.limits.violations,
    )
