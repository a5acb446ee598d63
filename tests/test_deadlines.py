"""When the time of a task is over, and Airflow's alarm is lost, as it is where a weak reference has called Python."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from airflow_provider_ee.compat import AirflowTaskTimeout
from airflow_provider_ee.deadlines import TaskClock, TaskStopped
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
from airflow_provider_ee.operators.exports.images import EarthEngineExportImageToCloudStorageOperator
from tests.tasks import run_task

IMAGE = {"result": "0", "values": {"0": {"constantValue": 1}}}
WORDS = {"image": IMAGE, "bucket": "bucket", "region": [7, 46, 7.1, 46.1], "crs": "EPSG:4326", "scale": 1000}
IN_TIME = {"task_id": "late", "execution_timeout": timedelta(seconds=1), "poll_interval": 0.05}
#: Whoever does not look at the clock waits for so long, and succeeds.
TOO_LONG = "seconds=5"


@pytest.fixture(autouse=True)
def lost_alarm(monkeypatch):
    """Nothing else can make Python call a signal's handler just where an error is lost."""
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)


def states(earth_engine):
    return {operation.state for operation in earth_engine.control.operations()}


def one():
    return EarthEngineExportImageToCloudStorageOperator(**WORDS, **IN_TIME)


def many():
    exports = [{"key": "a", **WORDS}, {"key": "b", **WORDS}]
    return EarthEngineBulkExportOperator(exports=exports, export="image_to_cloud_storage", **IN_TIME)


@pytest.mark.parametrize("operator", [one, many], ids=["an export", "many exports"])
def test_who_waits_for_an_operation_on_the_worker_ends_in_time_all_the_same(earth_engine, supervisor, operator):
    earth_engine.control.configure(time=TOO_LONG)
    outcome = run_task(operator(), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert states(earth_engine) <= {"CANCELLING", "CANCELLED"}


def test_who_waits_for_room_in_the_queue_on_the_worker_ends_in_time_all_the_same(earth_engine, supervisor):
    earth_engine.control.configure(time=TOO_LONG, max_queue=1, max_running=1)
    others = earth_engine.control.seed_operations("emulator", 2)
    outcome = run_task(one(), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert len(earth_engine.control.operations()) == len(others)


def test_a_sleep_ends_when_it_is_over():
    TaskClock(timedelta(hours=1)).sleep(0.01)
    TaskClock(None).sleep(0.0)


def test_a_sleep_ends_when_the_time_of_the_task_is_over():
    with pytest.raises(AirflowTaskTimeout):
        TaskClock(timedelta(seconds=0.05)).sleep(3600.0)


def test_a_sleep_ends_when_the_task_is_told_to_stop_also_in_other_threads():
    clock = TaskClock(None)
    with ThreadPoolExecutor(2) as pool:
        sleeps = [pool.submit(clock.sleep, 3600.0) for _ in range(2)]
        clock.stop()
        assert {type(sleep.exception()) for sleep in sleeps} == {TaskStopped}


def test_who_was_told_to_stop_sleeps_no_more():
    clock = TaskClock(None)
    clock.stop()
    with pytest.raises(TaskStopped):
        clock.sleep(0.0)
