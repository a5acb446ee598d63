"""One operation for each time that somebody, or a retry after a failure, wants the work done; never two at once."""

import os
import signal
from dataclasses import replace

import pytest

from airflow_provider_ee.client.operations.markers import Ticket
from tests.airflow.judging import cancels, ended, operations, started
from tests.airflow.polling import until
from tests.airflow.trigger_logs import taken

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow"), pytest.mark.together]

DEFERRED, ON_THE_WORKER = "deferred_at_earthengine_default", "on_the_worker_at_earthengine_default"


@pytest.fixture(scope="module", autouse=True)
def _nothing_ends_by_itself(emulator):
    emulator.control.reset()
    emulator.control.configure(time="seconds=600")


def request_ids(emulator, subject):
    """The last part of each request id, which numbers the operations of a ticket."""
    return [operation.asked.request_id.rpartition("-")[2] for operation in operations(emulator, subject)]


@pytest.mark.parametrize("place", [DEFERRED, ON_THE_WORKER])
def test_a_task_that_succeeded_does_its_work_again_when_it_is_cleared(airflow, emulator, place):
    subject = f"{place}-succeeded"
    run = airflow.trigger(f"waiting_{place}", {"about": subject})
    first = started(emulator, subject)
    emulator.control.finish(first.name)
    assert run.wait() == "success", run.log("export")

    run.clear("export")

    second = started(emulator, subject, count=2)
    emulator.control.finish(second.name)
    assert run.wait() == "success", run.log("export", 2)
    assert run.xcom("export", "operation_name") == second.name
    assert (len(operations(emulator, subject)), cancels(emulator, first)) == (2, 0)


@pytest.mark.parametrize("place", [DEFERRED, ON_THE_WORKER])
def test_a_task_that_failed_does_its_work_again_when_it_is_cleared(airflow, emulator, place):
    subject = f"{place}-failed"
    run = airflow.trigger(f"waiting_{place}", {"about": subject})
    first = started(emulator, subject)
    emulator.control.fail(first.name)
    assert run.wait() == "failed", run.log("export")

    run.clear("export")

    second = started(emulator, subject, count=2)
    emulator.control.finish(second.name)
    assert run.wait() == "success", run.log("export", 2)
    assert (len(operations(emulator, subject)), cancels(emulator, first)) == (2, 0)


@pytest.mark.parametrize("place", ["deferred", "on_the_worker"])
def test_a_cleared_task_goes_on_with_its_operation_if_it_is_told_to_attach(airflow, emulator, place):
    subject = f"{place}-attach"
    run = airflow.trigger(f"waiting_{place}_to_be_attached_to", {"about": subject})
    operation = started(emulator, subject)
    if place == "deferred":
        taken(airflow, run)

    run.clear("export")

    until(lambda: run.task("export")["try_number"] == 2, timeout=240, waiting_for="the second try")
    until(lambda: "going on with it" in run.log("export", 2), timeout=240, waiting_for="the second try to attach")
    assert not operation.state.terminal, run.log("export")
    emulator.control.finish(operation.name)
    assert run.wait() == "success", run.log("export", 2)
    assert operations(emulator, subject) == [operation]
    assert cancels(emulator, operation) == 0


def test_a_task_that_is_cleared_twice_in_a_row_leaves_one_operation(airflow, emulator):
    run = airflow.trigger(f"waiting_{DEFERRED}", {"about": "twice"})
    started(emulator, "twice")
    taken(airflow, run)

    run.clear("export")
    second = started(emulator, "twice", count=2)
    taken(airflow, run, attempt=2)
    run.clear("export")

    third = started(emulator, "twice", count=3)
    assert third.created >= second.ended
    emulator.control.finish(third.name)
    assert run.wait() == "success", run.log("export", 3)
    assert [str(operation.state) for operation in operations(emulator, "twice")] == [
        "CANCELLED",
        "CANCELLED",
        "SUCCEEDED",
    ]


def test_a_retry_after_a_failed_operation_starts_the_next_one(airflow, emulator):
    run = airflow.trigger("waiting_with_retries", {"about": "retried"})
    for count in (1, 2):
        emulator.control.fail(started(emulator, "retried", count).name)

    emulator.control.finish(started(emulator, "retried", count=3).name)

    assert run.wait() == "success", run.log("export", 3)
    assert request_ids(emulator, "retried") == ["0", "1", "2"]


def test_an_operation_that_no_retry_can_help_is_not_tried_again(airflow, emulator):
    run = airflow.trigger("waiting_with_retries", {"about": "hopeless"})
    operation = started(emulator, "hopeless")

    emulator.control.fail(operation.name, "INVALID_ARGUMENT", "Too many pixels.")

    assert run.wait() == "failed", run.log("export")
    assert run.task("export")["try_number"] == 1
    assert "Too many pixels." in run.log("export")
    assert operations(emulator, "hopeless") == [operation]


def test_what_another_deployment_started_for_the_same_task_is_neither_taken_nor_cancelled(airflow, emulator):
    run = airflow.trigger(f"waiting_{DEFERRED}", {"about": "ours"})
    first = started(emulator, "ours")
    taken(airflow, run)
    ours = Ticket.read(first.asked.description)
    theirs = [
        emulator.control.seed_operations("demo-project", description=f"theirs{ticket.marker}")[0]
        for ticket in (replace(ours, deployment="00000", epoch=epoch) for epoch in (ours.epoch, "000000"))
    ]

    run.clear("export")

    second = started(emulator, "ours", count=2)
    again = Ticket.read(second.asked.description)
    assert ours.same_task(again)
    assert ours != again
    assert ended(first) == "CANCELLED"
    emulator.control.finish(second.name)
    assert run.wait() == "success", run.log("export", 2)
    assert [cancels(emulator, operation) for operation in theirs] == [0, 0]
    assert not any(operation.state.terminal for operation in theirs)


def test_editing_the_retries_neither_doubles_an_operation_nor_hides_a_clear(airflow, dags_folder, emulator):
    run = airflow.trigger("edited", {"about": "edited"})
    first = started(emulator, "edited")
    until(lambda: run.task("export")["pid"], timeout=240, waiting_for="the task's process")
    os.kill(run.task("export")["pid"], signal.SIGKILL)
    run.wait_for_task("export", ["up_for_retry"])
    _edit_retries(airflow, dags_folder / "edited.py", 0)

    run.wait_for_task("export", ["running"])
    emulator.control.finish(first.name)
    assert run.wait() == "success", run.log("export", 2)
    assert operations(emulator, "edited") == [first]

    # Airflow's max_tries is now what it was at first, 2: two tries were made, and no retry is left.
    run.clear("export")
    second = started(emulator, "edited", count=2)
    emulator.control.finish(second.name)
    assert run.wait() == "success", run.log("export", 3)
    assert len(operations(emulator, "edited")) == 2


def _edit_retries(airflow, file, retries):
    file.write_text(file.read_text().replace("RETRIES = 2", f"RETRIES = {retries}"))

    def parsed():
        task = airflow.rest.call("GET", "/api/v2/dags/edited/tasks/export")
        return task["retries"] == retries

    until(parsed, timeout=240, waiting_for="Airflow to parse the edited DAG")
