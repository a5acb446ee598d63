"""Wait for room in a project's queue."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import PokeReturnValue

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.sensors.waiting import WaitingSensor

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.triggers.base import WaitingTrigger
    from airflow_provider_ee.typing import Number, SensorArguments, Text

__all__ = ["EarthEngineQueueSensor"]

#: How many Earth Engine queues: https://developers.google.com/earth-engine/guides/usage
_LONGEST_QUEUE = 3000


class EarthEngineQueueSensor(WaitingSensor):
    """Wait until fewer than so many operations are pending in a project's queue, whoever started them.

    Returns how many were pending.

    It promises no room to the task that follows: until that submits, others may have filled the queue, and any number
    of sensors on workers may have seen the same room. Of those that are deferred in one triggerer, the ones that came
    first go first, and no more than there is room for. An export with `max_pending` waits for room itself, at the
    same gate and at the moment of its submission; the sensor is for those who want a task of its own for that.

    Args:
        max_pending: Fewer than this many have to be pending, from 1 to 3000; what is left to 3000 is for others.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poll_interval: Seconds between two polls; the configured `[earthengine] poll_interval` if None.
        poke_interval: Airflow's name for `poll_interval`, which counts if both are given.
    """

    template_fields: Sequence[str] = ("max_pending", *WaitingSensor.template_fields)

    def __init__(
        self,
        *,
        max_pending: Number = 2500,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: timedelta | float | None = None,
        poke_interval: timedelta | float | None = None,
        **kwargs: Unpack[SensorArguments],
    ) -> None:
        common = arguments(locals())
        self.max_pending: Any = common.pop("max_pending")
        super().__init__(**common)
        self._line_at = float("-inf")

    def _poll(self, hook: EarthEngineHook) -> PokeReturnValue:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.operations.listing import count_pending
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES, no_room

        limit = self._limit()
        client = hook.client()
        pending = client.run(count_pending(project_path(client.project), limit))
        if pending < limit:
            return PokeReturnValue(is_done=True, xcom_value=pending)
        if time.monotonic() - self._line_at >= SECONDS_BETWEEN_LINES:
            self._line_at = time.monotonic()
            self.log.info("%s", no_room(client.project, pending, limit))
        return PokeReturnValue(is_done=False)

    def _trigger(self, project: str, common: Mapping[str, Any]) -> WaitingTrigger:
        from airflow_provider_ee.triggers.queue import EarthEngineQueueTrigger

        return EarthEngineQueueTrigger(project, limit=self._limit(), insists=False, **common)

    def _read_event(self, event: Mapping[str, Any] | None) -> Mapping[str, Any]:
        from airflow_provider_ee.triggers.queue import read_event

        return read_event(event)

    def _limit(self) -> int:
        from airflow_provider_ee.client.arguments.scalars import whole

        return whole("max_pending", self.max_pending, 1, _LONGEST_QUEUE)
