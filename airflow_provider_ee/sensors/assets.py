"""Wait for assets."""

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
    from airflow_provider_ee.typing import SensorArguments, Text

__all__ = ["EarthEngineAssetSensor"]


class EarthEngineAssetSensor(WaitingSensor):
    """Wait until there is an asset: one that somebody else makes, or one that may be a moment late to be seen.

    Returns the asset. To Earth Engine, one that the caller may not see is mostly the same as one that is not there.

    Args:
        asset_id: The asset; a public one will do.
        wait_if_forbidden: Whether to go on when Earth Engine says `Permission ... denied on resource ... (or it may not
            exist)`: so it answers for what is missing in a project in which the caller may not see anything yet. Such a
            permission may also never come; if False, the task fails.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poll_interval: Seconds between two polls; the configured `[earthengine] poll_interval` if None.
        poke_interval: Airflow's name for `poll_interval`, which counts if both are given.
    """

    template_fields: Sequence[str] = ("asset_id", *WaitingSensor.template_fields)

    def __init__(
        self,
        *,
        asset_id: Text,
        wait_if_forbidden: bool = False,
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
        self.asset_id: Any = common.pop("asset_id")
        self.wait_if_forbidden = bool(common.pop("wait_if_forbidden"))
        super().__init__(**common)
        self._line_at = float("-inf")

    def _poll(self, hook: EarthEngineHook) -> PokeReturnValue:
        from airflow_provider_ee.client.assets.waiting import is_missing
        from airflow_provider_ee.client.errors import EarthEngineError
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES

        try:
            return PokeReturnValue(is_done=True, xcom_value=hook.get_asset(self.asset_id))
        except EarthEngineError as error:
            if not is_missing(error, wait_if_forbidden=self.wait_if_forbidden):
                raise
            if time.monotonic() - self._line_at >= SECONDS_BETWEEN_LINES:
                self._line_at = time.monotonic()
                self.log.info("There is no %s yet: %s", self.asset_id, error.message)
            return PokeReturnValue(is_done=False)

    def _trigger(self, project: str, common: Mapping[str, Any]) -> WaitingTrigger:
        from airflow_provider_ee.triggers.assets import EarthEngineAssetTrigger

        return EarthEngineAssetTrigger(
            self.asset_id, project_id=project, wait_if_forbidden=self.wait_if_forbidden, **common
        )

    def _read_event(self, event: Mapping[str, Any] | None) -> Mapping[str, Any]:
        from airflow_provider_ee.triggers.assets import read_event

        return read_event(event)
