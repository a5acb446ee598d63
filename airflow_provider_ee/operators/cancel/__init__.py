"""Cancel operations: those that fit criteria, and those that tasks have left behind."""

from airflow_provider_ee.operators.cancel.operations import EarthEngineCancelOperationsOperator
from airflow_provider_ee.operators.cancel.orphans import EarthEngineCancelOrphansOperator

__all__ = ["EarthEngineCancelOperationsOperator", "EarthEngineCancelOrphansOperator"]
