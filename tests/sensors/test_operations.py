"""The sensor in Airflow's task runner, against the emulator."""

from datetime import UTC, datetime, timedelta

import pytest

from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.sensors.waiting import WaitingSensor
from tests.tasks import fire, resume, run_task
from tests.versions import needs_airflow

MODES = [
    pytest.param({"mode": "poke"}, id="poke"),
    pytest.param({"mode": "reschedule"}, id="reschedule"),
    pytest.param({"deferrable": True}, id="deferrable"),
]


def seeded(earth_engine, count=1):
    return [operation.name for operation in earth_engine.control.seed_operations("emulator", count)]


def sensor(names, **changes):
    return EarthEngineOperationSensor(
        **{"task_id": "wait", "operation_name": names, "poke_interval": 0.05, "timeout": 60, **changes}
    )


def waited(make, supervisor):
    """Play worker, scheduler and triggerer until the sensor has ended."""
    outcome = run_task(make(), supervisor)
    while outcome.state in {"deferred", "up_for_reschedule"}:
        if outcome.state == "deferred":
            outcome = resume(make(), supervisor, outcome, fire(outcome.trigger))
        else:
            outcome = run_task(make(), supervisor)
    return outcome


@pytest.mark.parametrize("mode", MODES)
def test_it_waits_until_an_operation_is_done_and_returns_what_it_did(earth_engine, supervisor, mode):
    earth_engine.control.configure(time="looks=3")
    [name] = seeded(earth_engine)
    outcome = waited(lambda: sensor(name, **mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert (outcome.result["name"], outcome.result["state"]) == (name, "SUCCEEDED")


@pytest.mark.parametrize("mode", MODES)
def test_it_waits_for_all_of_a_list(earth_engine, supervisor, mode):
    earth_engine.control.configure(time="looks=3")
    names = seeded(earth_engine, 3)
    outcome = waited(lambda: sensor(names, **mode), supervisor)
    assert [result["name"] for result in outcome.result] == names


@pytest.mark.parametrize("mode", MODES)
def test_it_fails_for_good_and_says_which_operation_failed(earth_engine, supervisor, mode):
    names = seeded(earth_engine, 3)
    earth_engine.control.fail(names[1], code="INVALID_ARGUMENT", message="Out of luck.")
    for name in (names[0], names[2]):
        earth_engine.control.finish(name)
    outcome = waited(lambda: sensor(names, **mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert f"1 of 3 operations did not succeed: {names[1]}: Out of luck." in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_a_failure_of_the_only_one_is_told_in_earth_engines_words(earth_engine, supervisor, mode):
    [name] = seeded(earth_engine)
    earth_engine.control.fail(name, code="INVALID_ARGUMENT", message="Out of luck.")
    outcome = waited(lambda: sensor(name, **mode), supervisor)
    assert "Out of luck." in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_soft_failing_is_skipping(earth_engine, supervisor, mode):
    [name] = seeded(earth_engine)
    earth_engine.control.fail(name)
    outcome = waited(lambda: sensor(name, soft_fail=True, **mode), supervisor)
    assert outcome.state == "skipped"


@pytest.mark.parametrize("mode", [MODES[0], MODES[2]])
def test_its_timeout_ends_the_wait_and_not_the_operation(earth_engine, supervisor, mode):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    outcome = waited(lambda: sensor(name, timeout=0.5, **mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowSensorTimeout"
    assert str(earth_engine.control.operations()[0].state) in {"PENDING", "RUNNING"}


def test_an_outage_is_waited_out(earth_engine, supervisor):
    [name] = seeded(earth_engine)
    earth_engine.control.finish(name)
    armed = earth_engine.control.arm("status", "projects.operations.get", status=503, times=8, retry_after="0")
    outcome = waited(lambda: sensor(name), supervisor)
    assert outcome.state == "success", outcome.error
    assert armed.met == 8


@pytest.mark.parametrize("mode", MODES)
def test_what_was_started_a_moment_ago_may_not_be_known_yet(earth_engine, supervisor, mode):
    earth_engine.control.configure(get_lag="looks=3")
    [name] = seeded(earth_engine)
    outcome = waited(lambda: sensor(name, **mode), supervisor)
    assert outcome.state == "success", outcome.error


@pytest.mark.parametrize("stored", [True, False], ids=["where Airflow keeps it", "before Airflow 3.3"])
@pytest.mark.parametrize("mode", MODES)
def test_what_nobody_knows_after_a_while_fails_for_good(earth_engine, supervisor, monkeypatch, mode, stored):
    monkeypatch.setattr("airflow_provider_ee.client.operations.waiting._PATIENCE_WHEN_NOT_FOUND", 0.3)  # ten minutes
    if not stored:
        monkeypatch.setattr(WaitingSensor, "_stored", staticmethod(lambda _: None))
    outcome = waited(lambda: sensor("projects/emulator/operations/NOBODYS", **mode), supervisor)
    assert type(outcome.error).__name__ in {"AirflowFailException", "AirflowException"}
    assert "not found" in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_who_is_refused_at_first_fails_at_once(earth_engine, supervisor, mode):
    [name] = seeded(earth_engine)
    earth_engine.control.arm("status", "projects.operations.get", status=403, message="Not yours.")
    outcome = run_task(sensor(name, **mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("mode", MODES)
def test_a_refusal_later_on_is_waited_out(earth_engine, supervisor, capsys, mode, status):
    earth_engine.control.configure(time="looks=6")
    [name] = seeded(earth_engine)
    earth_engine.control.arm("status", "projects.operations.get", status=status, message="Not now.", skip=1, times=2)
    outcome = waited(lambda: sensor(name, **mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert "giving up at" in capsys.readouterr().out


@needs_airflow("3.3", "nothing is kept of a sensor that is rescheduled")
def test_a_refusal_after_a_long_wait_is_given_its_time_though_the_sensor_was_rescheduled(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    supervisor.first_rescheduled = datetime(2026, 1, 1, tzinfo=UTC)
    forever = {"timeout": 1e9, "mode": "reschedule"}
    earth_engine.control.arm("status", "projects.operations.get", status=403, message="Not now.", times=2)
    assert run_task(sensor(name, **forever), supervisor).state == "up_for_reschedule"
    assert run_task(sensor(name, **forever), supervisor).state == "up_for_reschedule"


def test_a_wait_that_the_trigger_gave_up_goes_on_if_the_worker_can_poll(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    deferred = run_task(sensor(name, deferrable=True), supervisor)
    event = {"status": "unreachable", "operation_names": [name], "states": [None], "message": "NotFound: ..."}
    assert resume(sensor(name, deferrable=True), supervisor, deferred, event).state == "deferred"


def test_a_wait_that_neither_the_trigger_nor_the_worker_can_go_on_with_fails(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    deferred = run_task(sensor(name, deferrable=True), supervisor)
    event = {"status": "unreachable", "operation_names": [name], "states": [None], "message": "NotFound: gone"}
    earth_engine.control.arm("status", "projects.operations.get", status=404, message="No.")
    outcome = resume(sensor(name, deferrable=True), supervisor, deferred, event)
    assert "could not be polled: NotFound: gone" in str(outcome.error)


def test_what_is_done_for_the_trigger_and_refused_to_the_worker_is_not_waited_for_for_ever(
    earth_engine, supervisor, monkeypatch
):
    monkeypatch.setattr("airflow_provider_ee.client.operations.waiting._PATIENCE", 0.5)  # a quarter of an hour
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    outcome = run_task(sensor(name, deferrable=True), supervisor)
    earth_engine.control.arm("status", "projects.operations.get", status=403, message="Not yours.", times=999)
    event = {"status": "done", "operation_names": [name], "states": ["SUCCEEDED"], "message": None}
    while outcome.state == "deferred":
        outcome = resume(sensor(name, deferrable=True), supervisor, outcome, event)
    assert "Not yours." in str(outcome.error)


def test_the_last_poll_is_when_the_time_is_over_however_long_the_interval_is(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    outcome = run_task(sensor(name, timeout=0.3, poke_interval=3600.0), supervisor)
    assert type(outcome.error).__name__ == "AirflowSensorTimeout"
    assert len(earth_engine.control.ledger.entries("projects.operations.get")) == 2


def test_an_execution_timeout_ends_a_deferred_wait_too(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    [name] = seeded(earth_engine)
    changes = {"deferrable": True, "execution_timeout": timedelta(seconds=0.5)}
    outcome = waited(lambda: sensor(name, **changes), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"


@pytest.mark.parametrize(
    ("given", "interval"),
    [
        pytest.param({}, 30.0, id="the configured one"),
        pytest.param({"poll_interval": 7}, 7.0, id="poll_interval"),
        pytest.param({"poke_interval": 8}, 8.0, id="in Airflow's word"),
        pytest.param({"poke_interval": timedelta(minutes=1)}, 60.0, id="a timedelta"),
        pytest.param({"poll_interval": 7, "default_args": {"poke_interval": 8}}, 7.0, id="both"),
        pytest.param({"default_args": {"poke_interval": 8}}, 8.0, id="of the DAG"),
    ],
)
def test_it_polls_as_often_as_it_is_told(given, interval):
    waiting = EarthEngineOperationSensor(task_id="wait", operation_name="A", **given)
    assert (waiting.poll_interval, waiting.poke_interval) == (interval, interval)


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), "often"], ids=str)
def test_an_interval_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=r"poll_interval: "):
        EarthEngineOperationSensor(task_id="wait", operation_name="A", poll_interval=wrong)


def test_what_an_operator_has_returned_names_its_operation(earth_engine, supervisor):
    [name] = seeded(earth_engine)
    earth_engine.control.finish(name)
    assert run_task(sensor({"name": name, "state": "RUNNING"}), supervisor).result["name"] == name
    assert [one["name"] for one in run_task(sensor([{"name": name}]), supervisor).result] == [name]


def test_how_far_it_is_is_logged_once_and_not_at_each_poll(earth_engine, supervisor, capsys):
    earth_engine.control.configure(time="seconds=9999")
    [name] = seeded(earth_engine)
    run_task(sensor(name, timeout=0.5), supervisor)
    assert len(earth_engine.control.ledger.entries("projects.operations.get")) > 3
    assert sum("RUNNING" in line for line in capsys.readouterr().out.splitlines()) <= 1


def test_an_outage_at_the_moment_of_the_news_is_waited_out(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=3")
    [name] = seeded(earth_engine)
    deferred = run_task(sensor(name, deferrable=True), supervisor)
    event = fire(deferred.trigger)
    earth_engine.control.arm("status", "projects.operations.get", status=503, times=99, retry_after="0")
    assert resume(sensor(name, deferrable=True), supervisor, deferred, event).state == "deferred"


def test_many_are_looked_at_with_one_listing_and_told_in_one_line(earth_engine, supervisor, capsys):
    names = seeded(earth_engine, 600)
    for name in names:
        earth_engine.control.finish(name)
    outcome = run_task(sensor(names), supervisor)
    assert [result["name"] for result in outcome.result] == names
    ledger = earth_engine.control.ledger
    assert len(ledger.entries("projects.operations.list")) == 2
    assert ledger.entries("projects.operations.get") == []
    assert "600 operations: 600 SUCCEEDED" in capsys.readouterr().out


def test_what_is_done_already_is_not_deferred(earth_engine, supervisor):
    [name] = seeded(earth_engine)
    earth_engine.control.finish(name)
    assert run_task(sensor(name, deferrable=True), supervisor).state == "success"


def test_a_bare_id_is_looked_for_in_the_project(earth_engine, supervisor):
    [name] = seeded(earth_engine)
    earth_engine.control.finish(name)
    outcome = run_task(sensor(name.rpartition("/")[2]), supervisor)
    assert outcome.result["name"] == name


@pytest.mark.parametrize("wrong", ["", "a/b", "{{ '' }}"])
def test_what_is_no_operation_name_fails_for_good(earth_engine, supervisor, wrong):
    outcome = run_task(sensor(wrong), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "operation_name: " in str(outcome.error)


def test_killing_a_sensor_never_cancels_what_it_only_watched(earth_engine, supervisor):
    [name] = seeded(earth_engine)
    earth_engine.control.configure(time="looks=9999")
    deferred = run_task(sensor(name, deferrable=True), supervisor)
    assert deferred.message.trigger_kwargs["cancel_on_kill"] is False
