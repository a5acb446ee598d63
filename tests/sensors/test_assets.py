"""The sensor in Airflow's task runner, against the emulator."""

import time

import pytest

from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from tests.sensors.test_operations import MODES, waited
from tests.tasks import fire, resume, run_task

NAME = "projects/emulator/assets/a"
GET = "projects.assets.get"
MAY_NOT_EXIST = f"Permission 'earthengine.assets.get' denied on resource '{NAME}' (or it may not exist)."


def sensor(**changes):
    return EarthEngineAssetSensor(
        **{"task_id": "wait", "asset_id": NAME, "poll_interval": 0.05, "timeout": 60, **changes}
    )


@pytest.mark.parametrize("mode", MODES)
def test_an_asset_that_is_there_is_returned(earth_engine, supervisor, mode):
    earth_engine.control.seed_asset(NAME, "TABLE", properties={"n": 1})
    outcome = run_task(sensor(**mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert (outcome.result["name"], outcome.result["properties"]) == (NAME, {"n": 1})


@pytest.mark.parametrize("mode", MODES)
def test_it_polls_until_there_is_one(earth_engine, supervisor, mode):
    earth_engine.control.seed_asset(NAME, "TABLE")
    missing = earth_engine.control.arm("status", GET, status=404, message="Not yet.", times=3)
    outcome = waited(lambda: sensor(**mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result["name"] == NAME
    assert missing.met == 3


@pytest.mark.parametrize("mode", [MODES[0], MODES[2]])
def test_its_time_is_over_at_some_point(earth_engine, supervisor, mode):
    outcome = waited(lambda: sensor(timeout=0.3, **mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowSensorTimeout"


@pytest.mark.parametrize("mode", MODES)
def test_an_outage_is_waited_out(earth_engine, supervisor, mode):
    earth_engine.control.seed_asset(NAME, "TABLE")
    outage = earth_engine.control.arm("status", GET, status=503, times=9, retry_after="0")
    assert waited(lambda: sensor(**mode), supervisor).state == "success"
    assert outage.met == 9


@pytest.mark.parametrize("mode", MODES)
def test_one_that_may_not_be_seen_fails_for_good(earth_engine, supervisor, mode):
    earth_engine.control.arm("status", GET, status=403, message="Not yours.")
    outcome = run_task(sensor(**mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "Not yours." in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_one_that_may_not_exist_fails_for_good_and_says_how_to_wait_for_it(earth_engine, supervisor, mode):
    earth_engine.control.arm("status", GET, status=403, message=MAY_NOT_EXIST)
    outcome = run_task(sensor(**mode), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "To wait through this answer: wait_if_forbidden=True." in str(outcome.error)


@pytest.mark.parametrize("mode", MODES)
def test_one_that_may_not_exist_is_waited_for_if_asked(earth_engine, supervisor, mode):
    earth_engine.control.seed_asset(NAME, "TABLE")
    refused = earth_engine.control.arm("status", GET, status=403, message=MAY_NOT_EXIST, times=3)
    outcome = waited(lambda: sensor(wait_if_forbidden=True, **mode), supervisor)
    assert outcome.state == "success", outcome.error
    assert refused.met == 3


@pytest.mark.parametrize("mode", MODES)
def test_soft_failing_is_skipping(earth_engine, supervisor, mode):
    earth_engine.control.arm("status", GET, status=403, message="Not yours.")
    assert run_task(sensor(soft_fail=True, **mode), supervisor).state == "skipped"


def test_who_is_told_that_it_is_there_and_does_not_see_it_waits_again(earth_engine, supervisor):
    deferred = run_task(sensor(deferrable=True), supervisor)
    event = {"status": "found", "asset_id": NAME, "message": None}
    assert resume(sensor(deferrable=True), supervisor, deferred, event).state == "deferred"


def test_its_trigger_polls_as_the_sensor_does(earth_engine, supervisor):
    words = {"project_id": "theirs", "earthengine_conn_id": "earth", "api_version": "v1beta"}
    deferred = run_task(sensor(deferrable=True, wait_if_forbidden=True, **words), supervisor)
    kept = deferred.message.trigger_kwargs
    assert {**words, "asset_id": NAME, "poll_interval": 0.05, "wait_if_forbidden": True}.items() <= kept.items()
    assert kept["deadline"] == pytest.approx(time.time() + 60, abs=30)
    assert fire(type(deferred.trigger)(**{**kept, "deadline": time.time() + 0.2}))["status"] == "timed_out"


def test_what_is_no_asset_id_fails_for_good(earth_engine, supervisor):
    outcome = run_task(sensor(asset_id="a b"), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "asset_id: 'a b' is not a valid asset id" in str(outcome.error)
