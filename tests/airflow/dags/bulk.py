"""A hundred exports as one task."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG
from exporting import SMALL

from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator

for connection in ("crowded", "earthengine_default"):
    with DAG(f"bulk_at_{connection}", schedule=None):
        EarthEngineBulkExportOperator(
            task_id="export",
            exports=[{"key": f"tile-{number}"} for number in range(100)],
            export="image_to_cloud_storage",
            common={word: value for word, value in SMALL.items() if word != "poll_interval"},
            concurrency=4,
            deferrable=True,
            poll_interval=1,
            earthengine_conn_id=connection,
            retries=5,
            retry_delay=timedelta(seconds=1),
        )
