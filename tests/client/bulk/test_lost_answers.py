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
    assert task.lines[0].endswith(" were started before: looking for their operations.")


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
    assert task.started() == {"tile 0": 1}
    assert "clear the task to start it anew" in task.lines[-1]


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
    assert task.started() == {"tile 0": 2}
