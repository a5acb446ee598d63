"""Cancel what a trigger waits for, if a person ended its task."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Coroutine
from typing import Any

from airflow_provider_ee import task_states
from airflow_provider_ee.triggers.base import WaitingTrigger
from airflow_provider_ee.triggers.polling.operations import OperationPoller

__all__ = ["CancellingTrigger", "outlive_cancellation"]

#: Airflow gives `on_kill` 30 s. What takes longer goes on by itself.
_CANCEL_SECONDS = 25.0

#: An event loop holds only weak references to its tasks.
_under_way: set[asyncio.Task[Any]] = set()


class CancellingTrigger(WaitingTrigger):
    """Wait for operations, and cancel them if a person ends the task meanwhile.

    Attributes:
        cancel_on_kill: Whether they are cancelled.
    """

    cancel_on_kill: bool

    async def on_kill(self) -> None:
        """Cancel the operations, if a person ended the task."""
        if self.cancel_on_kill:
            await outlive_cancellation(self._cancel_unless_kept(), _CANCEL_SECONDS)

    @abstractmethod
    async def _cancel(self) -> None:
        """Cancel the operations."""

    def _poller(self) -> OperationPoller:
        """Return the poller that all triggers like this one share."""
        return OperationPoller.shared(self._identity, self._open_client)

    async def _cancel_unless_kept(self) -> None:
        state = await self._task_state()
        if state not in task_states.FINISHED:
            # Its trigger moves to another triggerer, or it was cleared: then its next try knows what is to be done.
            self.log.info("The task is %s: its operations go on.", state or "in an unknown state")
            return
        self.log.info("The task is %s: cancelling its operations.", state)
        await self._cancel()

    async def _task_state(self) -> str | None:
        """Ask Airflow for the state of the task; None where it does not say."""
        if self.task_instance is None:
            return None
        from airflow.sdk.execution_time import task_runner

        answer = await task_runner.SUPERVISOR_COMMS.asend(task_states.question(self.task_instance))
        return task_states.state(self.task_instance, answer)


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
