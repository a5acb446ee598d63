import asyncio
import threading
from typing import Any

import pytest
from airflow.sdk.execution_time import task_runner
from airflow.sdk.execution_time.comms import ConnectionResult, GetConnection

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
