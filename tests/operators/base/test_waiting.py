"""Waiting for room, for the end, and not for ever: in Airflow's task runner, against the emulator."""

from datetime import timedelta

import pytest

from tests.operators.test_exports import states, to_cloud_storage
from tests.tasks import fire, give_up, resume, run_task
from tests.versions import needs_airflow


@pytest.fixture
def full_queue(earth_engine):
    """A project whose queue holds one task, and in which one runs and one waits."""
    earth_engine.control.configure(time="looks=99", max_queue=1, max_running=1)
    return earth_engine.control.seed_operations("emulator", 2)


def own(earth_engine, others):
    return earth_engine.control.operations()[len(others) :]


def make_room(earth_engine, others):
    for other in others:
        earth_engine.control.finish(other.name)


def exporting(**changes):
    return to_cloud_storage(deferrable=True, **changes)


@pytest.mark.parametrize("kept", [True, False], ids=["in task state", "without task state"])
def test_a_task_without_room_lets_go_of_its_worker_and_submits_once_when_there_is(
    earth_engine, supervisor, full_queue, kept
):
    deferred = run_task(exporting(), supervisor)
    assert (deferred.state, deferred.message.next_method) == ("deferred", "submit_again"), deferred.error
    assert deferred.message.trigger_kwargs["limit"] == 1
    make_room(earth_engine, full_queue)
    if not kept:
        supervisor.store.clear()
    submitted = resume(exporting(), supervisor, deferred, fire(deferred.trigger))
    assert (submitted.state, submitted.message.next_method) == ("deferred", "execute_complete"), submitted.error
    [operation] = own(earth_engine, full_queue)
    assert operation.asked.request_id.endswith("-0-q1")
    assert submitted.message.trigger_kwargs["operation_names"] == [operation.name]


@needs_airflow("3.3", "nothing is noted of a request id that is used up")
def test_a_task_that_died_while_it_waited_for_room_goes_on_with_the_next_request_id(
    earth_engine, supervisor, full_queue
):
    run_task(exporting(), supervisor)
    make_room(earth_engine, full_queue)
    run_task(exporting(), supervisor, try_number=2)
    [operation] = own(earth_engine, full_queue)
    assert operation.asked.request_id.endswith("-0-q1")


def test_room_that_is_taken_meanwhile_is_waited_for_again(earth_engine, supervisor, full_queue):
    deferred = run_task(exporting(), supervisor)
    event = {"status": "room", "note": deferred.message.trigger_kwargs["note"], "message": None}
    again = resume(exporting(), supervisor, deferred, event)
    assert (again.state, again.message.next_method) == ("deferred", "submit_again"), again.error
    assert again.message.trigger_kwargs["note"]["refusals"] == 2
    assert own(earth_engine, full_queue) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"status": "timed_out", "note": {}, "message": None}, "AirflowTaskTimeout"),
        ({"status": "unreachable", "note": {}, "message": "403"}, "AirflowException"),
        ({"status": "what"}, "AirflowException"),
        (None, "AirflowException"),
    ],
    ids=str,
)
def test_what_is_no_room_submits_nothing(earth_engine, supervisor, full_queue, event, kind):
    deferred = run_task(exporting(), supervisor)
    outcome = resume(exporting(), supervisor, deferred, event)
    assert type(outcome.error).__name__ == kind
    assert own(earth_engine, full_queue) == []


