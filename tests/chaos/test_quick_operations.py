"""Operations that are over before Airflow knows that their tasks wait: Airflow fails a task that comes back too soon."""

import time

import pytest

from tests.airflow.settings import earth_engine_at
from tests.chaos.invariants import judge
from tests.chaos.pace import Pace
from tests.chaos.report import table
from tests.chaos.work import Work


@pytest.fixture(scope="module")
def settings(emulator):
    """Airflow's own heartbeat and our own patience, as users have them."""
    return {**earth_engine_at(emulator.host), "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "5"}


@pytest.mark.parametrize(
    "seconds", [None, (0, 3)], ids=["done when they are submitted", "done up to three seconds after"]
)
def test_no_quick_operation_makes_airflow_fail_its_task(airflow, emulator, chance, amount, seconds):
    work = Work(airflow, emulator.control)
    emulator.control.reset()
    runs = amount(2, 25)
    start = time.monotonic()
    if seconds:
        with Pace(emulator.control, chance, *seconds):
            work.start("ten_exports_without_retries", runs)
            work.wait(timeout=1200)
    else:
        emulator.control.configure(time="at once")
        work.start("ten_exports_without_retries", runs)
        work.wait(timeout=1200)
    judgement = judge(work)
    what = f"between {seconds[0]} and {seconds[1]} seconds" if seconds else "no time at all"
    table(f"operations that last {what}", {"tasks": runs * 10}, judgement, time.monotonic() - start)
    assert not judgement.complaints, airflow.logs()
