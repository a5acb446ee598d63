"""Wait for room in a project's queue."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from airflow.sdk import Context, PokeReturnValue

from airflow_provider_ee.compat import AirflowException, AirflowSensorTimeout
from airflow_provider_ee.deadlines import backstop
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.sensors.waiting import WaitingSensor

__all__ = ["EarthEngineQueueSensor"]

#: How many Earth Engine queues: https://developers.google.com/earth-engine/guides/usage
_PLACES = 3000


class EarthEngineQueueSensor(WaitingSensor):
    """Wait until few enough operations are pending in a project's queue, whoever started them.

    Returns how many they were. Any number of sensors on workers may see the same room. Of those that are deferred, the
    ones that came first go first, and no more than there is room for.

    Args:
        max_pending: Fewer than this many have to be pending, from 1 to 3000; what is left to 3000 is for others.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poke_interval: Seconds between two looks.
    """

    template_fields: Sequence[str] = ("max_pending", *WaitingSensor.template_fields)

    def __init__(self, *, max_pending: int | str = 2500, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_pending = max_pending

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002  # Airflow's signature
        """Count once."""
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.errors import Transient
        from airflow_provider_ee.client.operations.listing import count_pending

        with explained(), EarthEngineHook.of(self) as hook:
            places = self._places()
            try:
                client = hook.client()
                pending = client.run(count_pending(project_path(client.project), places))
            except Transient as error:
                self.log.warning("Cannot look just now, trying again: %s", error)
                return PokeReturnValue(is_done=False)
        if pending < places:
            return PokeReturnValue(is_done=True, xcom_value=pending)
        self.log.info(
            "At least %d operations are pending in %s: waiting for fewer than %d.", pending, client.project, places
        )
        return PokeReturnValue(is_done=False)

    def execute_complete(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when the trigger has fired.

        It counts again: others may have been quicker.
        """
        from airflow_provider_ee.triggers.queue import TIMED_OUT, UNREACHABLE, read_event

        event = read_event(event)
        looked = self.poke(context)
        if looked:
            return looked.xcom_value
        if event["status"] == TIMED_OUT or time.time() >= self._deadline(context).timestamp():
            raise AirflowSensorTimeout(f"The project's queue had no room within {self.timeout} seconds.")
        if event["status"] == UNREACHABLE:
            raise AirflowException(f"The project's queue could not be watched: {event['message']}")
        return self._defer(context)

    def _defer(self, context: Context) -> NoReturn:
        from airflow_provider_ee.triggers.queue import EarthEngineQueueTrigger

        deadline = self._deadline(context)
        with explained(), EarthEngineHook.of(self) as hook:
            project = hook.client().project
        self.defer(
            trigger=EarthEngineQueueTrigger(
                project,
                earthengine_conn_id=self.earthengine_conn_id,
                impersonation_chain=self.impersonation_chain,
                api_version=self.api_version,
                poll_interval=self.poke_interval,
                deadline=deadline.timestamp(),
                limit=self._places(),
                insists=False,
            ),
            method_name="execute_complete",
            timeout=backstop(deadline),
        )

    def _places(self) -> int:
        from airflow_provider_ee.client.arguments.scalars import whole

        return whole("max_pending", self.max_pending, 1, _PLACES)
