"""projects.operations: get, list, wait, cancel, delete."""

import asyncio
from collections.abc import Iterable
from typing import Any

import anyio

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.http.pages import page_size, read_token, write_token
from airflow_provider_ee.emulator.state.operation import Operation
from airflow_provider_ee.emulator.state.operations import MAX_PAGE
from airflow_provider_ee.emulator.state.world import World

__all__ = ["cancel", "delete", "get", "listing", "wait"]

# A look that finds an operation due waits this long for its work, so that tests see the end when they expect it.
_PATIENCE = 30.0
_WAIT_STEP = 0.05
_LONGEST_WAIT = 60.0


async def get(call: Call) -> dict[str, Any]:
    """Answer operations.get."""
    operation = call.world.operations.get(call.name)
    await _settle(call.world, [operation])
    return operation.shown()


async def listing(call: Call) -> dict[str, Any]:
    """Answer operations.list, newest first."""
    if call.query.get("filter"):
        raise ApiError("UNIMPLEMENTED", "The emulator's operations.list has no filter; nobody knows what it may say.")
    size = page_size(call.query, default=MAX_PAGE, largest=MAX_PAGE)
    token = call.query.get("pageToken", "")
    operations, following = call.world.operations.page(call.project, size, read_token(token) if token else None)
    await _settle(call.world, operations)
    answer: dict[str, Any] = {"operations": [operation.shown() for operation in operations]}
    if following is not None:
        answer["nextPageToken"] = write_token(following)
    return answer


async def wait(call: Call) -> dict[str, Any]:
    """Answer operations.wait: when the operation is done or the timeout is over, at most a minute."""
    timeout = min(_LONGEST_WAIT, float(call.body.get("timeout", f"{_LONGEST_WAIT}s").removesuffix("s")))
    operation = call.world.operations.get(call.name)
    with anyio.move_on_after(timeout):
        await _settle(call.world, [operation])
        while not operation.state.terminal:
            await anyio.sleep(_WAIT_STEP)
            call.world.operations.get(call.name)
            await _settle(call.world, [operation])
    return operation.shown()


async def cancel(call: Call) -> dict[str, Any]:
    """Answer operations.cancel."""
    call.world.operations.cancel(call.name)
    return {}


async def delete(call: Call) -> dict[str, Any]:
    """Answer operations.delete."""
    call.world.operations.delete(call.name)
    return {}


async def _settle(world: World, operations: Iterable[Operation]) -> None:
    """Wait for work that is due."""
    due = [asyncio.wrap_future(work) for work in world.operations.unfinished_work(operations)]
    if due:
        await asyncio.wait(due, timeout=_PATIENCE)  # leaves them alone when the time is over, unlike gather
