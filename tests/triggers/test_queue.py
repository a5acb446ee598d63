"""The trigger that waits for room, against the emulator, and what Airflow keeps of it."""

import asyncio
import json
import logging
import time

import pytest

from airflow_provider_ee.triggers.polling.queue_room import QueueGate
from airflow_provider_ee.triggers.queue import EarthEngineQueueTrigger, read_event
from tests.tasks import fire
from tests.triggers.fakes import FakeClient

NOTE = {"request_id": "af-1", "refusals": 0}


def trigger(**changes):
    return EarthEngineQueueTrigger("emulator", **{"poll_interval": 0.02, "limit": 3, "note": NOTE, **changes})


def fill(earth_engine, count):
    """Put operations into the queue which no other ever leaves."""
    earth_engine.control.configure(time="looks=9999", max_running=1)
    return [operation.name for operation in earth_engine.control.seed_operations("emulator", count + 1)]


def test_it_fires_when_there_is_room_and_hands_the_note_on(earth_engine):
    fill(earth_engine, 2)
    event = fire(trigger())
    assert event == {"status": "room", "note": NOTE, "message": None}
    assert read_event(event) is event


def test_it_waits_while_there_is_none_and_submits_nothing(earth_engine):
    running, *_ = fill(earth_engine, 3)

    async def wait():
        event = asyncio.ensure_future(anext(aiter(trigger().run())))
        while len(earth_engine.control.ledger.entries("projects.operations.list")) < 3:  # noqa: ASYNC110  # another thread fills it
            await asyncio.sleep(0.01)
        assert not event.done()
        earth_engine.control.finish(running)
        return (await event).payload

    assert asyncio.run(wait())["status"] == "room"
    assert {entry.verb for entry in earth_engine.control.ledger.entries()} == {"GET"}


def test_at_its_deadline_it_gives_up(earth_engine):
    fill(earth_engine, 3)
    event = fire(trigger(deadline=time.time() + 0.2))
    assert (event["status"], event["note"]) == ("timed_out", NOTE)


def test_an_outage_is_waited_out(earth_engine):
    fill(earth_engine, 1)
    armed = earth_engine.control.arm("status", "projects.operations.list", status=503, times=3, retry_after="0")
    assert fire(trigger())["status"] == "room"
    assert armed.met == 3


@pytest.mark.parametrize(
    ("refusals", "seconds"),
    [(0, 10.0), (1, 60.0), (2, 120.0), (3, 240.0), (4, 480.0), (5, 480.0), (10**9, 480.0), ("many", 10.0)],
    ids=str,
)
def test_who_was_refused_often_stays_away_for_longer(refusals, seconds):
    waiting = trigger(note={"refusals": refusals}, poll_interval=30.0)
    waiting._open_client = FakeClient().open

    async def wait():
        event = asyncio.ensure_future(waiting._wait())
        await asyncio.sleep(0)
        [subscriber] = QueueGate.shared(waiting._identity, waiting._open_client)._newcomers
        event.cancel()
        return subscriber.first_poll_at - asyncio.get_running_loop().time()

    assert asyncio.run(wait()) == pytest.approx(seconds, abs=5.0)


def test_its_last_steps_are_said(earth_engine, caplog):
    caplog.set_level(logging.DEBUG, "airflow_provider_ee.checkpoints")
    fire(trigger())
    said = [record.args for record in caplog.records if record.name == "airflow_provider_ee.checkpoints"]
    assert said == [("polling", ""), ("firing", "emulator")]


KWARGS = {
    "project_id": "p",
    "earthengine_conn_id": "c",
    "impersonation_chain": ["a@x", "b@x"],
    "api_version": "v1beta",
    "poll_interval": 5.0,
    "deadline": 1e9,
    "limit": 100,
    "note": NOTE,
    "insists": False,
}


def test_what_airflow_keeps_of_it_is_all_there_is_to_it():
    path, kwargs = EarthEngineQueueTrigger(**KWARGS).serialize()
    assert path == "airflow_provider_ee.triggers.queue.EarthEngineQueueTrigger"
    assert kwargs == KWARGS == json.loads(json.dumps(kwargs))


def test_arguments_of_another_release_are_ignored():
    assert EarthEngineQueueTrigger(**KWARGS, of_the_future=1).serialize()[1] == KWARGS


@pytest.mark.parametrize("event", [None, {}, {"status": "done", "note": {}}, {"status": "room"}], ids=str)
def test_what_is_no_event_of_ours_is_refused(event):
    with pytest.raises(Exception, match="not an event of an EarthEngineQueueTrigger"):
        read_event(event)


def test_a_note_may_be_empty():
    assert read_event({"status": "room", "note": {}, "message": None})
