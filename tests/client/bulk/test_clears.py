"""What becomes of the items when a person clears the task, or Airflow tries it again."""

import pytest

from airflow_provider_ee.client.operations.markers import Ticket
from tests.client.bulk.visits import Task


def failing(emulator, **plan):
    """Let the first operation to be started fail."""
    emulator.control.plan(code="INVALID_ARGUMENT", message="Image.load: not found.", **plan)


def epochs(emulator):
    """Return the epochs in which operations were started, the oldest first."""
    return [Ticket.read(operation.asked.description).epoch[-1] for operation in emulator.control.operations()]


def states(emulator):
    """How they stand, the oldest first."""
    return [str(operation.state) for operation in emulator.control.operations()]


def test_a_cleared_task_starts_only_what_had_not_succeeded(emulator):
    failing(emulator)
    task = Task(emulator, 5, concurrency=1)
    assert task.see_through().counts.failed == 1

    run = task.cleared().see_through()

    assert (run.counts.succeeded, run.counts.kept) == (5, 4)
    assert task.started() == {"tile-0": 2, "tile-1": 1, "tile-2": 1, "tile-3": 1, "tile-4": 1}


def test_a_task_that_is_cleared_after_all_has_succeeded_does_all_anew(emulator):
    task = Task(emulator, 3)
    task.see_through()

    run = task.cleared().see_through()

    assert (run.counts.succeeded, run.counts.kept) == (3, 0)
    assert set(task.started().values()) == {2}


def test_a_task_that_is_cleared_at_work_goes_on_with_what_runs(emulator):
    task = Task(emulator, 6, max_pending=4)
    task.visit()

    run = task.cleared().see_through()

    assert run.counts.succeeded == 6
    assert set(task.started().values()) == {1}


def test_what_runs_when_a_task_is_cleared_is_not_done_again_once_it_has_succeeded(emulator):
    task = Task(emulator, 4)
    task.visit()
    task.cleared()

    for _ in range(4):
        run = task.visit()

    assert run.is_over
    assert set(task.started().values()) == {1}


def test_a_task_that_was_cleared_at_work_and_came_to_its_end_is_complete(emulator):
    task = Task(emulator, 4)
    task.visit()
    task.cleared().see_through()
    task.cleared().see_through()
    assert set(task.started().values()) == {2}


def test_what_runs_may_be_cancelled_and_done_anew_instead(emulator):
    task = Task(emulator, 4, resume=False)
    task.visit()

    run = task.cleared().see_through()

    assert run.counts.succeeded == 4
    assert epochs(emulator) == ["1"] * 4 + ["2"] * 4
    assert states(emulator) == ["CANCELLED"] * 4 + ["SUCCEEDED"] * 4
    assert "4 operations still run for an earlier run of the task: cancelling them first." in task.lines


def test_what_had_succeeded_may_be_done_anew_too(emulator):
    failing(emulator)
    task = Task(emulator, 3, resume=False)
    task.see_through()
    assert task.cleared().see_through().counts.kept == 0
    assert set(task.started().values()) == {2}


def test_what_cannot_be_cancelled_in_time_is_waited_for(emulator):
    task = Task(emulator, 2, resume=False)
    task.visit()
    emulator.control.configure(time="looks=4", cancelling="too-late")

    task.cleared().visit()

    assert states(emulator)[:2] == ["SUCCEEDED", "SUCCEEDED"]
    assert epochs(emulator)[2:] == ["2", "2"]


@pytest.mark.parametrize("resume", [True, False], ids=["resume", "restart"])
def test_another_try_keeps_what_succeeded_and_starts_what_failed(emulator, resume):
    failing(emulator, times=2)
    task = Task(emulator, 5, resume=resume)
    assert task.see_through().counts.failed == 2

    run = task.tried_again().see_through()

    assert (run.counts.succeeded, run.counts.kept) == (5, 0)
    assert sorted(task.started().values()) == [1, 1, 1, 2, 2]


def test_an_item_that_fails_in_each_try_is_started_once_in_each(emulator):
    failing(emulator, times=3)
    task = Task(emulator, 1)
    for _ in range(3):
        assert task.see_through().counts.failed == 1
        task.tried_again()
    assert task.started() == {"tile-0": 3}
