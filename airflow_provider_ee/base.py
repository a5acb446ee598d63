"""Whom operators and sensors call, and as whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator

from airflow_provider_ee.hooks.earthengine import EarthEngineHook

__all__ = ["CallsEarthEngine"]


class CallsEarthEngine(BaseOperator):
    """A task that calls Earth Engine; a sensor too, beside `BaseSensorOperator`.

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    template_fields: Sequence[str] = ("project_id",)
    ui_color = "#e8f1ea"

    def __init__(
        self,
        *,
        project_id: str | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_id = project_id
        self.earthengine_conn_id = earthengine_conn_id
        self.impersonation_chain = impersonation_chain
        self.api_version = api_version
