"""Exports that wait: many in a run, or one. The name that a run is given tells its operations from all others."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator

ELEVATION = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.load",
                "arguments": {"id": {"constantValue": "EMULATOR/DEM"}},
            }
        }
    },
}

EXPORT = {
    "image": ELEVATION,
    "description": "{{ dag_run.conf['name'] }}:{{ ti.task_id }}:{{ ti.map_index }}",
    "bucket": "chaos",
    "region": [7, 46, 7.5, 46.25],
    "scale": 5000,
    "crs": "EPSG:4326",
    "poll_interval": 5,
}

AS_OFTEN_AS_IT_TAKES = {"retries": 100, "retry_delay": timedelta(seconds=1)}
ONCE = {"retries": 0}
WITHOUT_LIMIT = {"max_active_runs": 1000, "max_active_tasks": 1000}


def exports(task_id: str, count: int, *, deferrable: bool) -> None:
    """Add as many tasks, which differ in their priority only."""
    operator = EarthEngineExportImageToCloudStorageOperator.partial(task_id=task_id, deferrable=deferrable, **EXPORT)
    operator.expand(priority=list(range(100, 100 + count)))


with DAG("ten_exports", schedule=None, default_args=AS_OFTEN_AS_IT_TAKES, **WITHOUT_LIMIT):
    exports("deferred", 10, deferrable=True)

with DAG("ten_exports_of_both_kinds", schedule=None, default_args=AS_OFTEN_AS_IT_TAKES, **WITHOUT_LIMIT):
    exports("deferred", 9, deferrable=True)
    exports("on_the_worker", 1, deferrable=False)

with DAG("ten_exports_without_retries", schedule=None, default_args=ONCE, **WITHOUT_LIMIT):
    exports("deferred", 10, deferrable=True)

with DAG("one_export", schedule=None, default_args=AS_OFTEN_AS_IT_TAKES, **WITHOUT_LIMIT):
    EarthEngineExportImageToCloudStorageOperator(task_id="deferred", deferrable=True, **EXPORT)
