"""Run a function in a thread, or a coroutine in a thread and event loop of its own, and wait for its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["in_thread", "run_in_own_loop"]

T = TypeVar("T")


async def in_thread(work: Callable[..., T], *arguments: object) -> T:
    """Call a function in a thread; when cancelled, wait until the function has ended.

    A thread cannot be stopped: `asyncio.to_thread` would leave it to write into files that are closed by then.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.gather(working, return_exceptions=True)
        raise


def run_in_own_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread and an event loop of its own; an exception in this thread cancels it."""
    done: Future[T] = Future()
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()

    async def steered() -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine runs in a task
        started.set_result((asyncio.get_running_loop(), task))
        return await main

    def work() -> None:
        try:
            done.set_result(asyncio.run(steered()))
        except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the one who waits
            done.set_exception(error)

    thread = threading.Thread(target=work, name="earthengine-pixels")
    try:
        # An interruption may come as early as here.
        thread.start()
        return done.result()
    except BaseException:
        if not done.done():
            loop, task = started.result()
            loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        thread.join()
