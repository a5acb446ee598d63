"""The base of operators whose work is done when Earth Engine has answered: no operation is left running."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine, TemplatedArguments
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

__all__ = ["EarthEngineDirectOperator", "read_guard"]


class EarthEngineDirectOperator(TemplatedArguments, CallsEarthEngine):
    """Ask Earth Engine for something that it does at once.

    A subclass says what (`run`); the arguments in its constructor become templated attributes.

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    @abstractmethod
    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Send the requests, and return the task's result as plain JSON."""

    def execute(self, context: Context) -> Any:
        """Send the requests; fail for good where another try cannot help."""
        with explained(), EarthEngineHook.of(self) as hook:
            return self.run(hook, context)


def read_guard(argument: str, value: object) -> bool:
    """Parse a flag that guards a destructive action; refuse None and templates that rendered to nothing."""
    if value is None or str(value).lower() == "none":
        raise InvalidArgument(argument, "it is nothing", "True or False")
    return flag(argument, value)
