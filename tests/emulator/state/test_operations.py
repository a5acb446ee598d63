"""The state machine, with a clock in hand and no HTTP."""

import contextlib
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from airflow_provider_ee.emulator.compute.interruption import check_interrupted
from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.operation import Operation, Outcome, State, Submission
from airflow_provider_ee.emulator.state.operations import Operations
from airflow_provider_ee.emulator.state.settings import Settings


class Bench:
    """Operations with everything around them in the hands of the test."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.settings = Settings()
        ids = itertools.count()
        self.workers = ThreadPoolExecutor(1)
        self.operations = Operations(lambda: self.settings, lambda: self.now, lambda: f"{next(ids):024}", self.workers)

    def set(self, **changes: Any) -> None:
        self.settings = self.settings.changed(changes)

    def submit(self, **asked: Any) -> Operation:
        return self.operations.submit(Submission(**({"project": "p", "kind": "EXPORT_IMAGE"} | asked)))

    def look(self, operation: Operation) -> Operation:
        found = self.operations.get(operation.name)
        wait(self.operations.unfinished_work([found]), timeout=10)
        return found

    def names(self, **page: Any) -> list[str]:
        found, _ = self.operations.page("p", page.get("size", 500), page.get("before"))
        return [operation.asked.description for operation in found]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.workers.shutdown()


def test_a_new_operation_is_pending_and_has_not_begun(bench: Bench) -> None:
    shown = bench.submit(description="d", priority=7).shown()

    metadata = shown["metadata"]
    assert (metadata["state"], metadata["startTime"], metadata["attempt"]) == ("PENDING", "1970-01-01T00:00:00Z", 1)
    assert (metadata["description"], metadata["priority"], metadata["type"]) == ("d", 7, "EXPORT_IMAGE")
    assert "done" not in shown
    assert "endTime" not in metadata


def test_at_once_means_that_the_first_look_finds_the_end(bench: Bench) -> None:
    done: list[str] = []
    operation = bench.submit(work=lambda: done.append("worked"), destination_uris=("https://there",))

    shown = bench.look(operation).shown()

    assert done == ["worked"]
    assert shown["done"] is True
    assert shown["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    assert shown["metadata"]["state"] == "SUCCEEDED"
    assert shown["metadata"]["progress"] == 1
    assert shown["metadata"]["destinationUris"] == ["https://there"]


def test_progress_grows_with_every_look(bench: Bench) -> None:
    bench.set(time="looks=4")
    operation = bench.submit()

    seen = []
    for _ in range(4):
        found = bench.look(operation)
        seen.append((found.state.value, round(found.progress, 2)))

    assert seen == [("PENDING", 0.0), ("RUNNING", 0.33), ("RUNNING", 0.67), ("SUCCEEDED", 1.0)]


def test_seconds_pass_by_the_clock_alone(bench: Bench) -> None:
    bench.set(time="seconds=10")
    operation = bench.submit(work=lambda: None)
    bench.look(operation)
    bench.look(operation)
    assert operation.state is State.PENDING

    bench.now += 5
    bench.operations.advance()
    assert (operation.state, operation.progress) == (State.RUNNING, 0.5)

    bench.now += 5
    bench.operations.advance()
    bench.workers.shutdown()
    assert operation.state is State.SUCCEEDED


def test_the_costs_grow_with_the_progress_and_the_attempts(bench: Bench) -> None:
    bench.set(time="seconds=10", eecu_seconds=100)
    bench.operations.plan(Outcome(attempts=2))
    operation = bench.submit()

    bench.now += 7.5
    shown = bench.look(operation).shown()["metadata"]

    assert (shown["attempt"], shown["progress"], shown["batchEecuUsageSeconds"]) == (2, 0.5, 150)


def test_a_planned_failure_comes_after_all_attempts_with_its_code(bench: Bench) -> None:
    bench.set(time="looks=6")
    bench.operations.plan(Outcome(attempts=5, code="RESOURCE_EXHAUSTED", message="Out of memory."))
    operation = bench.submit(work=lambda: pytest.fail("a planned failure does no work"))

    attempts = [bench.look(operation).attempt for _ in range(6)]
    shown = operation.shown()

    assert attempts == [1, 2, 3, 4, 5, 5]
    assert shown["error"] == {"code": 8, "message": "Out of memory."}
    assert shown["metadata"]["state"] == "FAILED"
    assert "response" not in shown


def test_work_that_is_refused_fails_the_operation_with_the_same_words(bench: Bench) -> None:
    def work() -> None:
        raise ApiError("INVALID_ARGUMENT", "Band pattern 'B9' did not match.")

    shown = bench.look(bench.submit(work=work)).shown()

    assert shown["error"] == {"code": 3, "message": "Band pattern 'B9' did not match."}


def test_work_that_breaks_fails_the_operation_without_its_inside(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> None:
        raise RuntimeError("the inside")

    shown = bench.look(bench.submit(work=work)).shown()

    assert shown["error"] == {"code": 13, "message": "An internal error has occurred."}
    assert "the inside" in caplog.text


def test_work_is_done_once_however_many_look(bench: Bench) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), []

    def work() -> None:
        begun.set()
        go_on.wait(10)
        done.append(1)

    operation = bench.submit(work=work)
    bench.operations.get(operation.name)
    assert begun.wait(10)
    bench.operations.get(operation.name)
    go_on.set()
    bench.look(operation)

    assert done == [1]


class TestCancelling:
    def test_an_operation_is_cancelling_until_somebody_looks(self, bench: Bench) -> None:
        operation = bench.submit()
        bench.operations.cancel(operation.name)
        assert operation.state is State.CANCELLING

        shown = bench.look(operation).shown()

        assert shown["metadata"]["state"] == "CANCELLED"
        assert shown["error"] == {"code": 1, "message": "Cancelled."}

    def test_a_finished_operation_stays_as_it_is(self, bench: Bench) -> None:
        operation = bench.look(bench.submit())
        bench.operations.cancel(operation.name)
        assert bench.look(operation).state is State.SUCCEEDED

    def test_a_cancel_can_come_too_late(self, bench: Bench) -> None:
        bench.set(time="looks=9", cancelling="too-late")
        operation = bench.submit()
        bench.operations.cancel(operation.name)
        assert bench.look(operation).state is State.SUCCEEDED

    def test_a_cancel_can_hang_for_ever(self, bench: Bench) -> None:
        bench.set(cancelling="never")
        operation = bench.submit()
        bench.operations.cancel(operation.name)
        bench.now += 1e6
        assert bench.look(operation).state is State.CANCELLING

    def test_deleting_does_not_cancel_but_forgets(self, bench: Bench) -> None:
        operation = bench.submit()
        bench.operations.delete(operation.name)
        assert operation.state is State.PENDING
        with pytest.raises(ApiError, match="not found"):
            bench.operations.get(operation.name)


class TestQueue:
    def test_a_full_queue_refuses_in_earth_engines_words(self, bench: Bench) -> None:
        bench.set(max_queue=2, time="looks=9")
        bench.submit()
        bench.submit()

        with pytest.raises(ApiError, match=r"Too many tasks already in the queue \(2\)\. Please wait") as refused:
            bench.submit()
        assert refused.value.status == 429

    def test_the_queue_of_another_project_is_another_queue(self, bench: Bench) -> None:
        bench.set(max_queue=1, time="looks=9")
        bench.submit()
        assert bench.submit(project="other").state is State.PENDING

    def test_running_operations_do_not_wait_in_the_queue(self, bench: Bench) -> None:
        bench.set(max_queue=1, time="looks=3")
        operation = bench.submit()
        bench.look(operation)
        bench.look(operation)
        assert operation.state is State.RUNNING
        assert bench.submit().state is State.PENDING

    @pytest.mark.parametrize(("status", "code"), [(400, "INVALID_ARGUMENT"), (503, "UNAVAILABLE"), (402, "UNKNOWN")])
    def test_the_status_of_a_full_queue_is_a_switch(self, bench: Bench, status: int, code: str) -> None:
        bench.set(max_queue=0, queue_full_status=status)
        with pytest.raises(ApiError) as refused:
            bench.submit()
        assert (refused.value.status, refused.value.code) == (status, code)

    @pytest.mark.parametrize("burns", [True, False], ids=["burns the id", "leaves the id"])
    def test_a_full_queue_can_use_the_request_id_up(self, bench: Bench, burns: bool) -> None:
        bench.set(max_queue=0, queue_full_burns_request_id=burns)
        with pytest.raises(ApiError, match="Too many tasks"):
            bench.submit(request_id="r")
        bench.set(max_queue=9)

        if burns:
            with pytest.raises(ApiError, match="A different Operation was already started"):
                bench.submit(request_id="r")
        else:
            assert bench.submit(request_id="r").state is State.PENDING

    def test_places_go_to_the_highest_priority_then_to_the_oldest(self, bench: Bench) -> None:
        bench.set(max_running=1, time="looks=2")
        first, late, urgent, second = (bench.submit(priority=priority) for priority in (5, 1, 900, 5))
        order = []
        for _ in range(8):
            for operation in (late, second, urgent, first):
                was = operation.state
                bench.look(operation)
                if operation.state is State.SUCCEEDED and was is not State.SUCCEEDED:
                    order.append(operation)

        assert order == [first, urgent, second, late]


class TestRequestIds:
    def test_the_same_request_can_be_the_same_operation(self, bench: Bench) -> None:
        bench.set(duplicate_request_id="same-operation")
        assert bench.submit(request_id="r", user="a") is bench.submit(request_id="r", user="a")

    def test_without_a_request_id_nothing_is_a_repetition(self, bench: Bench) -> None:
        assert bench.submit() is not bench.submit()

    def test_another_user_may_have_the_same_id(self, bench: Bench) -> None:
        assert bench.submit(request_id="r", user="a") is not bench.submit(request_id="r", user="b")

    def test_the_same_id_with_another_body_is_refused(self, bench: Bench) -> None:
        bench.submit(request_id="r", fingerprint="one")
        with pytest.raises(ApiError, match="A different Operation was already started with the given request_id"):
            bench.submit(request_id="r", fingerprint="two")

    @pytest.mark.parametrize(
        ("mode", "status", "code"),
        [("already-exists", 409, "ALREADY_EXISTS"), ("invalid", 400, "INVALID_ARGUMENT")],
    )
    def test_a_repetition_can_be_refused(self, bench: Bench, mode: str, status: int, code: str) -> None:
        bench.set(duplicate_request_id=mode)
        bench.submit(request_id="r")
        with pytest.raises(ApiError) as refused:
            bench.submit(request_id="r")
        assert (refused.value.status, refused.value.code) == (status, code)
        assert len(bench.operations.everything()) == 1

    def test_a_service_that_forgets_starts_again(self, bench: Bench) -> None:
        bench.set(duplicate_request_id="new-operation")
        assert bench.submit(request_id="r") is not bench.submit(request_id="r")


class TestLists:
    def test_the_newest_comes_first(self, bench: Bench) -> None:
        for name in "abc":
            bench.submit(description=name)
        bench.submit(description="elsewhere", project="other")
        assert bench.names() == ["c", "b", "a"]

    def test_pages_join_without_gap_or_repetition_though_new_ones_arrive(self, bench: Bench) -> None:
        for name in "abcde":
            bench.submit(description=name)
        first, following = bench.operations.page("p", 2, None)
        bench.submit(description="new")

        rest, last = bench.operations.page("p", 9, following)

        assert [operation.asked.description for operation in first + rest] == list("edcba")
        assert last is None

    def test_a_list_is_a_look(self, bench: Bench) -> None:
        bench.set(time="looks=2")
        operation = bench.submit()
        bench.names()
        bench.names()
        assert operation.state is State.SUCCEEDED

    def test_a_list_can_lag_behind_by_looks(self, bench: Bench) -> None:
        bench.set(list_lag="looks=3")
        bench.submit(description="new")
        assert [bench.names() for _ in range(3)] == [[], [], ["new"]]

    def test_a_list_can_lag_behind_by_seconds(self, bench: Bench) -> None:
        bench.set(list_lag="seconds=60")
        bench.submit(description="new")
        bench.now += 59
        assert bench.names() == []
        bench.now += 1
        assert bench.names() == ["new"]

    def test_a_new_operation_can_be_unknown_for_a_while(self, bench: Bench) -> None:
        bench.set(get_lag="looks=2")
        operation = bench.submit()
        with pytest.raises(ApiError, match="not found"):
            bench.operations.get(operation.name)
        assert bench.operations.get(operation.name) is operation


class TestHurry:
    def test_an_operation_can_be_brought_to_its_end(self, bench: Bench) -> None:
        bench.set(time="seconds=900")
        operation = bench.submit(work=lambda: None)
        bench.operations.end(operation.name)
        bench.workers.shutdown()
        assert operation.state is State.SUCCEEDED

    def test_an_operation_can_be_made_to_fail(self, bench: Bench) -> None:
        bench.set(time="seconds=900")
        operation = bench.submit()
        bench.operations.end(operation.name, Outcome(code="INTERNAL", message="Internal error."))
        assert operation.error == {"code": 13, "message": "Internal error."}

    def test_a_thousand_made_up_operations_cost_nothing_and_share_the_list(self, bench: Bench) -> None:
        bench.operations.seed(Submission(project="p", kind="EXPORT_IMAGE", description="foreign"), 1200)
        assert len(bench.names()) == 500


def test_answers_can_be_distorted(bench: Bench) -> None:
    operation = bench.submit()
    operation.distortion, operation.dropped = {"metadata.state": "PAUSED"}, ("metadata.attempt", "no.such")

    shown = operation.shown()

    assert shown["metadata"]["state"] == "PAUSED"
    assert "attempt" not in shown["metadata"]


def test_an_operation_is_forgotten_ten_days_after_its_end_with_its_request_id(bench: Bench) -> None:
    bench.set(duplicate_request_id="invalid")
    old, young = bench.submit(request_id="a"), bench.submit(request_id="b")
    bench.look(old)
    bench.now += 9 * 86_400
    bench.look(young)
    bench.now += 2 * 86_400

    assert bench.operations.everything() != []
    with pytest.raises(ApiError, match="not found"):
        bench.operations.get(old.name)
    assert bench.operations.page("p", 500, None)[0] == [young]
    bench.submit(request_id="a")
    with pytest.raises(ApiError, match="different Operation"):
        bench.submit(request_id="b")


def test_what_goes_on_is_not_forgotten(bench: Bench) -> None:
    bench.set(time="looks=9")
    going = bench.submit()
    bench.now += 30 * 86_400
    assert bench.look(going).state is State.PENDING


def test_operations_can_be_kept_for_ever(bench: Bench) -> None:
    bench.set(retention_days=0)
    operation = bench.look(bench.submit())
    bench.now += 3_000 * 86_400
    assert bench.operations.get(operation.name) is operation


def test_what_an_operation_worked_on_is_let_go_at_its_end(bench: Bench) -> None:
    operation = bench.look(bench.submit(work=lambda: None))
    assert (operation.asked.work, operation.working) == (None, None)


@pytest.mark.parametrize(("status", "refused"), [(200, False), (400, True)])
def test_cancelling_what_has_ended_is_accepted_or_refused(bench: Bench, status: int, refused: bool) -> None:
    bench.set(cancel_finished_status=status)
    operation = bench.look(bench.submit())
    with pytest.raises(ApiError) if refused else contextlib.nullcontext():
        bench.operations.cancel(operation.name)
    assert operation.state is State.SUCCEEDED


def test_cancelled_work_is_interrupted_and_its_operation_stays_cancelled(bench: Bench) -> None:
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        try:
            while True:
                check_interrupted()
        finally:
            over.set()

    operation = bench.submit(work=work)
    bench.operations.get(operation.name)
    assert begun.wait(10)
    bench.operations.cancel(operation.name)

    assert bench.operations.get(operation.name).state is State.CANCELLED
    assert over.wait(10)
    assert operation.state is State.CANCELLED
    assert bench.operations.unfinished_work([operation]) == []


def test_closing_interrupts_the_work_that_has_begun(bench: Bench) -> None:
    over = threading.Event()

    def work() -> None:
        try:
            while True:
                check_interrupted()
        finally:
            over.set()

    bench.operations.get(bench.submit(work=work).name)
    bench.operations.close(patience=10)
    assert over.is_set()
