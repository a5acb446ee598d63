"""What becomes of all items when a trigger is told to stop, against the emulator."""

import asyncio
from types import SimpleNamespace

import pytest

from airflow_provider_ee.triggers.polling import bulk as polling_bulk
from tests.triggers.fakes import until
from tests.triggers.items import ANOTHER, EARLIER, endless, listings, started, trigger

KILLS = [
    pytest.param("failed", True, id="marked failed"),
    pytest.param("success", True, id="marked success"),
    pytest.param("removed", True, id="removed"),
    pytest.param("deferred", False, id="moved to another triggerer"),
    pytest.param("queued", False, id="cleared, its next try will see to it"),
    pytest.param("running", False, id="cleared, its next try sees to it"),
]


def kill(waiting, supervisor, state="failed"):
    supervisor.task_state = state
    waiting.task_instance = SimpleNamespace(dag_id="d", task_id="t", run_id="r", map_index=-1)
    with supervisor:
        asyncio.run(waiting.on_kill())


def cancelled(earth_engine, names):
    """How many of some operations are cancelled."""
    states = {operation.name: str(operation.state) for operation in earth_engine.control.operations()}
    return sum(states[name] in {"CANCELLING", "CANCELLED"} for name in names)


def cancels(earth_engine):
    return [entry.operation for entry in earth_engine.control.ledger.entries("projects.operations.cancel")]


@pytest.mark.parametrize(("state", "expected"), KILLS)
def test_a_kill_cancels_everything_only_if_a_person_ended_the_task(earth_engine, supervisor, state, expected):
    endless(earth_engine)
    mine = started(earth_engine, 60) + started(earth_engine, 1, EARLIER)
    others = started(earth_engine, 3, ANOTHER)
    kill(trigger(), supervisor, state)
    assert cancelled(earth_engine, mine) == (61 if expected else 0)
    assert cancelled(earth_engine, others) == 0
    assert len(cancels(earth_engine)) == (61 if expected else 0)


def test_a_kill_cancels_nothing_where_that_was_not_wanted(earth_engine, supervisor):
    endless(earth_engine)
    names = started(earth_engine, 3)
    kill(trigger(cancel_on_kill=False), supervisor)
    assert cancelled(earth_engine, names) == 0


def test_a_kill_cancels_those_first_that_wait(earth_engine, supervisor, monkeypatch):
    monkeypatch.setattr(polling_bulk, "_CANCELS_AT_ONCE", 1)  # so that they arrive as they were sent
    endless(earth_engine)
    running = started(earth_engine, 8)[-2:]  # the list has the newest first
    for name in running:
        earth_engine.control.distort(name, {"metadata.state": "RUNNING"})
    kill(trigger(), supervisor)
    assert set(cancels(earth_engine)[-2:]) == set(running)


def test_what_the_list_shows_late_is_cancelled_as_well(earth_engine, supervisor):
    endless(earth_engine, list_lag="looks=4")
    names = started(earth_engine, 3)
    kill(trigger(left={"started": 3}), supervisor)
    assert cancelled(earth_engine, names) == 3


def test_cancels_that_meet_passing_trouble_are_sent_again_and_no_others(earth_engine, supervisor):
    endless(earth_engine)
    names = started(earth_engine, 5)
    armed = earth_engine.control.arm("status", "projects.operations.cancel", status=503, times=12, retry_after="0")
    kill(trigger(), supervisor)
    assert armed.met == 12
    assert cancelled(earth_engine, names) == 5
    assert len(cancels(earth_engine)) == 12 + 5


def test_cancels_that_are_refused_are_said_and_not_sent_again(earth_engine, supervisor, capsys):
    endless(earth_engine)
    names = started(earth_engine, 5)
    earth_engine.control.arm("status", "projects.operations.cancel", status=403, message="You may not.", times=2)
    kill(trigger(), supervisor)
    assert cancelled(earth_engine, names) == 3
    assert "2 could not be cancelled and go on" in capsys.readouterr().out


def test_with_no_list_a_kill_cancels_what_the_trigger_knows(earth_engine, supervisor):
    endless(earth_engine)
    names = started(earth_engine, 8)
    waiting = trigger()
    waiting.task_instance = SimpleNamespace(dag_id="d", task_id="t", run_id="r", map_index=-1)
    supervisor.task_state = "failed"

    async def wait_and_be_killed():
        running = asyncio.create_task(anext(aiter(waiting.run())))
        await until(lambda: waiting._progress and listings(earth_engine) > 3)
        running.cancel()
        earth_engine.control.arm("status", "projects.operations.list", status=403, message="You may not.", times=999)
        await waiting.on_kill()

    with supervisor:
        asyncio.run(wait_and_be_killed())
    assert cancelled(earth_engine, names) == 8
