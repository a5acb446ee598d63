import asyncio
import threading
from typing import Any

import pytest
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import ConnectionResult, GetConnection
from asgiref.sync import async_to_sync

from airflow_provider_ee.hooks.lookup import find_connection, find_connection_async


class Supervisor:
    """The supervisor of a task as `dag.test()` has it, which can be asked in one way only: without await."""

    def __init__(self) -> None:
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def send(self, message: object) -> Any:
        if not isinstance(message, GetConnection):
            return None
        self.is_asked.set()
        assert self.may_answer.wait(timeout=10), "the event loop was held up"
        return ConnectionResult.model_construct(conn_id=message.conn_id, conn_type="earthengine")


class TriggerersSupervisor:
    """The supervisor of a triggerer: what a thread asks is asked on the event loop, and answered when that may be."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.is_over = asyncio.Event()
        self.has_answered = False

    def send(self, message: object) -> Any:
        return async_to_sync(self.asend)(message) if isinstance(message, GetConnection) else None

    async def asend(self, message: GetConnection) -> Any:
        self.is_asked.set()
        try:
            await self.may_answer.wait()
            self.has_answered = True
        finally:
            self.is_over.set()
        return ConnectionResult.model_construct(conn_id=message.conn_id, conn_type="earthengine")


@pytest.fixture
def supervisor(monkeypatch) -> Supervisor:
    supervisor = Supervisor()
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)
    return supervisor


def test_a_connection_of_the_environment_is_found(connect):
    connect("mine", project="p")

    found = find_connection("mine")

    assert found is not None
    assert found.conn_id == "mine"


def test_a_connection_that_does_not_exist_is_none():
    assert find_connection("no_such_connection") is None


class BrokenBackend:
    """A secrets backend that lacks what it needs."""

    def __init__(self) -> None:
        raise ImportError("No module named 'vault'", name="vault")


def test_a_broken_secrets_backend_does_not_pass_for_a_missing_connection(monkeypatch):
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", f"{__name__}.BrokenBackend")

    with pytest.raises(ImportError, match="vault"):
        find_connection("mine")


@pytest.mark.anyio
async def test_a_connection_of_the_environment_is_found_on_an_event_loop(connect):
    connect("mine", project="p")

    found = await find_connection_async("mine")

    assert found is not None
    assert found.conn_id == "mine"


@pytest.mark.anyio
async def test_a_connection_that_does_not_exist_is_none_on_an_event_loop():
    assert await find_connection_async("no_such_connection") is None


@pytest.mark.anyio
async def test_a_supervisor_that_cannot_be_awaited_is_asked_from_a_thread(supervisor):
    found = await find_connection_async("mine")

    assert found is not None
    assert found.conn_type == "earthengine"


@pytest.mark.anyio
async def test_a_slow_lookup_does_not_hold_up_the_event_loop(supervisor):
    supervisor.may_answer.clear()
    lookup = asyncio.create_task(find_connection_async("mine"))
    await asyncio.to_thread(supervisor.is_asked.wait)
    supervisor.may_answer.set()

    assert await lookup is not None


@pytest.mark.anyio
async def test_a_trigger_that_is_stopped_lets_its_question_be_answered(monkeypatch):
    supervisor = TriggerersSupervisor()
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)
    lookup = asyncio.create_task(find_connection_async("mine"))
    await supervisor.is_asked.wait()

    lookup.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lookup
    supervisor.may_answer.set()
    await supervisor.is_over.wait()

    assert supervisor.has_answered
