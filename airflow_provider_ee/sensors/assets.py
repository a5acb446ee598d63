"""Wait for assets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseSensorOperator, Context, PokeReturnValue

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

__all__ = ["EarthEngineAssetSensor"]


class EarthEngineAssetSensor(CallsEarthEngine, BaseSensorOperator):
    """Wait until there is an asset: one that somebody else makes, or one that may be a moment late to be seen.

    Returns the asset. One that the caller may not see is the same to Earth Engine as one that is not there.

    Args:
        asset_id: The asset; a public one will do.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    template_fields: Sequence[str] = ("asset_id", *CallsEarthEngine.template_fields)

    def __init__(
        self,
        *,
        asset_id: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002  # Airflow's signature
        """Look once."""
        from airflow_provider_ee.client.errors import NotFound, Transient

        with explained(), EarthEngineHook.of(self) as hook:
            try:
                asset = hook.get_asset(self.asset_id)
            except NotFound:
                self.log.info("There is no %s yet.", self.asset_id)
            except Transient as error:
                self.log.warning("Cannot look just now, trying again: %s", error)
            else:
                return PokeReturnValue(is_done=True, xcom_value=asset)
        return PokeReturnValue(is_done=False)
