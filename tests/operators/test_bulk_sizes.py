"""What Airflow keeps of a bulk export while it waits: as much for ten thousand items as for ten, and what went wrong."""

import json

import pytest

from airflow_provider_ee.client.bulk.saved_state import MAX_REFUSALS
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
from tests.operators.test_exports import ELEVATION
from tests.tasks import Supervisor, run_task

AT_ONCE = 32
KILOBYTE = 1000


def deferred(control, *, items, refused=0):
    """Let a task defer that is refused some of its items, and finds the queue full with the first of the others.

    Args:
        control: Of the Earth Engine.
        items: How many there are.
        refused: How many of them; what is wrong with them takes many words.
    """
    control.reset()
    control.configure(max_queue=1, max_running=1, time="seconds=600")
    control.seed_operations("emulator", 2)  # one runs, one waits
    wrong = [{"key": f"{number}".rjust(200, "x"), "crs": "none" * 100} for number in range(refused)]
    right = [{"key": f"tile-{number}"} for number in range(items - refused)]
    task = EarthEngineBulkExportOperator(
        task_id="tiles",
        exports=lambda: wrong + right,
        export="image_to_cloud_storage",
        common={"image": ELEVATION, "bucket": "bucket", "region": [7, 46, 8, 47], "scale": 1000},
        concurrency=AT_ONCE,
        deferrable=True,
    )
    outcome = run_task(task, Supervisor())
    assert outcome.state == "deferred", outcome.error
    return outcome.message


def sizes(message):
    """The bytes of the arguments that a trigger is kept with, and of what a task is told when it goes on."""
    return [len(json.dumps(kept).encode()) for kept in (message.trigger_kwargs, message.next_kwargs)]


@pytest.mark.parametrize("items", [10, 10_000])
def test_a_trigger_is_small_for_however_many_items(earth_engine, items):
    trigger, _ = sizes(deferred(earth_engine.control, items=items))

    assert trigger < KILOBYTE


def test_of_ten_thousand_items_only_what_went_wrong_is_kept(earth_engine):
    message = deferred(earth_engine.control, items=10_000, refused=MAX_REFUSALS)

    saved_state = message.next_kwargs["saved_state"]
    assert (len(saved_state["refused"]), len(saved_state["refused_by_queue"])) == (MAX_REFUSALS, AT_ONCE)
    assert min(len(reason) for reason, _ in saved_state["refused"].values()) > 250
    assert sum(sizes(message)) < 100 * KILOBYTE
