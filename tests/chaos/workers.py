"""How much of Airflow's workers is in use: a place is taken for as long as a process runs a task."""

import random
import threading
import time
from contextlib import suppress
from typing import Self

import psutil

from tests.airflow.standalone import Airflow
from tests.chaos.victims import Victims

_TICK = 0.25


class Workers:
    """Watches the processes of tasks for as long as a `with` block lasts.

    Args:
        airflow: Whose tasks.

    Attributes:
        seconds: How long there was one, summed up over all.
        memory: The most bytes that those of the same moment had.
    """

    def __init__(self, airflow: Airflow) -> None:
        self._victims = Victims(airflow, random.Random(0))  # noqa: S311  # nobody is picked
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="workers", daemon=True)
        self.seconds = 0.0
        self.memory = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        before = time.monotonic()
        while not self._over.wait(_TICK):
            tasks = self._tasks()
            now = time.monotonic()
            self.seconds += len(tasks) * (now - before)
            self.memory = max(self.memory, sum(tasks))
            before = now

    def _tasks(self) -> list[int]:
        """The memory of each task's process."""
        found = []
        for supervisor in self._victims._supervisors():
            with suppress(psutil.NoSuchProcess):  # over meanwhile
                found.extend(task.memory_info().rss for task in supervisor.children())
        return found
