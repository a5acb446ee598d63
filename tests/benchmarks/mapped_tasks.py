"""Exports as mapped tasks of a real Airflow on PostgreSQL: how fast it starts them, and what that costs it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.airflow.polling import until
from tests.airflow.postgres import Postgres
from tests.airflow.standalone import Airflow
from tests.benchmarks.bulk_ways import PROJECT, Run
from tests.chaos.workers import Workers

__all__ = ["MAPPED", "mapped_tasks"]

#: As the DAG says.
MAPPED = 60

_FILES = ("mapped_exports.py", "composites.py")

#: How many run at once: more would be in each other's way on two cores.
_PARALLELISM = 8


def mapped_tasks(folder: Path, url: str, submissions: Callable[[], list[float]]) -> Run:
    """Run the DAG until all of its tasks wait.

    Args:
        folder: An empty folder.
        url: Of the Earth Engine.
        submissions: Says when each export was started.

    Returns:
        The time from the first submission to the last, and one more; what all of Airflow's processes computed
        meanwhile; the memory of the tasks.
    """
    home, dags = folder / "airflow", folder / "dags"
    for new in (home, dags):
        new.mkdir()
    for file in _FILES:
        shutil.copy(Path(__file__).parent / "dags" / file, dags)
    connection = {"conn_type": "earthengine", "extra": {"project": PROJECT}}
    env = {
        "EARTHENGINE_EMULATOR_HOST": url,
        "AIRFLOW_CONN_EARTHENGINE_DEFAULT": json.dumps(connection),
        "AIRFLOW__CORE__PARALLELISM": str(_PARALLELISM),
    }
    with Postgres(folder) as database, Airflow(home, dags, env=env, database=database) as airflow:
        run = airflow.trigger("mapped_exports")
        until(submissions, timeout=240, waiting_for="the first export")
        before = _cpu_seconds(airflow)
        with Workers(airflow) as workers:
            until(lambda: len(submissions()) >= MAPPED, timeout=900, waiting_for="all exports")
            cpu = _cpu_seconds(airflow) - before
        until(lambda: set(run.states().values()) == {"deferred"}, timeout=240, waiting_for="all tasks to wait")
    moments = submissions()
    return Run((moments[-1] - moments[0]) * MAPPED / (MAPPED - 1), cpu, workers.memory)


def _cpu_seconds(airflow: Airflow) -> float:
    """What all processes of an Airflow have computed, with those that they have waited for."""
    return sum(sum(psutil.Process(pid).cpu_times()[:4]) for one in airflow.processes for pid in one.members())
