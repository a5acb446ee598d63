"""An export whose retries somebody edits."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export

RETRIES = 2

with DAG("edited", schedule=None):
    Export(task_id="export", description=ABOUT, retries=RETRIES, retry_delay=timedelta(seconds=15), **SMALL)
