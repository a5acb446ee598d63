"""What Airflow keeps of the trigger that waits for all items of a task."""

import json

import pytest

from airflow_provider_ee.triggers.bulk import EarthEngineBulkTrigger, read_event
from tests.tasks import fire
from tests.triggers.items import TASK, trigger

LEFT = {"to_submit": 9, "again": 1, "refused": 2, "kept": 3, "started": 4}
KWARGS = {
    "ticket": TASK.marker,
    "project_id": "p",
    "earthengine_conn_id": "c",
    "impersonation_chain": ["a@x", "b@x"],
    "api_version": "v1beta",
    "poll_interval": 5.0,
    "deadline": 1e9,
    "left": LEFT,
    "places": 2500,
    "worthwhile": 250,
    "fruitless": 1,
    "stop_after": 10,
    "item_retries": 2,
    "begun": 1e9,
    "cancel_on_kill": False,
}


def test_what_airflow_keeps_of_it_is_all_there_is_to_it():
    path, kwargs = EarthEngineBulkTrigger(**KWARGS).serialize()
    assert path == "airflow_provider_ee.triggers.bulk.EarthEngineBulkTrigger"
    assert kwargs == KWARGS == json.loads(json.dumps(kwargs))
    assert EarthEngineBulkTrigger(**kwargs).serialize() == (path, kwargs)


def test_what_airflow_keeps_is_small_however_many_items_there_are():
    numbers = dict.fromkeys((*LEFT, "places", "worthwhile", "fruitless", "stop_after", "item_retries"), 10**12)
    left = {name: numbers.pop(name) for name in LEFT}
    assert len(json.dumps(EarthEngineBulkTrigger(**{**KWARGS, **numbers, "left": left}).serialize())) < 1024


def test_arguments_of_another_release_are_ignored():
    assert EarthEngineBulkTrigger(**KWARGS, of_the_future=1).serialize()[1] == KWARGS


def test_numbers_of_another_release_are_kept_and_not_looked_at(earth_engine):
    waiting = trigger(left={"of_the_future": 1})
    assert waiting.serialize()[1]["left"] == {"of_the_future": 1}
    assert fire(waiting)["status"] == "done"


def test_making_one_reads_no_connection_and_no_credentials():
    assert EarthEngineBulkTrigger(TASK.marker, project_id="p", earthengine_conn_id="missing").deadline is None


@pytest.mark.parametrize("event", [None, {}, {"status": "?", "tally": {}}, {"status": "done"}], ids=str)
def test_what_is_no_event_of_ours_is_refused(event):
    with pytest.raises(Exception, match="not an event of an EarthEngineBulkTrigger"):
        read_event(event)
