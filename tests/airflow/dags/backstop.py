"""Deadlines while no triggerer is there to keep them."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee import deadlines as backstop
from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export

# How long after the trigger's deadline Airflow itself ends the wait: no test has half a minute for that.
backstop._GRACE = timedelta(seconds=5)

for seconds in (15, 45):
    with DAG(f"execution_timeout_after_{seconds}", schedule=None):
        Export(
            task_id="export",
            description=ABOUT,
            deferrable=True,
            execution_timeout=timedelta(seconds=seconds),
            **SMALL,
        )
