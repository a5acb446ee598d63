"""The sensor in Airflow's task runner, against the emulator."""

import pytest

from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor
from airflow_provider_ee.triggers.polling import queue_room
from tests.sensors.test_operations import MODES, waited
from tests.tasks import fire, resume, run_task

PATIENT = {"deferrable": True}


def sensor(**changes):
    return EarthEngineQueueSensor(
        **{"task_id": "wait", "max_pending": 3, "poke_interval": 0.05, "timeout": 60, **changes}
    )


def fill(earth_engine, pending, *, time="looks=9999", running=2):
    """Put operations of other people into the queue, besides some that run."""
    earth_engine.control.configure(time=time, max_running=running)
    return earth_engine.control.seed_operations("emulator", pending + running)


@pytest.mark.parametrize("mode", MODES)
def test_it_returns_how_many_are_pending_whoever_started_them_and_leaves_out_what_runs(earth_engine, supervisor, mode):
    fill(earth_engine, 2, running=4)
    outcome = waited(lambda: sensor(**mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result == 2


@pytest.mark.parametrize("mode", MODES)
def test_it_waits_until_fewer_are_pending(earth_engine, supervisor, mode):
    fill(earth_engine, 7, time="looks=2")
    assert run_task(sensor(mode="reschedule"), supervisor).state == "up_for_reschedule"
    outcome = waited(lambda: sensor(**mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result < 3


def test_as_many_as_are_allowed_are_one_too_many(earth_engine, supervisor):
    fill(earth_engine, 3)
    assert run_task(sensor(mode="reschedule"), supervisor).state == "up_for_reschedule"


def test_an_empty_queue_has_room(earth_engine, supervisor):
    assert run_task(sensor(max_pending=1), supervisor).result == 0


def test_2500_may_be_pending_unless_it_is_told_otherwise(earth_engine, supervisor, capsys):
    fill(earth_engine, 2500)
    waiting = EarthEngineQueueSensor(task_id="wait", mode="reschedule")
    assert run_task(waiting, supervisor).state == "up_for_reschedule"
    assert "2,500 operations are pending in emulator: waiting for fewer than 2,500." in capsys.readouterr().out


@pytest.mark.parametrize("mode", MODES)
def test_how_many_may_be_a_template(earth_engine, supervisor, mode):
    fill(earth_engine, 7, time="looks=2")
    outcome = waited(lambda: sensor(max_pending="{{ 1 + 2 }}", **mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result < 3


def test_a_deferred_one_comes_back_when_there_is_room_and_not_before(earth_engine, supervisor):
    fill(earth_engine, 7, time="looks=2")
    deferred = run_task(sensor(**PATIENT), supervisor)
    outcome = resume(sensor(**PATIENT), supervisor, deferred, fire(deferred.trigger))
    assert outcome.state == "success", outcome.error


def test_it_defers_again_if_others_were_quicker(earth_engine, supervisor):
    everybody = fill(earth_engine, 7)
    deferred = run_task(sensor(**PATIENT), supervisor)
    for operation in everybody:
        earth_engine.control.finish(operation.name)
    event = fire(deferred.trigger)
    fill(earth_engine, 7)
    assert event["status"] == "room"
    assert resume(sensor(**PATIENT), supervisor, deferred, event).state == "deferred"


def test_it_is_never_let_in_without_room(earth_engine, supervisor, monkeypatch):
    monkeypatch.setattr(queue_room, "_SECONDS_WITHOUT_ROOM", 0.05)  # ten minutes
    fill(earth_engine, 7)
    deferred = run_task(sensor(**PATIENT, timeout=1), supervisor)
    assert fire(deferred.trigger)["status"] == "timed_out"


def test_its_time_goes_on_while_it_is_let_in_and_sent_away(earth_engine, supervisor):
    fill(earth_engine, 7)
    deferred = run_task(sensor(**PATIENT), supervisor)
    event = {"status": "room", "note": {}, "message": None}
    outcome = resume(sensor(timeout=0, **PATIENT), supervisor, deferred, event)
    assert type(outcome.error).__name__ == "AirflowSensorTimeout"


@pytest.mark.parametrize("mode", [MODES[0], MODES[2]])
def test_its_time_is_over_at_some_point(earth_engine, supervisor, mode):
    fill(earth_engine, 7)
    outcome = waited(lambda: sensor(timeout=0.5, **mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowSensorTimeout"


@pytest.mark.parametrize("mode", [MODES[0], MODES[2]])
def test_soft_failing_is_skipping(earth_engine, supervisor, mode):
    fill(earth_engine, 7)
    assert waited(lambda: sensor(timeout=0.5, soft_fail=True, **mode), supervisor).state == "skipped"


@pytest.mark.parametrize("mode", MODES)
def test_an_outage_is_waited_out(earth_engine, supervisor, mode):
    fill(earth_engine, 2)
    outage = earth_engine.control.arm("status", "projects.operations.list", status=503, times=9, retry_after="0")
    outcome = waited(lambda: sensor(**mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert outage.met == 9


def test_an_outage_at_the_moment_of_the_news_is_waited_out(earth_engine, supervisor):
    everybody = fill(earth_engine, 7)
    deferred = run_task(sensor(**PATIENT), supervisor)
    for operation in everybody:
        earth_engine.control.finish(operation.name)
    event = fire(deferred.trigger)
    earth_engine.control.arm("status", "projects.operations.list", status=503, times=99, retry_after="0")
    assert resume(sensor(**PATIENT), supervisor, deferred, event).state == "deferred"


def test_a_queue_that_the_triggerer_cannot_watch_is_told_and_tried_again(earth_engine, supervisor):
    fill(earth_engine, 7)
    deferred = run_task(sensor(**PATIENT), supervisor)
    event = {"status": "unreachable", "note": {}, "message": "NotFound: nobody there"}
    assert resume(sensor(**PATIENT), supervisor, deferred, event).state == "deferred", "the worker could poll it"
    earth_engine.control.arm("status", "projects.operations.list", status=403, message="Not yours.")
    outcome = resume(sensor(**PATIENT), supervisor, deferred, event)
    assert type(outcome.error).__name__ == "AirflowException"
    assert "could not be polled: NotFound: nobody there" in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_a_queue_that_may_not_be_seen_fails_for_good(earth_engine, supervisor, mode):
    earth_engine.control.arm("status", "projects.operations.list", status=403, message="Not yours.")
    outcome = run_task(sensor(**mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "Not yours." in str(outcome.error)


@pytest.mark.parametrize("skip", ["soft_fail", "never_fail"])
@pytest.mark.parametrize("mode", MODES)
def test_what_would_fail_for_good_is_skipped_if_asked(earth_engine, supervisor, mode, skip):
    assert run_task(sensor(max_pending=0, **{skip: True}, **mode), supervisor).state == "skipped"


@pytest.mark.parametrize("wrong", [0, 3001, 2.5, True, None, "many", "{{ 0 }}"], ids=str)
def test_what_is_no_number_of_places_fails_for_good_before_any_look(earth_engine, supervisor, wrong):
    outcome = run_task(sensor(max_pending=wrong), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert str(outcome.error).startswith("max_pending: ")
    assert "a whole number from 1 to 3000" in str(outcome.error)
    assert earth_engine.control.ledger.entries() == []


def test_its_trigger_looks_as_the_sensor_does(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999", max_running=1)
    earth_engine.control.seed_operations("theirs", 9)
    words = {"project_id": "theirs", "earthengine_conn_id": "earth", "api_version": "v1beta"}
    deferred = run_task(sensor(impersonation_chain=["a@x.iam"], **words, **PATIENT), supervisor)
    kept = deferred.message.trigger_kwargs
    assert {**words, "impersonation_chain": ["a@x.iam"], "poll_interval": 0.05, "limit": 3}.items() <= kept.items()
