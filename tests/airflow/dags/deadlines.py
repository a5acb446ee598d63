"""Exports and sensors whose time, or whose budget, is over before Earth Engine is done."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor

PLACES = {"deferred": {"deferrable": True}, "on_the_worker": {"deferrable": False}}
MODES = {
    "deferred": {"deferrable": True},
    "poke": {"mode": "poke"},
    "reschedule": {"mode": "reschedule", "poke_interval": 5},
}

for place, how in PLACES.items():
    with DAG(f"execution_timeout_{place}", schedule=None):
        Export(task_id="export", description=ABOUT, execution_timeout=timedelta(seconds=15), **SMALL, **how)
    with DAG(f"max_eecu_seconds_{place}", schedule=None):
        Export(task_id="export", description=ABOUT, max_eecu_seconds=1000, earthengine_conn_id="costly", **SMALL, **how)

for mode, how in MODES.items():
    with DAG(f"sensor_timeout_{mode}", schedule=None):
        EarthEngineOperationSensor(
            task_id="wait",
            operation_name="{{ dag_run.conf['operation'] }}",
            timeout=12,
            **{"poke_interval": 1, **how},
        )
