"""The sensor in Airflow's task runner, against the emulator."""

from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from tests.tasks import run_task

NAME = "projects/emulator/assets/a"


def wait(supervisor, **changes):
    words = {"task_id": "wait", "asset_id": NAME, "poke_interval": 0.05, "timeout": 60}
    return run_task(EarthEngineAssetSensor(**{**words, **changes}), supervisor)


def test_an_asset_that_is_there_is_returned(earth_engine, supervisor):
    earth_engine.control.seed_asset(NAME, "TABLE", properties={"n": 1})
    outcome = wait(supervisor)
    assert outcome.state == "success", outcome.error
    assert (outcome.result["name"], outcome.result["properties"]) == (NAME, {"n": 1})


def test_it_looks_until_there_is_one(earth_engine, supervisor):
    earth_engine.control.seed_asset(NAME, "TABLE")
    missing = earth_engine.control.arm("status", "projects.assets.get", status=404, message="Not yet.", times=3)
    assert wait(supervisor).state == "success"
    assert missing.met == 3


def test_it_lets_go_of_the_worker_between_looks_if_asked(earth_engine, supervisor):
    assert wait(supervisor, mode="reschedule").state == "up_for_reschedule"


def test_its_time_is_over_at_some_point(earth_engine, supervisor):
    assert type(wait(supervisor, timeout=0.1).error).__name__ == "AirflowSensorTimeout"


def test_an_outage_is_waited_out(earth_engine, supervisor):
    earth_engine.control.seed_asset(NAME, "TABLE")
    outage = earth_engine.control.arm("status", "projects.assets.get", status=503, times=9, retry_after="0")
    assert wait(supervisor).state == "success"
    assert outage.met == 9


def test_one_that_may_not_be_seen_fails_for_good(earth_engine, supervisor):
    earth_engine.control.arm("status", "projects.assets.get", status=403, message="Not yours.")
    outcome = wait(supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "Not yours." in str(outcome.error)


def test_what_is_no_asset_id_fails_for_good(earth_engine, supervisor):
    outcome = wait(supervisor, asset_id="a b")
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "asset_id: 'a b' is not a valid asset id" in str(outcome.error)
