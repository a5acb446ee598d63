"""Wait for Earth Engine operations while their tasks are deferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_ee.triggers.base import TIMED_OUT, UNREACHABLE, check_event
from airflow_provider_ee.triggers.on_kill import CancellingTrigger

__all__ = ["DONE", "OVER_BUDGET", "TIMED_OUT", "UNREACHABLE", "EarthEngineOperationTrigger", "read_event"]

DONE, OVER_BUDGET = "done", "over_budget"

_STATES_IN_EVENT = 20


def read_event(event: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is one of this trigger's."""
    return check_event(EarthEngineOperationTrigger, event, whole=bool(event and event.get("operation_names")))


class EarthEngineOperationTrigger(CancellingTrigger):
    """Fire once when all of some operations are done, however they ended.

    The event holds `status` (`done`, `timed_out`, `over_budget`, `unreachable`), `operation_names` and `states` of the
    first operations, a `message` where there is something to say, and the `result` if it was given one.

    Args:
        operation_names: `projects/my-project/operations/ID`, one or several.
        project_id: The project that they belong to.
        earthengine_conn_id: The connection to poll with.
        impersonation_chain: As whom to poll, instead of the connection's.
        api_version: Overrides the version of the API.
        poll_interval: Seconds between two polls.
        deadline: The time, in seconds since 1970, at which to give up.
        cancel_on_kill: Whether the operations are cancelled when a person ends the task.
        max_eecu_seconds: The computing time of any of the operations at which to give up.
        result: What the task knows of the result, to be handed back with the event.
    """

    statuses = CancellingTrigger.statuses | {DONE, OVER_BUDGET}

    def __init__(
        self,
        operation_names: str | Sequence[str],
        *,
        project_id: str,
        earthengine_conn_id: str = "earthengine_default",
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        poll_interval: float = 30.0,
        deadline: float | None = None,
        cancel_on_kill: bool = True,
        max_eecu_seconds: float | None = None,
        result: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> None:
        super().__init__(
            project_id=project_id,
            earthengine_conn_id=earthengine_conn_id,
            impersonation_chain=impersonation_chain,
            api_version=api_version,
            poll_interval=poll_interval,
            deadline=deadline,
        )
        self.operation_names = [operation_names] if isinstance(operation_names, str) else list(operation_names)
        self.cancel_on_kill = cancel_on_kill
        self.max_eecu_seconds = max_eecu_seconds
        self.result = None if result is None else dict(result)
        self._states: dict[str, str] = {}

    async def _wait(self) -> dict[str, Any]:
        from airflow_provider_ee.client.errors import OverBudget

        poller = self._poller()
        async with poller.subscribe(
            self.operation_names,
            interval=self.poll_interval,
            first_poll_after=poller.first_poll,
            max_eecu_seconds=self.max_eecu_seconds,
            only_lines=True,
        ) as queue:
            await self._open(poller, queue)
            while len(self._states) < len(set(self.operation_names)):
                update = await queue.get()
                if not (update.operation and update.operation.done):  # then the event says it, and the task again
                    self._log_update(update, poller)
                if isinstance(update.error, OverBudget):
                    return self._event(OVER_BUDGET, update.error.message)
                if update.error:
                    return self._unreachable(update.error)
                if update.operation and update.operation.done:
                    self._states[update.name] = update.operation.state
        return self._event(DONE)

    def _about(self) -> str:
        return self.operation_names[0] if self.operation_names else ""

    async def _cancel(self) -> None:
        from airflow_provider_ee.client.rest import methods

        client = await self._poller().client()
        for name in self.operation_names:
            self.log.info("Cancelling %s.", name)
            await client.send(methods.operations_cancel(name))

    def _arguments(self) -> dict[str, Any]:
        return {
            "operation_names": self.operation_names,
            **super()._arguments(),
            "cancel_on_kill": self.cancel_on_kill,
            "max_eecu_seconds": self.max_eecu_seconds,
            "result": self.result,
        }

    def _event(self, status: str, message: str | None = None) -> dict[str, Any]:
        names = self.operation_names[:_STATES_IN_EVENT]
        states = [self._states.get(name) for name in names]
        result = {} if self.result is None else {"result": self.result}
        return {**super()._event(status, message), "operation_names": names, "states": states, **result}
