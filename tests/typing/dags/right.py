"""A DAG file as a user writes it, in which type checkers find nothing wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG

from airflow_provider_ee.decorators import task
from airflow_provider_ee.operators.assets import EarthEngineDeleteAssetOperator, EarthEngineListAssetsOperator
from airflow_provider_ee.operators.compute import EarthEngineComputeValueOperator
from airflow_provider_ee.operators.exports import (
    EarthEngineExportImageToCloudStorageOperator,
    EarthEngineExportImageToDriveOperator,
    EarthEngineExportTableToBigQueryOperator,
)
from airflow_provider_ee.operators.imports import EarthEngineImportImageOperator
from airflow_provider_ee.operators.pixels import EarthEngineGetPixelsOperator


def elevation() -> Any:
    import ee

    return ee.Image("USGS/SRTMGL1_003")


with DAG("right", schedule=None, start_date=datetime(2026, 1, 1), default_args={"retries": 2}):
    export = EarthEngineExportImageToCloudStorageOperator(
        task_id="export",
        image=elevation,
        bucket="{{ var.value.bucket }}",
        region=[11.5, 48.1, 11.6, 48.2],
        scale="{{ params.scale }}",
        max_pixels=1e9,
        dimensions=(512, 512),
        skip_empty_tiles=True,
        if_exists="ignore",
        deferrable=True,
        retries=2,
        execution_timeout=timedelta(hours=12),
    )
    by_id = EarthEngineExportImageToDriveOperator(
        task_id="by_id", image="USGS/SRTMGL1_003", region={"type": "Point", "coordinates": [7, 46]}, scale=30
    )
    again = EarthEngineImportImageOperator(
        task_id="again",
        asset_id="projects/p/assets/a",
        uris=export.output["uris"],
        start_time=datetime(2026, 1, 1),
        properties={"season": "spring", "year": 2026},
    )
    rows = EarthEngineExportTableToBigQueryOperator(
        task_id="rows", collection={"result": "0", "values": {}}, table="p.d.t", if_exists="append"
    )
    assets = EarthEngineListAssetsOperator(task_id="assets", parent="projects/p/assets", names_only=True)
    EarthEngineDeleteAssetOperator.partial(task_id="delete").expand(asset_id=assets.output)
    number = EarthEngineComputeValueOperator(task_id="number", expression=lambda: 1, op_kwargs={"a": export.output})
    pixels = EarthEngineGetPixelsOperator(
        task_id="pixels", asset_id=again.output["asset_id"], output_path="a.tif", preview=True
    )

    @task.ee_export_image_to_cloud_storage(bucket="bucket", region=[7, 46, 8, 47], scale=10, retries=2)
    def ndvi(year: int) -> Any:
        import ee

        return ee.Image(year)

    @task.ee_export_image_to_drive
    def plain() -> Any:
        import ee

        return ee.Image(1)

    @task.earthengine
    def mean(year: int) -> float:
        return float(year)

    @task
    def report(results: Any) -> None:
        print(results)

    report(ndvi.expand(year=[2024, 2025]))
    report(ndvi(2026)["uri_prefix"])
    report(mean(2026))
    plain()
