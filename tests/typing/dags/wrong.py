"""A DAG file with mistakes: type checkers complain of every line that says so, and of no other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import DAG

from airflow_provider_ee.decorators import task
from airflow_provider_ee.operators.assets import EarthEngineDeleteAssetOperator
from airflow_provider_ee.operators.exports import (
    EarthEngineExportImageToCloudStorageOperator as ToBucket,
)
from airflow_provider_ee.operators.exports import (
    EarthEngineExportTableToBigQueryOperator as ToBigQuery,
)
from airflow_provider_ee.operators.imports import EarthEngineImportImageOperator
from airflow_provider_ee.operators.pixels import EarthEngineGetPixelsOperator

IMAGE = "USGS/SRTMGL1_003"

with DAG("wrong", schedule=None, start_date=datetime(2026, 1, 1)):
    ToBucket(task_id="a", image=IMAGE, bucket="b", regoin=[7, 46, 8, 47])  # error
    ToBucket(task_id="b", bucket="b")  # error
    ToBucket(task_id="c", image=IMAGE)  # error
    ToBucket(task_id="d", image=IMAGE, bucket="b", scale=[10])  # error
    ToBucket(task_id="e", image=IMAGE, bucket="b", if_exists="replace")  # error
    ToBucket(task_id="f", image=IMAGE, bucket="b", deferrable="yes")  # error
    ToBucket(task_id="g", image=IMAGE, bucket="b", retires=2)  # error
    ToBucket(task_id="h", image=7, bucket="b")  # error
    ToBucket(image=IMAGE, bucket="b")  # error
    ToBigQuery(task_id="i", collection=IMAGE, table="p.d.t", file_name_prefix="a")  # error
    EarthEngineImportImageOperator(task_id="j", asset_id="projects/p/assets/a", uris=3)  # error
    EarthEngineDeleteAssetOperator(task_id="k", asset_id=None)  # error
    EarthEngineGetPixelsOperator(task_id="l", asset_id=IMAGE, output="a.tif", output_path="a.tif")  # error

    @task.ee_export_image_to_cloud_storage(bukcet="b", bucket="b")  # error
    def misspelt() -> Any:
        return None

    @task.ee_export_table_to_asset(region=[7, 46, 8, 47], asset_id="projects/p/assets/a")  # error
    def not_its_own() -> Any:
        return None

    @task.ee_export_image_to_cloud_storage(bucket="b")
    def ndvi(year: int) -> Any:
        return year

    ndvi(yaer=2026)  # error
