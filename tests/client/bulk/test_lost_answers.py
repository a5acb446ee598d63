"""Answers that were lost, and lists that are late: nothing is started twice."""

import pytest

from tests.client.bulk.visits import Task

EXPORT = "projects.image.export"


@pytest.mark.parametrize("duplicate", ["same-operation", "already-exists", "invalid"])
@pytest.mark.parametrize("lost", [{"kind": "reset"}, {"kind": "status", "status": 503}, {"kind": "truncated"}], ids=str)
def test_a_lost_answer_starts_nothing_twice(emulator, duplicate, lost):
    emulator.control.configure(duplicate_request_id=duplicate)
    emulator.control.arm(**lost, method=EXPORT, after_work=True, skip=2, times=3)
    task = Task(emulator, 12)

    run = task.see_through()

    assert run.counts.succeeded == 12
    assert set(task.started().values()) == {1}


def test_operations_that_the_list_shows_late_are_looked_for_again(emulator):
    emulator.control.configure(duplicate_request_id="already-exists", list_lag="looks=4")
    emulator.control.arm("reset", EXPORT, after_work=True, times=3)
    task = Task(emulator, 6)

    run = task.see_through()

    assert run.counts.succeeded == 6
    assert set(task.started().values()) == {1}
    assert task.lines[0].endswith(" may have been started before: looking for their operations.")


def test_whole_visits_that_a_list_is_late_start_nothing_twice(emulator):
    emulator.control.configure(list_lag="looks=3", time="looks=8")
    task = Task(emulator, 6, max_pending=4)
    task.see_through()
    assert set(task.started().values()) == {1}


def test_an_operation_that_is_never_listed_is_given_up_and_not_replaced(emulator):
    emulator.control.configure(duplicate_request_id="already-exists", list_lag="seconds=600")
    emulator.control.arm("reset", EXPORT, after_work=True)
    task = Task(emulator, 1)

    run = task.visit()

    assert run.counts.failed == 1
    assert task.started() == {"tile-0": 1}
    assert "clear the task to run it" in task.warnings[-1]


def test_an_operation_that_is_listed_after_it_was_given_up_counts_all_the_same(emulator):
    emulator.control.configure(duplicate_request_id="already-exists", list_lag="seconds=600")
    emulator.control.arm("reset", EXPORT, after_work=True)
    task = Task(emulator, 1)
    task.visit()
    emulator.control.configure(list_lag="at once")
    assert task.see_through().counts.succeeded == 1


def test_an_operation_that_had_failed_before_it_was_found_is_retried(emulator):
    emulator.control.configure(duplicate_request_id="already-exists", time="looks=1")
    emulator.control.plan(code="UNAVAILABLE", message="Try again.")
    emulator.control.arm("reset", EXPORT, after_work=True)
    task = Task(emulator, 1, item_retries=1)

    run = task.see_through()

    assert run.counts.succeeded == 1
    assert task.started() == {"tile-0": 2}


FULL = {
    "status": 429,
    "message": "Too many tasks already in the queue (3000). Please wait for some of them to complete.",
}


@pytest.mark.parametrize("duplicate", ["same-operation", "already-exists", "invalid", "field-violation"])
def test_a_queue_that_is_said_to_be_full_after_a_lost_answer_starts_nothing_twice(emulator, duplicate):
    emulator.control.configure(duplicate_request_id=duplicate, list_lag="looks=3")
    emulator.control.arm("reset", EXPORT, after_work=True)
    emulator.control.arm("status", EXPORT, **FULL)
    task = Task(emulator, 1)

    run = task.see_through()

    assert run.counts.succeeded == 1
    assert task.started() == {"tile-0": 1}


@pytest.mark.parametrize("duplicate", ["same-operation", "already-exists", "invalid", "field-violation"])
@pytest.mark.parametrize("burns", [True, False], ids=["burns", "keeps"])
def test_a_list_that_shows_nothing_for_once_after_a_full_queue_starts_nothing_twice(emulator, duplicate, burns):
    emulator.control.configure(
        duplicate_request_id=duplicate, time="looks=100", max_queue=0, queue_full_burns_request_id=burns
    )
    task = Task(emulator, 3)
    task.visit()
    emulator.control.configure(max_queue=3000)
    task.notes[-1]["queue_capacity"] = None
    task.visit()
    task.visit()
    emulator.control.configure(list_lag="seconds=600")

    task.visit()

    assert task.started() == {f"tile-{number}": 1 for number in range(3)}


@pytest.mark.parametrize("burns", [True, False], ids=["burns", "keeps"])
def test_a_worker_that_knows_nothing_of_the_full_queue_before_starts_nothing_twice(emulator, burns):
    emulator.control.configure(
        duplicate_request_id="invalid", time="looks=100", max_queue=0, queue_full_burns_request_id=burns
    )
    task = Task(emulator, 3)
    task.visit()
    emulator.control.configure(max_queue=3000, list_lag="looks=3")
    task.notes[-1]["queue_capacity"] = None
    task.visit()
    task.notes.clear()

    task.tried_again().visit()

    assert task.started() == {f"tile-{number}": 1 for number in range(3)}