def test_the_time_that_a_task_has_counts_while_it_waits_for_room(earth_engine, supervisor, full_queue):
    deferred = run_task(exporting(execution_timeout=timedelta(seconds=1)), supervisor)
    assert fire(deferred.trigger)["status"] == "timed_out"
    outcome = give_up(exporting(), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"


def test_a_wait_that_airflow_ended_because_no_triggerer_did_ends_the_operation_too(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    run_task(exporting(execution_timeout=timedelta(hours=1)), supervisor)
    outcome = give_up(exporting(execution_timeout=timedelta(hours=1)), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert states(earth_engine) <= {"CANCELLING", "CANCELLED"}


def test_what_was_done_before_airflow_ended_the_wait_is_a_success(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    run_task(exporting(), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.finish(operation.name)
    earth_engine.control.configure(time="at once")
    outcome = give_up(exporting(), supervisor)
    assert outcome.state == "success", outcome.error


def test_airflow_waits_a_little_longer_than_the_trigger(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(exporting(execution_timeout=timedelta(hours=1)), supervisor)
    assert timedelta(hours=1) < deferred.message.trigger_timeout < timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("deferrable", [True, False], ids=["deferred", "on the worker"])
def test_an_operation_that_uses_too_much_is_cancelled_and_its_task_fails_for_good(earth_engine, supervisor, deferrable):
    earth_engine.control.configure(time="looks=10", eecu_seconds=1000)
    operator = to_cloud_storage(max_eecu_seconds=250, deferrable=deferrable)
    outcome = run_task(operator, supervisor)
    if deferrable:
        outcome = resume(operator, supervisor, outcome, fire(outcome.trigger))
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "max_eecu_seconds allows 250" in str(outcome.error)
    assert states(earth_engine) <= {"CANCELLING", "CANCELLED"}


def test_an_operation_that_uses_no_more_than_it_may_goes_on(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=3", eecu_seconds=1000)
    outcome = run_task(to_cloud_storage(max_eecu_seconds=1000), supervisor)
    assert outcome.state == "success", outcome.error


def test_an_outage_at_the_moment_of_the_news_is_waited_out(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    deferred = run_task(exporting(), supervisor)
    event = fire(deferred.trigger)
    earth_engine.control.arm("status", "projects.operations.get", status=503, times=99, retry_after="0")
    again = resume(exporting(), supervisor, deferred, event)
    assert (again.state, again.message.next_method) == ("deferred", "execute_complete"), again.error
    earth_engine.control.disarm()
    outcome = resume(exporting(), supervisor, again, fire(again.trigger))
    assert outcome.state == "success", outcome.error


def test_what_is_being_cancelled_when_a_try_comes_back_is_replaced_once_it_is_over(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    run_task(exporting(), supervisor)
    [first] = earth_engine.control.operations()
    earth_engine.control.fail(first.name, code="CANCELLED", message="Cancelled.")
    again = run_task(exporting(), supervisor, try_number=2)
    [_, second] = earth_engine.control.operations()
    assert again.message.trigger_kwargs["operation_names"] == [second.name]


def at(prefix, **words):
    return to_cloud_storage(file_name_prefix=prefix, **words)


def test_the_result_names_the_files_that_were_written_and_not_those_that_are_asked_for_now(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(at("first", deferrable=True), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.finish(operation.name)
    resumed = resume(at("second", deferrable=True), supervisor, deferred, fire(deferred.trigger))
    assert resumed.state == "success", resumed.error
    assert resumed.result["uri_prefix"] == "gs://bucket/first"
    assert "request_changed" not in resumed.result


@needs_airflow("3.3", "nothing tells a retry where an earlier try wrote")
def test_a_later_try_that_asks_for_something_else_goes_on_and_says_where_the_result_is(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    run_task(at("first", deferrable=True), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.finish(operation.name)
    retried = run_task(at("second"), supervisor, try_number=2)
    assert len(earth_engine.control.operations()) == 1
    assert (retried.result["uri_prefix"], retried.result["request_changed"]) == ("gs://bucket/first", True)


def test_where_nobody_knows_where_the_result_is_no_place_is_named(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    run_task(at("first", deferrable=True), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.finish(operation.name)
    supervisor.store.clear()
    retried = run_task(at("second"), supervisor, try_number=2)
    assert retried.state == "success", retried.error
    assert retried.result["request_changed"] is True
    assert not {"uri_prefix", "bucket", "file_name_prefix"} & set(retried.result)


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_a_task_that_cannot_ask_how_it_ended_waits_again(earth_engine, supervisor, status):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(exporting(), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.finish(operation.name)
    event = fire(deferred.trigger)
    earth_engine.control.arm("status", "projects.operations.get", status=status, times=9)
    again = resume(exporting(), supervisor, deferred, event)
    assert (again.state, again.message.next_method) == ("deferred", "execute_complete"), again.error
    assert again.trigger.result == deferred.trigger.result


def test_an_operation_that_can_be_watched_again_is_waited_for_again(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(exporting(), supervisor)
    [operation] = earth_engine.control.operations()
    event = {"status": "unreachable", "operation_names": [operation.name], "states": [None], "message": "403"}
    again = resume(exporting(), supervisor, deferred, event)
    assert again.state == "deferred", again.error
