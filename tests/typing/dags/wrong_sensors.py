"""A DAG file with mistakes in sensors: type checkers complain of every line that says so, and of no other."""

from __future__ import annotations

from datetime import datetime

from airflow.sdk import DAG

from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor

with DAG("wrong_sensors", schedule=None, start_date=datetime(2026, 1, 1)):
    EarthEngineOperationSensor(task_id="a")  # error
    EarthEngineOperationSensor(task_id="b", operation_name=3)  # error
    EarthEngineOperationSensor(task_id="c", operation_name="A", poll_intervall=3)  # error
    EarthEngineOperationSensor(task_id="d", operation_name="A", poll_interval="often")  # error
    EarthEngineQueueSensor(task_id="e", max_pendin=3)  # error
    EarthEngineQueueSensor(task_id="f", max_pending=[3])  # error
    EarthEngineAssetSensor(task_id="g", asset="a")  # error
    EarthEngineAssetSensor(task_id="h", asset_id="a", wait_if_forbidden="yes")  # error
