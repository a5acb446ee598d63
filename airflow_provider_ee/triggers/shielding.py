"""Let a call outlive the cancellation of whoever makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

__all__ = ["outlive_cancellation"]

#: An event loop holds only weak references to its tasks.
_under_way: set[asyncio.Task[Any]] = set()


async def outlive_cancellation(work: Coroutine[Any, Any, Any], seconds: float) -> None:
    """Do some work to its end, for so many seconds at most, however often the caller is cancelled meanwhile.

    Airflow 3.3 cancels a trigger's `on_kill` again about a second after it began, long before its own limit of 30 s.
    """
    task = asyncio.create_task(work)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    end = asyncio.get_running_loop().time() + seconds
    while not task.done() and (left := end - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            continue
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
