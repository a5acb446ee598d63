"""More work than Earth Engine queues for a project: tasks wait for room, without a worker."""

from collections import Counter

import pytest

from tests.airflow.judging import about
from tests.airflow.polling import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]


def test_tasks_for_which_the_queue_has_no_room_wait_deferred_and_submit_once(airflow, earth_engines):
    control = earth_engines["crowded"].control
    control.reset()
    control.configure(max_queue=3, max_running=1, time="seconds=600")
    run = airflow.trigger("crowded", {"about": "crowded"})

    def waiting():
        triggers = Counter((task["trigger"] or {}).get("classpath", "").rpartition(".")[2] for task in run.tasks())
        return triggers == {"EarthEngineOperationTrigger": 4, "EarthEngineQueueTrigger": 6}

    until(waiting, timeout=240, waiting_for="one running, three queued and six waiting for room")
    assert len(control.operations()) == 4

    control.configure(time="seconds=1")
    assert run.wait() == "success", run.states()
    assert sorted(about(operation) for operation in control.operations()) == [f"crowded-{index}" for index in range(10)]
