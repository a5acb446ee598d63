"""Time and budget: what is over is cancelled and fails, wherever the task waits."""

import pytest

from tests.airflow.judging import SOON, cancels, ended, operations, started
from tests.airflow.trigger_logs import said, taken

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

EXECUTION_TIMEOUT = 15


@pytest.fixture(scope="module", autouse=True)
def _nothing_ends_by_itself(earth_engines, emulator):
    for place in (emulator, earth_engines["costly"]):
        place.control.reset()
        place.control.configure(time="seconds=600")
    earth_engines["costly"].control.configure(eecu_seconds=600_000)


@pytest.mark.together
@pytest.mark.parametrize("place", ["deferred", "on_the_worker"])
def test_what_is_not_done_within_execution_timeout_is_cancelled(airflow, emulator, place):
    run = airflow.trigger(f"execution_timeout_{place}", {"about": f"timeout-{place}"})
    operation = started(emulator, f"timeout-{place}")

    assert ended(operation, within=EXECUTION_TIMEOUT + SOON) == "CANCELLED"
    assert run.wait() == "failed"
    assert operations(emulator, f"timeout-{place}") == [operation]
    assert cancels(emulator, operation) == 1
    assert "AirflowTaskTimeout" in run.log("export")


@pytest.mark.together
@pytest.mark.parametrize("place", ["deferred", "on_the_worker"])
def test_what_uses_more_than_its_budget_is_cancelled(airflow, earth_engines, place):
    costly = earth_engines["costly"]
    run = airflow.trigger(f"max_eecu_seconds_{place}", {"about": f"budget-{place}"})
    operation = started(costly, f"budget-{place}")

    assert ended(operation, within=SOON) == "CANCELLED"
    assert run.wait() == "failed"
    assert cancels(costly, operation) == 1
    assert "EECU-seconds" in run.log("export")


@pytest.mark.together
@pytest.mark.parametrize("mode", ["deferred", "poke", "reschedule"])
def test_a_sensor_that_ran_out_of_time_fails_and_cancels_nothing(airflow, emulator, mode):
    [operation] = emulator.control.seed_operations("demo-project", description=f"not ours, {mode}")
    run = airflow.trigger(f"sensor_timeout_{mode}", {"operation": operation.name})

    assert run.wait() == "failed"
    assert "AirflowSensorTimeout" in run.log("wait")
    assert not operation.state.terminal
    assert cancels(emulator, operation) == 0


def test_a_deadline_holds_while_there_is_no_triggerer_and_when_there_is_one_again(airflow, emulator):
    runs, waiting = {}, {}
    for seconds in (15, 45):
        runs[seconds] = airflow.trigger(f"execution_timeout_after_{seconds}", {"about": f"after-{seconds}"})
    for seconds, run in runs.items():
        waiting[seconds] = started(emulator, f"after-{seconds}")
        taken(airflow, run)
    airflow.triggerers[-1].kill()

    assert runs[15].wait() == "failed"
    airflow.start_triggerer()
    assert runs[45].wait() == "failed"

    for seconds, operation in waiting.items():
        assert ended(operation) == "CANCELLED"
        assert cancels(emulator, operation) == 1
        assert "AirflowTaskTimeout" in runs[seconds].log("export")
    assert len(said(airflow, runs[15])) == 1, "the next triggerer had nothing to do with it"
    assert len(said(airflow, runs[45])) == 2
