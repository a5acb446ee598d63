"""Wait for room in a project's queue while the task is deferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_ee.triggers.base import TIMED_OUT, UNREACHABLE, WaitingTrigger, check_event
from airflow_provider_ee.triggers.polling.queue_room import QueueGate, backoff

__all__ = ["ROOM", "TIMED_OUT", "UNREACHABLE", "EarthEngineQueueTrigger", "read_event"]

ROOM = "room"


def read_event(event: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is one of this trigger's."""
    return check_event(EarthEngineQueueTrigger, event, whole=bool(event and "note" in event))


class EarthEngineQueueTrigger(WaitingTrigger):
    """Fire once when fewer than `limit` operations are pending in a project's queue. It never submits any.

    Of the triggers that wait in one triggerer, those that came first fire first, and no more than there is room for.

    The event holds `status` (`room`, `timed_out`, `unreachable`), the `note` as it was given, and a `message` where
    there is something to say.

    Args:
        project_id: The project.
        earthengine_conn_id: The connection to poll with.
        impersonation_chain: As whom to poll, instead of the connection's.
        api_version: Overrides the version of the API.
        poll_interval: Seconds between two polls.
        deadline: The time, in seconds since 1970, at which to give up.
        limit: How many operations may be pending in the queue:
            https://developers.google.com/earth-engine/guides/usage
        note: What the task is given back when it goes on. How often the queue has refused it, `refusals`, decides when
            the first poll is.
        insists: Whether to fire now and then without room, so that the task tries to submit: the queue may be larger
            than `limit`.
    """

    statuses = WaitingTrigger.statuses | {ROOM}

    def __init__(
        self,
        project_id: str,
        *,
        earthengine_conn_id: str = "earthengine_default",
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        poll_interval: float = 30.0,
        deadline: float | None = None,
        limit: int = 3000,
        note: Mapping[str, Any] | None = None,
        insists: bool = True,
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
        self.limit = limit
        self.note = dict(note or {})
        self.insists = insists

    async def _wait(self) -> dict[str, Any]:
        gate = QueueGate.shared(self._identity, self._open_client)
        async with gate.subscribe(
            limit=self.limit,
            interval=self.poll_interval,
            first_poll_after=max(gate.first_poll, backoff(self.note.get("refusals"), self.poll_interval)),
            retries=self.insists,
        ) as queue:
            await self._open(gate, queue)
            while True:
                update = await queue.get()
                self._log_update(update, gate)
                if update.error:
                    return self._unreachable(update.error)
                if update.room:
                    return self._event(ROOM)

    def _about(self) -> str:
        return self.project_id

    def _arguments(self) -> dict[str, Any]:
        return {**super()._arguments(), "limit": self.limit, "note": self.note, "insists": self.insists}

    def _event(self, status: str, message: str | None = None) -> dict[str, Any]:
        return {**super()._event(status, message), "note": self.note}
