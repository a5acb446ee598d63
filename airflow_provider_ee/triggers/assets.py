"""Wait for assets while their tasks are deferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_ee.triggers.base import TIMED_OUT, UNREACHABLE, WaitingTrigger, check_event
from airflow_provider_ee.triggers.polling.assets import AssetPoller

__all__ = ["FOUND", "TIMED_OUT", "UNREACHABLE", "EarthEngineAssetTrigger", "read_event"]

FOUND = "found"


def read_event(event: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is one of this trigger's."""
    return check_event(EarthEngineAssetTrigger, event, whole=bool(event and event.get("asset_id")))


class EarthEngineAssetTrigger(WaitingTrigger):
    """Fire once when there is an asset.

    The event holds `status` (`found`, `timed_out`, `unreachable`), the `asset_id`, and a `message` where there is
    something to say.

    Args:
        asset_id: The asset.
        project_id: The project that is asked and billed.
        earthengine_conn_id: The connection to poll with.
        impersonation_chain: As whom to poll, instead of the connection's.
        api_version: Overrides the version of the API.
        poll_interval: Seconds between two polls.
        deadline: The time, in seconds since 1970, at which to give up.
        wait_if_forbidden: Whether a refusal counts as a missing asset, if it leaves open that there is none.
    """

    statuses = WaitingTrigger.statuses | {FOUND}

    def __init__(
        self,
        asset_id: str,
        *,
        project_id: str,
        earthengine_conn_id: str = "earthengine_default",
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        poll_interval: float = 30.0,
        deadline: float | None = None,
        wait_if_forbidden: bool = False,
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
        self.asset_id = asset_id
        self.wait_if_forbidden = wait_if_forbidden

    async def _wait(self) -> dict[str, Any]:
        poller = AssetPoller.shared(self._identity, self._open_client)
        async with poller.subscribe(
            self.asset_id,
            interval=self.poll_interval,
            first_poll_after=poller.first_poll,
            wait_if_forbidden=self.wait_if_forbidden,
        ) as updates:
            await self._open(poller, updates)
            while True:
                update = await updates.get()
                self._log_update(update, poller)
                if update.error:
                    return self._unreachable(update.error)
                if update.found:
                    return self._event(FOUND)

    def _about(self) -> str:
        return self.asset_id

    def _arguments(self) -> dict[str, Any]:
        return {"asset_id": self.asset_id, **super()._arguments(), "wait_if_forbidden": self.wait_if_forbidden}

    def _event(self, status: str, message: str | None = None) -> dict[str, Any]:
        return {**super()._event(status, message), "asset_id": self.asset_id}
