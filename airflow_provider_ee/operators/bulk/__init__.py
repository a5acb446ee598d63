"""Bulk exports: thousands of exports as one task."""

from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator

__all__ = ["EarthEngineBulkExportOperator"]
