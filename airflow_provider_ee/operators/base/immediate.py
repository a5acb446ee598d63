"""What all operators share whose work is done as soon as Earth Engine has answered: nothing runs on, nothing waits."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

__all__ = ["EarthEngineDirectOperator", "decided"]


class EarthEngineDirectOperator(CallsEarthEngine):
    """Ask Earth Engine for something that it does at once.

    A subclass says what (`run`).

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    @abstractmethod
    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Do it, and return what the next task wants to know, as plain JSON."""

    def execute(self, context: Context) -> Any:
        """Do it, and fail for good where trying again cannot help."""
        with explained(), EarthEngineHook.of(self) as hook:
            return self.run(hook, context)


def decided(argument: str, value: object) -> bool:
    """Check a truth value that guards something dear: nothing, or a template that renders to nothing, is neither."""
    if value is None or str(value).lower() == "none":
        raise InvalidArgument(argument, "it is nothing", "True or False")
    return flag(argument, value)
