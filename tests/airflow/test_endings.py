"""Whoever ends a task ends its operation: once, soon, and no other."""

import itertools
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.airflow.conftest import DEFAULT
from tests.airflow.judging import SOON, cancels, ended, looks, operations, started
from tests.airflow.polling import until
from tests.airflow.trigger_logs import said, taken

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow"), pytest.mark.together]

CANCEL_SECONDS = {0: DEFAULT, 1: "cancels_in_1", 5: "cancels_in_5", 20: "cancels_in_20"}


@pytest.fixture(scope="module", autouse=True)
def _slow_cancels(earth_engines):
    """Nothing ends by itself, and the answer to a cancel call takes its time."""
    for seconds, connection in CANCEL_SECONDS.items():
        control = earth_engines[connection].control
        control.reset()
        control.configure(time="seconds=600")
        if seconds:
            control.arm("delay", "projects.operations.cancel", seconds=seconds, times=1000)
    yield
    for connection in CANCEL_SECONDS.values():
        earth_engines[connection].control.disarm()


def mark_failed(airflow, run):
    run.mark("export", "failed")


def mark_success(airflow, run):
    run.mark("export", "success")


def clear(airflow, run):
    run.clear("export")


def fail_the_run(airflow, run):
    run.fail()


def run_timeout(airflow, run):
    """Let the DAG's dagrun_timeout pass, by moving the start of the run into the past."""
    with sqlite3.connect(airflow.home / "airflow.db", timeout=30) as database:
        moved = "UPDATE dag_run SET start_date = datetime(start_date, '-1 day') WHERE run_id = ?"
        assert database.execute(moved, [run.run_id]).rowcount == 1


def before_the_first_look(airflow, run, place, operation):
    taken(airflow, run)
    assert not looks(place, operation)


def while_waiting(airflow, run, place, operation):
    def looked_at():
        return looks(place, operation) or any("RUNNING" in log for log in said(airflow, run).values())

    until(looked_at, timeout=240, waiting_for=f"a look at {operation.name}")


@dataclass(frozen=True)
class Ending:
    """One way for a task to be ended."""

    place: str
    moment: Callable
    action: Callable
    cancel_seconds: int

    def __str__(self):
        return f"{self.place}-{self.moment.__name__}-{self.action.__name__}-{self.cancel_seconds}s"


ACTIONS = (mark_failed, mark_success, clear, fail_the_run, run_timeout)
# On the worker the first look follows the submission at once.
EVERY = [
    Ending(*choice)
    for choice in itertools.product(("deferred",), (before_the_first_look, while_waiting), ACTIONS, CANCEL_SECONDS)
] + [Ending(*choice) for choice in itertools.product(("on_the_worker",), (while_waiting,), ACTIONS, CANCEL_SECONDS)]

CHOSEN = [
    Ending("deferred", before_the_first_look, mark_failed, 0),
    Ending("deferred", before_the_first_look, fail_the_run, 20),
    Ending("deferred", before_the_first_look, clear, 1),
    Ending("deferred", while_waiting, mark_success, 5),
    Ending("deferred", while_waiting, clear, 20),
    Ending("deferred", while_waiting, mark_failed, 1),
    Ending("deferred", while_waiting, run_timeout, 0),
    Ending("on_the_worker", while_waiting, mark_failed, 20),
    Ending("on_the_worker", while_waiting, mark_success, 0),
    Ending("on_the_worker", while_waiting, clear, 5),
    Ending("on_the_worker", while_waiting, fail_the_run, 1),
    Ending("on_the_worker", while_waiting, run_timeout, 5),
]


@pytest.mark.parametrize("ending", EVERY if os.environ.get("EVERY_ENDING") else CHOSEN, ids=str)
def test_a_task_that_is_ended_takes_its_operation_with_it(airflow, earth_engines, ending):
    place = earth_engines[CANCEL_SECONDS[ending.cancel_seconds]]
    run = airflow.trigger(f"waiting_{ending.place}_at_{CANCEL_SECONDS[ending.cancel_seconds]}", {"about": str(ending)})
    operation = started(place, str(ending))
    ending.moment(airflow, run, place, operation)

    ending.action(airflow, run)

    assert ended(operation, within=SOON) == "CANCELLED", run.log("export")
    if ending.action is clear:
        successor = started(place, str(ending), count=2)
        assert successor.created >= operation.ended
        place.control.finish(successor.name)
        assert run.wait() == "success", run.log("export", 2)
    else:
        run.wait()
        assert len(operations(place, str(ending))) == 1
    assert cancels(place, operation) == 1, run.log("export")


def test_of_mapped_tasks_only_the_one_that_is_ended_takes_its_operation_with_it(airflow, emulator):
    run = airflow.trigger("waiting_mapped", {"about": "mapped"})
    first, second, third = (started(emulator, f"mapped-{index}") for index in range(3))
    for index in range(3):
        taken(airflow, run, index)

    run.mark("export", "failed", map_index=1)

    assert ended(second) == "CANCELLED"
    for survivor in (first, third):
        assert not survivor.state.terminal
        emulator.control.finish(survivor.name)
    assert run.wait() == "failed"
    assert run.states() == {"export[0]": "success", "export[1]": "failed", "export[2]": "success"}
