"""Exports that leave room in the project's queue: `max_pending`."""

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from tests.operators.test_every_export import made
from tests.tasks import fire, resume, run_task


@pytest.fixture
def pending(earth_engine):
    """Let operations of others wait in the queue for ever."""
    earth_engine.control.configure(time="looks=9999", max_running=2)
    return earth_engine.control.seed_operations("emulator", 5)


def make_room(earth_engine):
    earth_engine.control.configure(time="looks=1", max_running=100)


def test_an_export_starts_while_few_enough_are_pending(earth_engine, supervisor, pending):
    outcome = run_task(made("ImageToAsset", max_pending=6, deferrable=True), supervisor)

    assert outcome.message.trigger_kwargs.get("operation_names") is not None


def test_an_export_lets_go_of_its_worker_while_too_many_are_pending(earth_engine, supervisor, pending):
    waiting = made("ImageToAsset", max_pending=3, deferrable=True)
    deferred = run_task(waiting, supervisor)
    assert (deferred.state, deferred.message.next_method) == ("deferred", "submit_again")
    assert len(earth_engine.control.operations()) == 5

    make_room(earth_engine)
    started = resume(made("ImageToAsset", max_pending=3, deferrable=True), supervisor, deferred, fire(deferred.trigger))

    assert started.state in {"deferred", "success"}, started.error
    assert len(earth_engine.control.operations()) == 6


def test_what_is_admitted_does_not_count_again(earth_engine, supervisor, pending):
    deferred = run_task(made("ImageToAsset", max_pending=3, deferrable=True), supervisor)

    event = {"status": "room", "note": {}, "message": ""}
    resume(made("ImageToAsset", max_pending=3, deferrable=True), supervisor, deferred, event)

    assert len(earth_engine.control.operations()) == 6


def test_no_more_can_be_pending_than_the_queue_holds():
    with pytest.raises(InvalidArgument, match="max_pending"):
        made("ImageToAsset", max_pending=3001)
