"""What goes wrong with one item, and what goes wrong with all."""

import pytest

from airflow_provider_ee.client.bulk.saved_state import MAX_REFUSALS
from airflow_provider_ee.client.errors import (
    InvalidArgument,
    InvalidRequest,
    PermissionDenied,
    Transient,
    Unauthenticated,
)
from tests.client.bulk.visits import Task

EXPORT = "projects.image.export"


def requests(emulator):
    return len(emulator.control.ledger.entries(EXPORT))


@pytest.mark.parametrize(
    ("code", "item_retries", "started"),
    [
        pytest.param("UNAVAILABLE", 0, 1, id="not at all"),
        pytest.param("UNAVAILABLE", 1, 2, id="once"),
        pytest.param("RESOURCE_EXHAUSTED", 3, 4, id="thrice"),
        pytest.param("INVALID_ARGUMENT", 3, 1, id="never if it would fail again"),
    ],
)
def test_an_item_whose_failure_may_pass_is_started_as_often_as_wished(emulator, code, item_retries, started):
    emulator.control.plan(code=code, message="It went wrong.", times=9)
    task = Task(emulator, 1, item_retries=item_retries)
    assert task.see_through().counts.failed == 1
    assert task.started() == {"tile-0": started}


def test_an_item_whose_failure_passes_is_done_in_the_end(emulator):
    emulator.control.plan(code="UNAVAILABLE", message="Try again.", times=4)
    task = Task(emulator, 5, item_retries=2)

    run = task.see_through()

    assert run.counts.succeeded == 5
    assert sum(task.started().values()) == 9
    ids = [operation.asked.request_id for operation in emulator.control.operations()]
    assert len(set(ids)) == 9


@pytest.mark.parametrize(("status", "message"), [(400, "Band 'B9' is unknown."), (404, "No such bucket.")])
def test_a_refusal_concerns_one_item_only(emulator, status, message):
    emulator.control.arm("status", EXPORT, status=status, message=message, skip=1)
    task = Task(emulator, 4, concurrency=1)

    run = task.see_through()

    assert (run.counts.succeeded, run.counts.failed) == (3, 1)
    assert list(run.saved_state.refused) == [run.items[1].digest]
    assert message in run.item_states[run.items[1].digest].refusal.reason
    assert requests(emulator) == 4
    [line] = task.warnings
    assert line.startswith("tile-1 is given up: ")


def test_a_wrong_word_is_a_refusal_before_anything_is_sent(emulator):
    exports = [{"key": "good"}, {"key": "bad", "bucket": "gs://no"}]
    run = Task(emulator, exports).see_through()
    assert (run.counts.succeeded, run.counts.failed) == (1, 1)
    refusal = run.item_states[run.items[1].digest].refusal
    assert refusal.reason.startswith("bad: bucket: 'gs://no' is not a valid bucket name.")
    assert requests(emulator) == 1


def test_another_try_asks_again_for_what_was_refused(emulator):
    emulator.control.arm("status", EXPORT, status=400, message="No such band.")
    task = Task(emulator, 3)
    assert task.see_through().counts.failed == 1
    assert task.tried_again().see_through().counts.succeeded == 3


@pytest.mark.parametrize("status", [401, 403])
def test_who_may_not_is_told_at_once_and_asks_no_more(emulator, status):
    emulator.control.arm("status", EXPORT, status=status, message="No.", times=1000)
    task = Task(emulator, 100, concurrency=4)
    with pytest.raises({401: Unauthenticated, 403: PermissionDenied}[status]):
        task.visit()
    assert requests(emulator) <= 8
    assert task.notes[-1]["refused"] == {}


def test_trouble_with_one_does_not_undo_the_others(emulator):
    emulator.control.arm("status", EXPORT, status=403, message="No.", skip=5)
    task = Task(emulator, 10, concurrency=2)
    with pytest.raises(PermissionDenied):
        task.visit()
    assert len(task.started()) >= 5
    assert task.tried_again().see_through().counts.succeeded == 10
    assert set(task.started().values()) == {1}


def test_an_outage_ends_a_visit_and_the_next_try_goes_on(emulator):
    emulator.control.arm("status", EXPORT, status=503, skip=3, times=1000)
    task = Task(emulator, 8, concurrency=2)
    with pytest.raises(Transient):
        task.visit()
    emulator.control.disarm()

    assert task.tried_again().see_through().counts.succeeded == 8
    assert set(task.started().values()) == {1}


def test_when_very_many_are_refused_something_is_wrong_with_all(emulator):
    emulator.control.arm("status", EXPORT, status=400, message="Not registered.", times=1000)
    task = Task(emulator, 2 * MAX_REFUSALS)
    with pytest.raises(InvalidRequest, match=r"Not registered\. .*More than 100 items were refused like this one\."):
        task.visit()
    assert MAX_REFUSALS < requests(emulator) <= MAX_REFUSALS + 8


def test_when_very_many_have_a_wrong_word_nothing_is_asked(emulator):
    exports = [{"key": f"tile-{number}", "bucket": "gs://no"} for number in range(2 * MAX_REFUSALS)]
    with pytest.raises(InvalidArgument, match=r"^tile-100: bucket: .* More than 100 items were refused like this one"):
        Task(emulator, exports).visit()
    assert requests(emulator) == 0


def test_what_a_users_own_function_raises_is_raised(emulator):
    def broken():
        raise LookupError("no scenes in May")

    task = Task(emulator, [{"key": "April"}, {"key": "May", "priority": broken}])
    with pytest.raises(LookupError, match="no scenes in May"):
        task.visit()
    assert task.started() == {"April": 1}


@pytest.mark.parametrize(
    ("stop_after", "failures", "started"), [(None, 3, 10), (3, 3, 10), (2, 3, 6), (0, 1, 6)], ids=str
)
def test_after_too_many_failures_nothing_more_is_started(emulator, stop_after, failures, started):
    emulator.control.plan(code="INVALID_ARGUMENT", message="No such band.", times=failures)
    emulator.control.configure(max_running=3, time="looks=2")
    task = Task(emulator, 10, max_pending=6, stop_after=stop_after)

    runs = [task.visit() for _ in range(8)]

    assert runs[-1].counts.failed == failures
    assert runs[-1].has_failed_too_often is (started < 10)
    assert len(task.started()) == started


def test_after_too_many_refusals_nothing_more_is_started(emulator):
    emulator.control.arm("status", EXPORT, status=400, message="No such band.", skip=2, times=1000)
    task = Task(emulator, 10, concurrency=1, stop_after=1)

    run = task.visit()

    assert run.has_failed_too_often
    assert requests(emulator) == 4
    assert task.visit().counts.to_submit == 6
    assert requests(emulator) == 4


def test_each_item_whose_operation_failed_for_good_is_warned_of_once(emulator):
    emulator.control.plan(code="INVALID_ARGUMENT", message="No such band.", times=2)
    task = Task(emulator, 4, max_pending=2, concurrency=1)

    task.see_through()

    assert sorted(task.warnings) == ["tile-0 is given up: No such band.", "tile-1 is given up: No such band."]


def test_of_very_many_items_that_failed_the_log_names_a_few(emulator):
    emulator.control.plan(code="INVALID_ARGUMENT", message="No such band.", times=30)
    task = Task(emulator, 30)

    task.see_through()

    assert len(task.warnings) == 21
    assert task.warnings[-1] == "10 more items are given up."
