"""The sensor in Airflow's task runner, against the emulator."""

import pytest

from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from tests.tasks import fire, resume, run_task

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


def test_what_nobody_knows_after_a_while_fails_for_good(earth_engine, supervisor, monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.sensors.operations._SECONDS_UNTIL_KNOWN", 0.2)
    outcome = waited(lambda: sensor("projects/emulator/operations/NOBODYS"), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"


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
