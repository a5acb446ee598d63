"""What all triggers have in common: as whom they poll, how long they wait, and one event at the end."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_ee.compat import AirflowException
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.triggers.polling.shared import SharedPoller, Update

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import AsyncClient

__all__ = ["TIMED_OUT", "UNREACHABLE", "WaitingTrigger", "check_event"]

TIMED_OUT, UNREACHABLE = "timed_out", "unreachable"

_LONGEST_MESSAGE = 1000
_SECONDS_BETWEEN_OPENINGS, _PATIENCE_FOR_OPENING = 30.0, 900.0


def check_event(trigger: type[WaitingTrigger], event: Mapping[str, Any] | None, *, whole: bool) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is whole and one of this trigger's."""
    if not event or not whole or event.get("status") not in trigger.statuses:
        raise AirflowException(f"This is not an event of an {trigger.__name__}: {event!r:.200}")
    return event


class WaitingTrigger(BaseTrigger):
    """Wait for something at Earth Engine, and fire once.

    Its arguments and its event are kept in Airflow's database and outlive releases: arguments are only ever added,
    those of other releases are ignored, and nothing secret is among them, for Airflow 3 stores them in clear text.

    Attributes:
        statuses: What the event may say about how the wait ended.
    """

    statuses: frozenset[str] = frozenset({TIMED_OUT, UNREACHABLE})

    def __init__(
        self,
        *,
        project_id: str,
        earthengine_conn_id: str,
        impersonation_chain: str | Sequence[str] | None,
        api_version: str | None,
        poll_interval: float,
        deadline: float | None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow does not annotate it
        self.project_id = project_id
        self.earthengine_conn_id = earthengine_conn_id
        chain = impersonation_chain
        self.impersonation_chain = chain if chain is None or isinstance(chain, str) else list(chain)
        self.api_version = api_version
        self.poll_interval = poll_interval
        self.deadline = deadline

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow keeps of the trigger."""
        return f"{type(self).__module__}.{type(self).__name__}", self._arguments()

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once."""
        from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint

        patience = asyncio.timeout(None if self.deadline is None else max(0.0, self.deadline - time.time()))
        try:
            async with patience:
                event = await self._wait()
        except TimeoutError:
            if not patience.expired():
                raise
            event = self._event(TIMED_OUT, "The deadline passed.")
        pass_checkpoint("firing", self._about())
        yield TriggerEvent(event)

    @abstractmethod
    async def _wait(self) -> dict[str, Any]:
        """Wait, and return the event."""

    @abstractmethod
    def _about(self) -> str:
        """Return the name of what is waited for."""

    def _unreachable(self, error: Exception) -> dict[str, Any]:
        return self._event(UNREACHABLE, f"{type(error).__name__}: {error}")

    def _event(self, status: str, message: str | None = None) -> dict[str, Any]:
        return {"status": status, "message": message and message[:_LONGEST_MESSAGE]}

    def _arguments(self) -> dict[str, Any]:
        return {
            "project_id": self.project_id,
            "earthengine_conn_id": self.earthengine_conn_id,
            "impersonation_chain": self.impersonation_chain,
            "api_version": self.api_version,
            "poll_interval": self.poll_interval,
            "deadline": self.deadline,
        }

    @property
    def _identity(self) -> Hashable:
        """What triggers have to have in common to share a poller."""
        return (self.earthengine_conn_id, self.project_id, str(self.impersonation_chain), self.api_version)

    async def _open_client(self) -> AsyncClient:
        from airflow_provider_ee.client.http.retry import RetryPolicy

        # A poll that fails is not worth many more attempts: there is another poll soon.
        return await EarthEngineHook.of(self).async_client(RetryPolicy(attempts=2, total_seconds=20.0))

    def _log_update(self, update: Update, poller: SharedPoller[Any]) -> None:
        """Log the line of an update, as long as all triggers that share the poller do not log too much."""
        if update.line and poller.log_budget.take(routine=update.routine):
            about = f"{update.name.rpartition('/')[2]} " if update.name else ""
            (self.log.warning if update.warning else self.log.info)("%s%s", about, update.line)

    async def _open(self, poller: SharedPoller[Any], updates: asyncio.Queue[Update]) -> None:
        """Wait until the client of a poller is open; failing that for too long is an update as well.

        Supervisor, secrets backend or token endpoint may be away for a while; what is waited for goes on meanwhile.
        """
        end, said = time.monotonic() + _PATIENCE_FOR_OPENING, ""
        while True:
            try:
                await poller.client()
            except Exception as error:  # noqa: BLE001  # of whatever kind, it may pass
                if time.monotonic() > end:
                    updates.put_nowait(Update(error=error))
                    return
                if said != str(error):
                    said = str(error)
                    self.log.warning("Cannot connect to Earth Engine just now, trying again: %s", said)
                await asyncio.sleep(_SECONDS_BETWEEN_OPENINGS)
            else:
                return
