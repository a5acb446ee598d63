"""Operations that are done before anybody has looked, or soon after: Airflow must not stumble over any of them."""

import time

import pytest

from tests.airflow.judging import operations
from tests.airflow.polling import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]


@pytest.fixture(autouse=True)
def _done_at_once_and_by_hand(earth_engines, emulator):
    earth_engines["at_once"].control.reset()
    emulator.control.reset()
    emulator.control.configure(time="seconds=600")


def test_fifty_mapped_tasks_start_one_operation_each_however_soon_it_is_done(airflow, earth_engines, emulator):
    run = airflow.trigger("many", {"about": "many"})

    def over():
        """End each operation zero to three seconds after its start."""
        for operation in emulator.control.operations():
            if not operation.state.terminal and time.time() >= operation.created + operation.number % 4:
                emulator.control.finish(operation.name)
        return run.state in ("success", "failed")

    until(over, timeout=480, waiting_for="fifty tasks")

    assert set(run.states().values()) == {"success"}, airflow.logs()
    for index in range(50):
        place = earth_engines["at_once"] if index % 2 == 0 else emulator
        assert [str(operation.state) for operation in operations(place, f"many-{index}")] == ["SUCCEEDED"]
