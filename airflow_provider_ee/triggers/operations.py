"""Wait for Earth Engine operations while their tasks are deferred."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_ee import task_states
from airflow_provider_ee.compat import AirflowException, conf
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.triggers.poller import Poller
from airflow_provider_ee.triggers.shielding import outlive_cancellation

if TYPE_CHECKING:
    from airflow_provider_ee.client.clients import AsyncClient

__all__ = ["DONE", "TIMED_OUT", "UNREACHABLE", "EarthEngineOperationTrigger", "checked"]

DONE, TIMED_OUT, UNREACHABLE = "done", "timed_out", "unreachable"

_LONGEST_MESSAGE = 1000
_STATES_IN_EVENT = 20
_CANCEL_SECONDS = 25.0
_SECONDS_BETWEEN_OPENINGS, _PATIENCE_FOR_OPENING = 30.0, 900.0


def checked(event: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is one of this trigger's."""
    if not event or event.get("status") not in {DONE, TIMED_OUT, UNREACHABLE} or not event.get("operation_names"):
        raise AirflowException(f"This is no event of an EarthEngineOperationTrigger: {event!r:.200}")
    return event


class EarthEngineOperationTrigger(BaseTrigger):
    """Fire once when all of some operations are done, however they ended.

    Its arguments and its event are kept in Airflow's database and outlive releases: arguments are only ever added,
    those of other releases are ignored, and nothing secret is among them, for Airflow 3 stores them in clear text.

    The event holds `status` (`done`, `timed_out`, `unreachable`), `operation_names` and `states` of the first
    operations, and a `message` where there is something to say.

    Args:
        operation_names: `projects/my-project/operations/ID`, one or several.
        project_id: The project that they belong to.
        earthengine_conn_id: The connection to look with.
        impersonation_chain: As whom to look, instead of the connection's.
        api_version: Overrides the version of the API.
        poll_interval: Seconds between two looks.
        deadline: The time, in seconds since 1970, at which to give up.
        cancel_on_kill: Whether the operations are cancelled when a person ends the task.
    """

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
        **_: Any,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow does not annotate it
        self.operation_names = [operation_names] if isinstance(operation_names, str) else list(operation_names)
        self.project_id = project_id
        self.earthengine_conn_id = earthengine_conn_id
        chain = impersonation_chain
        self.impersonation_chain = chain if chain is None or isinstance(chain, str) else list(chain)
        self.api_version = api_version
        self.poll_interval = poll_interval
        self.deadline = deadline
        self.cancel_on_kill = cancel_on_kill

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow keeps of the trigger."""
        return (
            "airflow_provider_ee.triggers.operations.EarthEngineOperationTrigger",
            {
                "operation_names": self.operation_names,
                "project_id": self.project_id,
                "earthengine_conn_id": self.earthengine_conn_id,
                "impersonation_chain": self.impersonation_chain,
                "api_version": self.api_version,
                "poll_interval": self.poll_interval,
                "deadline": self.deadline,
                "cancel_on_kill": self.cancel_on_kill,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once."""
        try:
            async with asyncio.timeout(None if self.deadline is None else max(0.0, self.deadline - time.time())):
                event = await self._wait()
        except TimeoutError:
            event = self._event(TIMED_OUT, {}, "The deadline passed before Earth Engine was done.")
        yield TriggerEvent(event)

    async def on_kill(self) -> None:
        """Cancel the operations, if a person ended the task."""
        if self.cancel_on_kill:
            await outlive_cancellation(self._cancel_unless_kept(), _CANCEL_SECONDS)

    async def _wait(self) -> dict[str, Any]:
        poller = await self._poller()
        states: dict[str, str] = {}
        first_look_after = conf.getfloat("earthengine", "first_look", fallback=10.0)
        async with poller.watching(
            self.operation_names, interval=self.poll_interval, first_look_after=first_look_after
        ) as queue:
            while len(states) < len(set(self.operation_names)):
                news = await queue.get()
                if news.line:
                    self.log.info("%s %s", news.name.rpartition("/")[2], news.line)
                if news.error:
                    return self._event(UNREACHABLE, states, str(news.error))
                if news.operation:
                    states[news.name] = news.operation.state
        return self._event(DONE, states)

    async def _poller(self) -> Poller:
        """Return the poller that all triggers like this one share, with its client open."""
        poller = self._shared_poller()
        patience = time.monotonic() + _PATIENCE_FOR_OPENING
        while True:
            try:
                await poller.client()
            except Exception as error:
                # Supervisor, secrets backend or token endpoint may be away; the operation goes on meanwhile.
                if time.monotonic() > patience:
                    raise
                self.log.warning("Cannot connect to Earth Engine just now, trying again: %s", error)
                await asyncio.sleep(_SECONDS_BETWEEN_OPENINGS)
            else:
                return poller

    def _shared_poller(self) -> Poller:
        identity = (self.earthengine_conn_id, self.project_id, str(self.impersonation_chain), self.api_version)
        return Poller.shared(identity, self._open_client)

    async def _open_client(self) -> AsyncClient:
        from airflow_provider_ee.client.retry import RetryPolicy

        # A look that goes wrong is not worth many more: the next round is another one.
        return await EarthEngineHook.of(self).async_client(RetryPolicy(attempts=2, total_seconds=20.0))

    async def _cancel_unless_kept(self) -> None:
        from airflow_provider_ee.client import methods

        state = await self._task_state()
        if state in {None, "deferred"}:
            self.log.info("The task is %s: its operations go on.", state or "in an unknown state")
            return
        client = await self._shared_poller().client()
        for name in self.operation_names:
            self.log.info("The task is %s: cancelling %s.", state, name)
            await client.send(methods.operations_cancel(name))

    async def _task_state(self) -> str | None:
        """Ask Airflow for the state of the task; None where it does not say."""
        if self.task_instance is None:
            return None
        from airflow.sdk.execution_time import task_runner

        answer = await task_runner.SUPERVISOR_COMMS.asend(task_states.question(self.task_instance))
        return task_states.state(self.task_instance, answer)

    def _event(self, status: str, states: dict[str, str], message: str | None = None) -> dict[str, Any]:
        names = self.operation_names[:_STATES_IN_EVENT]
        return {
            "status": status,
            "operation_names": names,
            "states": [states.get(name) for name in names],
            "message": message and message[:_LONGEST_MESSAGE],
        }
