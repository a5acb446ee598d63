"""A hundred exports as one task: whoever dies on the way, each is done once; whoever ends it, ends them all."""

import random
from collections import Counter

import pytest

from tests.airflow.judging import SOON, about
from tests.airflow.polling import until
from tests.airflow.trigger_logs import taken
from tests.chaos.victims import Victims

# One after the other, and not together: what the second one kills, the first one needs.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

TILES = [f"tile-{number}" for number in range(100)]


def crowded(place, **settings):
    """Let an Earth Engine queue twenty operations."""
    place.control.reset()
    place.control.configure(max_queue=20, **settings)
    return place.control


def test_what_is_not_done_is_cancelled_when_a_person_fails_the_task_and_nothing_more_is_started(airflow, emulator):
    control = crowded(emulator, max_running=5, time="seconds=600")
    run = airflow.trigger("bulk_at_earthengine_default")
    taken(airflow, run)
    started = control.operations()
    assert 20 <= len(started) < len(TILES)

    run.mark("export", "failed")

    until(
        lambda: all(operation.state.terminal for operation in started), timeout=SOON, waiting_for="all to be cancelled"
    )
    assert Counter(str(operation.state) for operation in started) == {"CANCELLED": len(started)}
    assert run.wait() == "failed"
    assert control.operations() == started


def test_every_tile_is_exported_once_though_its_worker_and_its_triggerer_are_killed(airflow, earth_engines):
    control = crowded(earth_engines["crowded"], max_running=50, time="seconds=5")
    # A submission that takes its time is one in the midst of which a worker can die.
    control.arm("delay", "projects.image.export", seconds=0.5, times=1000)
    victims = Victims(airflow, random.Random(0))  # noqa: S311  # there is only one of each
    run = airflow.trigger("bulk_at_crowded")
    until(lambda: len(control.operations()) >= 10, timeout=240, waiting_for="the first submissions")

    victims.kill("task")
    assert len(control.operations()) < 50
    control.disarm()
    taken(airflow, run, attempt=2)
    victims.kill("triggerer's supervisor")

    assert run.wait() == "success", f"{run.log('export', 2)}\n{airflow.logs()}"
    operations = {about(operation): operation.name for operation in control.operations()}
    assert Counter(map(about, control.operations())) == dict.fromkeys(TILES, 1)
    result = run.xcom("export")
    assert (result["total"], result["succeeded"], result["failed"]) == (len(TILES), len(TILES), 0)
    assert {key: item["operation"] for key, item in result["items"].items()} == operations
