"""An Airflow of which nothing but a triggerer runs, and the ways to let thousands wait in it."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from tests.airflow.polling import until
from tests.airflow.postgres import Postgres
from tests.airflow.standalone import Airflow
from tests.benchmarks.dags.on_the_path.due import FIRST
from tests.benchmarks.earth import PROJECT, BusyEarth
from tests.benchmarks.herd import Herd
from tests.benchmarks.triggerers import Triggerer

__all__ = ["ENDS", "INTERVAL", "OBSERVED", "PAGES", "WAITERS", "Cost", "Rig", "Wait", "rig"]

#: `COUNT=500 pytest -s tests/benchmarks/test_triggerer.py` takes five minutes.
WAITERS = int(os.environ.get("COUNT") or 10_000)
INTERVAL = 30  # as the DAG says
OBSERVED = 1.5 * INTERVAL
#: Pages of the list that show them all, and what the task submitted that is multiplied.
PAGES = ceil((WAITERS + 1) / 500)

_DAGS = Path(__file__).parent / "dags"
_DAG = _DAGS / "ten_thousand.py"
#: How many end each second. Airflow's triggerer passes on 40 to 50 events a second, of whatever triggers: with more, its
#: own line for each of them fills the socket of its log, and the event loop stands still.
ENDS = 30
#: Nothing ends in the first five seconds.
_ENDING = 5.0 + WAITERS / ENDS
_TRIGGERER = {
    "CAPACITY": str(2 * WAITERS),
    "MAX_TRIGGER_TO_SELECT_PER_LOOP": "500",  # 50 as it comes: ten thousand would take four minutes
}
_PATIENCE = 900.0


@dataclass(frozen=True)
class Cost:
    """What the waiters are to the process that runs their triggers.

    Attributes:
        seconds: How long the triggerer took to take them in.
        megabytes: The memory of the process.
        kilobytes_each: What each waiter added to it.
        percent: How much of a core it takes while nothing happens.
        blocked_at_first: How often Airflow said that the event loop was blocked while it took them in.
        blocked: How often it said so afterwards.
        connections: The most connections to Earth Engine.
    """

    seconds: float
    megabytes: float
    kilobytes_each: float
    percent: float
    blocked_at_first: int
    blocked: int
    connections: int


@dataclass(frozen=True)
class Wait:
    """How all waited, from the first to the last.

    Attributes:
        cost: What that cost.
        looks: When Earth Engine was asked while nothing happened.
        fired: When each trigger fired, by its name, in seconds since 1970.
        resumed: When Airflow had brought its event to its task.
    """

    cost: Cost
    looks: list[float]
    fired: dict[str, float]
    resumed: dict[str, float]

    @property
    def delays(self) -> list[float]:
        """Seconds from firing to the task that goes on."""
        return [self.resumed[name] - fired for name, fired in self.fired.items()]

    @property
    def pace(self) -> float:
        """Events that reach their tasks each second while triggers fire and some are on the way."""
        return len(self.resumed) / (max(self.resumed.values()) - min(self.fired.values()))


class Rig:
    """The Airflow, and one deferred task of each kind.

    Args:
        airflow: Of whose processes none runs any more.
        earth: Whose operations run until they are told to end.
        herd: The tasks.
        firings: The folder where triggers say that they fire.
    """

    def __init__(self, airflow: Airflow, earth: BusyEarth, herd: Herd, firings: Path) -> None:
        self.earth = earth
        self._airflow = airflow
        self._herd = herd
        self._firings = firings

    def wait_for_earth_engine(self) -> Wait:
        """Let a task wait for each operation, until all have ended."""
        with self._waiting("ours", self.earth.names, self._looked_at_twice) as (cost, began):
            looks = [look for look in self.earth.report().looks if look > began]
            self.earth.begin()
            return self._heard("ours", self.earth.names, cost, looks)

    def wait_for_moments(self, fired: dict[str, float]) -> Wait:
        """Let as many wait for nothing, and fire as those did: as fast after each other."""
        names = [f"number-{number}@{when - min(fired.values()):.6f}" for number, when in enumerate(fired.values(), 1)]
        self._herd.rename(FIRST, names[0])
        with self._waiting("airflows", names, lambda: None) as (cost, _):
            unfinished = self._firings / "begin.unfinished"
            unfinished.write_text(str(time.time() + 2), encoding="utf-8")
            unfinished.rename(self._firings / "begin")
            return self._heard("airflows", names, cost, [])

    @contextmanager
    def _waiting(self, task_id: str, names: list[str], settled: Callable[[], None]) -> Iterator[tuple[Cost, float]]:
        """Let all wait in one triggerer; say what that costs, and since when nothing has happened.

        Args:
            task_id: Which task they are.
            names: What they wait for.
            settled: Returns when those who wait have nothing left to do but to wait.
        """
        self._herd.keep_only(task_id)
        triggerer = Triggerer(self._airflow.start_triggerer(), self._airflow.home / "logs")
        try:
            until(triggerer.logs, timeout=90, waiting_for="the first trigger to begin")
            settled()
            alone, files = triggerer.gauge(), triggerer.open_files()

            began = time.monotonic()
            self._herd.multiply(task_id, names[0], names[1:])
            everybody = files + WAITERS - 1
            until(lambda: triggerer.open_files() >= everybody, timeout=600, waiting_for="all triggers to begin")
            seconds = time.monotonic() - began
            settled()

            before, began, connections = triggerer.gauge(), time.time(), 0
            while time.time() < began + OBSERVED:
                connections = max(connections, triggerer.connections(self.earth.host))
                time.sleep(1)
            after, observed = triggerer.gauge(), time.time() - began
            yield (
                Cost(
                    seconds,
                    after.megabytes,
                    1000 * (after.megabytes - alone.megabytes) / (WAITERS - 1),
                    100 * (after.cpu_seconds - before.cpu_seconds) / observed,
                    before.blocked,
                    after.blocked - before.blocked,
                    connections,
                ),
                began,
            )
        finally:
            triggerer.process.kill()

    def _heard(self, task_id: str, names: list[str], cost: Cost, looks: list[float]) -> Wait:
        """Return when every task has been resumed."""
        until(
            lambda: not self._herd.deferred(task_id), timeout=_PATIENCE, waiting_for="all tasks to leave their triggers"
        )
        lines = (self._firings / "fired").read_text(encoding="utf-8").splitlines()
        moments = {name: float(moment) for name, moment in map(str.split, lines)}
        fired = {name: moments[name] for name in names}
        return Wait(cost, looks, fired, self._herd.resumed(task_id, names))

    def _looked_at_twice(self) -> None:
        """Return when Earth Engine was asked about all waiters twice; about a single one, once."""
        looks = 2 * PAGES if self._herd.deferred("ours") > 1 else 1
        enough = len(self.earth.report().looks) + looks
        until(
            lambda: len(self.earth.report().looks) >= enough, timeout=10 * INTERVAL, waiting_for="two rounds of looks"
        )


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """Start an Airflow, let one task of each kind defer, and end all of its processes."""
    home, dags, firings = (folder / name for name in ("airflow", "dags", "firings"))
    for new in (home, dags, firings):
        new.mkdir()
    shutil.copy(_DAG, dags)
    # Its queue has as many places as operations, ended ones included: one is left for what the task submits.
    with BusyEarth(folder, WAITERS, seconds=_ENDING, finished=1) as earth, Postgres(folder) as database:
        connection = {"conn_type": "earthengine", "extra": {"project": PROJECT}}
        env = {"EARTHENGINE_EMULATOR_HOST": earth.host, "AIRFLOW_CONN_EARTHENGINE_DEFAULT": json.dumps(connection)}
        env |= {"PYTHONPATH": str(_DAGS / "on_the_path"), "FIRINGS": str(firings)}
        env |= {f"AIRFLOW__TRIGGERER__{name}": value for name, value in _TRIGGERER.items()}
        with Airflow(home, dags, env=env, database=database) as airflow:
            run = airflow.trigger(_DAG.stem)
            for task_id in ("ours", "airflows"):
                run.wait_for_task(task_id, ["deferred"])
            submitted = run.xcom("ours", "operation_name")
            for process in airflow.processes:
                process.kill()
            herd = Herd(database)
            herd.rename(submitted, earth.names[0])
            yield Rig(airflow, earth, herd, firings)
            herd.close()
