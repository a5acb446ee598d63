"""The trigger that waits for an asset, against the emulator, and what Airflow keeps of it."""

import asyncio
import json
import time

import pytest

from airflow_provider_ee.triggers.assets import EarthEngineAssetTrigger, read_event
from tests.tasks import fire

NAME, GET = "projects/emulator/assets/a", "projects.assets.get"


def trigger(asset_id=NAME, **changes):
    return EarthEngineAssetTrigger(asset_id, **{"project_id": "emulator", "poll_interval": 0.02, **changes})


def events_of(waiting):
    """Run triggers in one event loop, as a triggerer does, and return their events."""

    async def all_of_them():
        async with asyncio.timeout(60):
            return await asyncio.gather(*(anext(aiter(one.run())) for one in waiting))

    return [event.payload for event in asyncio.run(all_of_them())]


def test_it_fires_when_there_is_one(earth_engine):
    earth_engine.control.seed_asset(NAME, "TABLE")
    missing = earth_engine.control.arm("status", GET, status=404, message="Not yet.", times=3)
    event = fire(trigger())
    assert event == {"status": "found", "asset_id": NAME, "message": None}
    assert missing.met == 3


def test_all_that_wait_for_one_asset_share_each_poll(earth_engine):
    earth_engine.control.seed_asset(NAME, "TABLE")
    earth_engine.control.arm("status", GET, status=404, message="Not yet.", times=3)
    events = events_of([trigger() for _ in range(20)])
    assert {event["status"] for event in events} == {"found"}
    assert len(earth_engine.control.ledger.entries(GET)) == 4


def test_what_is_wrong_with_one_is_not_the_trouble_of_another(earth_engine, monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.client.operations.waiting._PATIENCE", 0.1)  # a quarter of an hour
    earth_engine.control.seed_asset(NAME, "TABLE")
    earth_engine.control.arm("status", GET, status=404, message="Not yet.", times=9)
    wrong, right = events_of([trigger("a b"), trigger()])
    assert (wrong["status"], right["status"]) == ("unreachable", "found")
    assert "asset_id: 'a b'" in wrong["message"]


def test_a_refusal_counts_as_a_missing_one_only_if_asked_and_only_if_it_leaves_that_open(earth_engine, monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.client.operations.waiting._PATIENCE", 0.05)  # a quarter of an hour
    earth_engine.control.arm("status", GET, status=403, message="Denied (or it may not exist).", times=99)
    deadline = time.time() + 1
    impatient, patient = events_of([trigger(deadline=deadline), trigger(wait_if_forbidden=True, deadline=deadline)])
    assert (impatient["status"], patient["status"]) == ("unreachable", "timed_out")


def test_trouble_is_logged_as_a_warning_and_waited_out(earth_engine, capsys):
    earth_engine.control.seed_asset(NAME, "TABLE")
    earth_engine.control.arm("status", GET, status=403, message="Not now.", times=3)
    assert fire(trigger())["status"] == "found"
    [line] = [line for line in capsys.readouterr().out.splitlines() if "Not now." in line]
    assert "warning" in line
    assert "giving up at" in line


def test_only_its_name_is_asked_for_unless_that_is_refused(earth_engine):
    earth_engine.control.configure(partial_responses="refused")
    earth_engine.control.seed_asset(NAME, "TABLE")
    assert fire(trigger())["status"] == "found"


KWARGS = {
    "asset_id": NAME,
    "project_id": "p",
    "earthengine_conn_id": "c",
    "impersonation_chain": ["a@x", "b@x"],
    "api_version": "v1beta",
    "poll_interval": 5.0,
    "deadline": 1e9,
    "wait_if_forbidden": True,
}


def test_what_airflow_keeps_of_it_is_all_there_is_to_it():
    path, kwargs = EarthEngineAssetTrigger(**KWARGS).serialize()
    assert path == "airflow_provider_ee.triggers.assets.EarthEngineAssetTrigger"
    assert kwargs == KWARGS == json.loads(json.dumps(kwargs))


def test_arguments_of_another_release_are_ignored():
    assert EarthEngineAssetTrigger(**KWARGS, of_the_future=1).serialize()[1] == KWARGS


@pytest.mark.parametrize("event", [None, {}, {"status": "done", "asset_id": NAME}, {"status": "found"}], ids=str)
def test_what_is_no_event_of_ours_is_refused(event):
    with pytest.raises(Exception, match="not an event of an EarthEngineAssetTrigger"):
        read_event(event)
