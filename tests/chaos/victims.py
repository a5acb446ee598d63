"""Who dies: finds the processes of a running Airflow, kills one, and puts another one in its place."""

import random
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from tests.airflow.polling import until
from tests.airflow.processes import Process
from tests.airflow.standalone import Airflow

__all__ = ["KINDS", "Victims"]

#: A task runs for a moment only, so it may take a while until there is one to kill.
_PATIENCE = 120.0
_ORPHANS_LIVE = (0, 15)


class Victims:
    """Kills with SIGKILL, each process alone: whoever depended on it has to find out by itself.

    Args:
        airflow: Whose processes die.
        chance: Picks one among several.
    """

    def __init__(self, airflow: Airflow, chance: random.Random) -> None:
        self._airflow = airflow
        self._chance = chance

    def kill(self, kind: str) -> int:
        """Kill one process of a kind, as soon as there is one, and return its id."""
        return KINDS[kind](self)

    def _task(self) -> int:
        return self._pick(lambda: [task for supervisor in self._supervisors() for task in supervisor.children()])

    def _worker_supervisor(self) -> int:
        return self._pick(self._supervisors)

    def _triggerer_runner(self) -> int:
        triggerer = self._living_triggerer()
        pid = self._pick(lambda: psutil.Process(triggerer.pid).children())
        self._replace(triggerer)
        return pid

    def _triggerer_supervisor(self) -> int:
        triggerer = self._living_triggerer()
        psutil.Process(triggerer.pid).kill()
        self._replace(triggerer)
        return triggerer.pid

    def _scheduler(self) -> int:
        """Kill the scheduler. Its workers go on for a while, and another scheduler gives the same tasks out again.

        Not for ever: beside such workers a new scheduler was seen to schedule nothing. They have inherited the old one's
        connection to the database, and may keep its locks.
        """
        scheduler = self._airflow.scheduler
        psutil.Process(scheduler.pid).kill()
        self._airflow.start_scheduler()
        time.sleep(self._chance.uniform(*_ORPHANS_LIVE))
        scheduler.kill()
        return scheduler.pid

    def _supervisors(self) -> list[psutil.Process]:
        """The workers that have a task: an idle one may hold the lock of the queue, and nobody else would get it."""
        try:
            children = psutil.Process(self._airflow.scheduler.pid).children()
        except psutil.NoSuchProcess:
            return []
        return [child for child in children if _is_worker(child) and child.children()]

    def _living_triggerer(self) -> Process:
        living = [triggerer for triggerer in self._airflow.triggerers if triggerer.exit_code is None]
        return living[int(self._chance.random() * len(living))]

    def _replace(self, triggerer: Process) -> None:
        """Start another triggerer as soon as this one is gone; one whose runner died ends by itself, as a rule."""
        # Airflow's supervisor was once seen to outlive its runner by a minute: then somebody has to end it.
        with suppress(TimeoutError):
            until(lambda: triggerer.exit_code is not None, timeout=60, waiting_for=f"{triggerer.name} to end")
        triggerer.kill()
        self._airflow.start_triggerer()

    def _pick(self, candidates: Callable[[], list[psutil.Process]]) -> int:
        # Drawn once, however often it is looked: or the next draws would not be the same the next time.
        place = self._chance.random()

        def killed() -> int | None:
            try:
                found = sorted(candidates(), key=lambda process: process.pid)
                if not found:
                    return None
                victim = found[int(place * len(found))]
                victim.kill()
            except psutil.NoSuchProcess:
                return None
            return victim.pid

        return until(killed, timeout=_PATIENCE, waiting_for="a process to kill")


def _is_worker(process: psutil.Process) -> bool:
    return " ".join(process.cmdline()).startswith("airflow worker")


KINDS: dict[str, Callable[[Victims], int]] = {
    "task": Victims._task,
    "worker supervisor": Victims._worker_supervisor,
    "triggerer's runner": Victims._triggerer_runner,
    "triggerer's supervisor": Victims._triggerer_supervisor,
    "scheduler": Victims._scheduler,
}
