"""DAGs whose tasks wait for Earth Engine, and one that looks for what some of them left behind."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG

from airflow_provider_ee.operators.cancel import EarthEngineCancelOrphansOperator
from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator

EXPORT = {
    "image": {
        "result": "0",
        "values": {
            "0": {
                "functionInvocationValue": {
                    "functionName": "Image.load",
                    "arguments": {"id": {"constantValue": "EMULATOR/DEM"}},
                }
            }
        },
    },
    "bucket": "orphans",
    "region": [7, 46, 7.5, 46.25],
    "scale": 5000,
    "crs": "EPSG:4326",
    "deferrable": True,
    "poll_interval": 1,
}

with DAG("orphans_searched", schedule=None):
    EarthEngineExportImageToCloudStorageOperator(task_id="single", file_name_prefix="single", **EXPORT)
    EarthEngineExportImageToCloudStorageOperator.partial(task_id="mapped", **EXPORT).expand(file_name_prefix=["a", "b"])

for dag_id in ("orphans_deleted", "orphans_not_searched"):
    with DAG(dag_id, schedule=None):
        EarthEngineExportImageToCloudStorageOperator(task_id="single", file_name_prefix=dag_id, **EXPORT)

with DAG("orphans_search", schedule=None):
    EarthEngineCancelOrphansOperator(
        task_id="search",
        dag_ids=["orphans_searched", "orphans_deleted"],
        dry_run="{{ dag_run.conf['dry_run'] }}",
        min_age=timedelta(0),
    )
