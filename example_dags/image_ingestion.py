"""Make an asset of a GeoTIFF in Cloud Storage, as a manifest describes it.

https://developers.google.com/earth-engine/guides/image_manifest

The manifest may also be the path of a `.json` file beside this one. For the common case there is a short form, in the
words of the command `earthengine upload image`: `asset_id=..., uris=["gs://..."], nodata_value=-9999`.

So that there is a file to begin with, the first task exports one.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task
from airflow_provider_ee.operators.assets import EarthEngineGetAssetOperator
from airflow_provider_ee.operators.imports import EarthEngineImportImageOperator

MANIFEST = {
    "name": "projects/{{ params.project }}/assets/elevation",
    "tilesets": [{"id": "dem", "sources": [{"uris": ["{{ ti.xcom_pull('elevation').uri_prefix }}.tif"]}]}],
    "bands": [{"id": "elevation", "tilesetId": "dem", "tilesetBandIndex": 0, "pyramidingPolicy": "MEAN"}],
    "missingData": {"values": [-9999]},
    "startTime": "2000-02-11T00:00:00Z",
    "properties": {"source": "EMULATOR/DEM", "unit": "metre"},
}


@task.ee_export_image_to_cloud_storage(
    bucket="ingestion",
    file_name_prefix="dem",
    region=[-100, 40, -99.5, 40.25],
    crs="EPSG:4326",
    scale=1000,
    format_options={"noData": -9999},
    deferrable=True,
    poll_interval=10,
)
def elevation():
    """Take the part of the world that is exported."""
    import ee

    return ee.Image("EMULATOR/DEM")


with DAG(
    "image_ingestion",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"project": Param("demo-project", type="string", description="The project of the asset.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    ingest = EarthEngineImportImageOperator(
        task_id="ingest", manifest=MANIFEST, if_exists="overwrite", deferrable=True, poll_interval=10
    )
    look = EarthEngineGetAssetOperator(task_id="look", asset_id="{{ ti.xcom_pull('ingest').asset_id }}")
    elevation() >> ingest >> look
