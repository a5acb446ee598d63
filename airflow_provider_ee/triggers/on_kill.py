"""Cancel what a trigger waits for, if a person ended its task."""

from __future__ import annotations

from abc import abstractmethod

from airflow_provider_ee import task_states
from airflow_provider_ee.triggers.base import WaitingTrigger
from airflow_provider_ee.triggers.polling.operations import Poller
from airflow_provider_ee.triggers.shielding import outlive_cancellation

__all__ = ["CancellingTrigger"]

#: Airflow gives `on_kill` 30 s. What takes longer goes on by itself.
_CANCEL_SECONDS = 25.0


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

    def _poller(self) -> Poller:
        """Return the poller that all triggers like this one share."""
        return Poller.shared(self._identity, self._open_client)

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
