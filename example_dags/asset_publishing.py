"""Publish an asset: import it where nobody sees it, let everybody read it, copy it to the folder that people know.

Consumers never see half of a delivery: the copy is the last step, and takes a moment.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task
from airflow_provider_ee.operators.assets import (
    EarthEngineCopyAssetOperator,
    EarthEngineCreateFolderOperator,
    EarthEngineSetAssetAccessOperator,
)
from airflow_provider_ee.operators.imports import EarthEngineImportImageOperator

ASSETS = "projects/{{ params.project }}/assets"


@task.ee_export_image_to_cloud_storage(
    bucket="publishing",
    file_name_prefix="greenness",
    region=[11.50, 48.10, 11.62, 48.18],
    crs="EPSG:32632",
    scale=100,
    deferrable=True,
    poll_interval=10,
)
def delivery():
    """Stand for whoever delivers the file."""
    import ee

    return ee.Image("EMULATOR/S2").normalizedDifference(["B8", "B4"])


with DAG(
    "asset_publishing",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"project": Param("demo-project", type="string", description="The project of the assets.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    folders = [
        EarthEngineCreateFolderOperator(task_id=f"{name}_folder", asset_id=f"{ASSETS}/{name}", if_exists="ignore")
        for name in ("staging", "public")
    ]
    ingest = EarthEngineImportImageOperator(
        task_id="ingest",
        asset_id=f"{ASSETS}/staging/greenness",
        uris=["gs://publishing/greenness.tif"],
        bands=["ndvi"],
        properties={"delivered": "{{ dag_run.run_after | ds }}"},
        if_exists="overwrite",
        deferrable=True,
        poll_interval=10,
    )
    publish = EarthEngineCopyAssetOperator(
        task_id="publish",
        source=f"{ASSETS}/staging/greenness",
        destination=f"{ASSETS}/public/greenness",
        if_exists="overwrite",
    )
    share = EarthEngineSetAssetAccessOperator(
        task_id="share", asset_id=f"{ASSETS}/public/greenness", public=True, readers=["group:users@example.com"]
    )
    [*folders, delivery()] >> ingest >> publish >> share
