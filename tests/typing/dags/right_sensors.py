"""A DAG file with sensors as a user writes it, in which type checkers find nothing wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import DAG

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor

with DAG("right_sensors", schedule=None, start_date=datetime(2026, 1, 1)):
    export = EarthEngineExportImageToCloudStorageOperator(
        task_id="export", image="USGS/SRTMGL1_003", bucket="b", region=[7, 46, 8, 47], wait_for_completion=False
    )
    EarthEngineOperationSensor(task_id="result", operation_name=export.output, poll_interval=60)
    EarthEngineOperationSensor(task_id="name", operation_name=export.output["name"], deferrable=True, retries=2)
    EarthEngineOperationSensor(task_id="names", operation_name=["A", export.output["name"]], poke_interval=60.0)
    EarthEngineQueueSensor(task_id="queue", max_pending="{{ params.most }}", mode="reschedule", soft_fail=True)
    EarthEngineAssetSensor(
        task_id="asset", asset_id=export.output["asset_id"], wait_if_forbidden=True, timeout=timedelta(hours=1)
    )
