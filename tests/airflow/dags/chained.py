"""Three tasks in a row: export an image, wait for its operation by name, read what the export returned."""
# ruff: noqa: INP001 - a DAG folder is no package

from airflow.sdk import DAG, task
from exporting import SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor

# A task that comes back before Airflow has noticed that its worker let go of it is failed by the scheduler:
# https://github.com/apache/airflow/issues/67287. So nothing here comes back at once.
WAYS = {
    "deferred": {"export": {"deferrable": True}, "wait": {"deferrable": True}},
    "on_the_worker": {"export": {"deferrable": False}, "wait": {"deferrable": False}},
    "started_here_awaited_there": {"export": {"wait_for_completion": False}, "wait": {"deferrable": True}},
    "as_the_database_says": {
        "export": {"deferrable": True, "earthengine_conn_id": "in_the_database"},
        "wait": {"deferrable": True, "earthengine_conn_id": "in_the_database"},
    },
    "looked_at_now_and_then": {
        "export": {"wait_for_completion": False},
        "wait": {"mode": "reschedule", "poke_interval": 8},
    },
}


@task
def read(exported: dict[str, str], awaited: dict[str, str]) -> list[str]:
    """Return what the next task of a real pipeline would want to know."""
    return [exported["uri_prefix"], awaited["state"]]


for way, how in WAYS.items():
    with DAG(f"chained_{way}", schedule=None):
        export = EarthEngineExportImageToCloudStorageOperator(
            task_id="export",
            file_name_prefix=f"{way}/dem",
            **SMALL | {"bucket": "chained"},
            **how["export"],
        )
        wait = EarthEngineOperationSensor(
            task_id="wait",
            operation_name="{{ ti.xcom_pull('export', key='operation_name') }}",
            **{"poke_interval": 1, **how["wait"]},
        )
        export >> wait
        read(export.output, wait.output)
