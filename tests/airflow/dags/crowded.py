"""More exports than the project's queue takes."""
# ruff: noqa: INP001 - a DAG folder is no package

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export

with DAG("crowded", schedule=None):
    Export.partial(task_id="export", deferrable=True, earthengine_conn_id="crowded", **SMALL).expand(
        description=[f"{ABOUT}-{index}" for index in range(10)]
    )
