"""What tasks leave behind when a person ends them and no triggerer is there to cancel anything."""

import re
from contextlib import suppress

import pytest

from tests.airflow.polling import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]


@pytest.fixture(autouse=True)
def _work_takes_long(emulator):
    emulator.control.reset()
    emulator.control.configure(time="seconds=600")


def delete(airflow, run):
    """Delete a run and all that Airflow knows of its tasks."""
    run.fail()  # Airflow deletes no run that goes on
    with suppress(ValueError):  # and answers with nothing, which is no JSON
        airflow.rest.call("DELETE", f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}")


@pytest.fixture
def left_behind(airflow):
    """Fail tasks, delete a run and let a task wait, all while no triggerer lives; return the operations' names."""
    searched, deleted, other = (airflow.trigger(f"orphans_{name}") for name in ("searched", "deleted", "not_searched"))
    for run in (searched, deleted, other):
        until(lambda run=run: set(run.states().values()) == {"deferred"}, timeout=90, waiting_for=f"{run} to wait")
    for triggerer in airflow.triggerers:
        triggerer.kill()
    try:
        names = {
            "failed": searched.xcom("single", "operation_name"),
            "failed index": searched.xcom("mapped", "operation_name", map_index=1),
            "waiting index": searched.xcom("mapped", "operation_name", map_index=0),
            "deleted": deleted.xcom("single", "operation_name"),
            "of another DAG": other.xcom("single", "operation_name"),
        }
        searched.mark("single", "failed")
        searched.mark("mapped", "failed", map_index=1)
        other.mark("single", "failed")
        delete(airflow, deleted)
        yield names
    finally:
        # Nothing is left for the next triggerer to go on with in the midst of another test.
        for run in (searched, other):
            delete(airflow, run)
        airflow.start_triggerer()


def of_another_airflow(emulator, name):
    """Start what the same task in another Airflow would have started."""
    [description] = [
        operation.asked.description for operation in emulator.control.operations() if operation.name == name
    ]
    mark = re.compile(r";af:\w{5}")
    assert mark.search(description)
    [foreign] = emulator.control.seed_operations("demo-project", description=mark.sub(";af:depl1", description))
    return foreign.name


def test_orphans_are_named_in_a_dry_run_and_cancelled_in_a_real_one(airflow, emulator, left_behind):
    of_another_airflow(emulator, left_behind["failed"])
    orphans = {
        left_behind["failed"]: "failed",
        left_behind["failed index"]: "failed",
        left_behind["deleted"]: "gone",
    }

    def search(dry_run):
        run = airflow.trigger("orphans_search", {"dry_run": dry_run})
        assert run.wait() == "success", f"{run.log('search')}\n{airflow.logs()}"
        return {orphan["name"]: orphan["task_state"] for orphan in run.xcom("search")}

    def cancelled():
        return {entry.operation for entry in emulator.control.ledger.entries("projects.operations.cancel")}

    assert search(dry_run=True) == orphans
    assert cancelled() == set()
    assert search(dry_run=False) == orphans
    assert cancelled() == orphans.keys()
