"""Fetch the pixels of a region into a file on the worker, and go on with them in Python: no export, no bucket.

The image is computed while it is fetched, in as many requests at once as it takes, and the file is there when all of it
is. A retry goes on from what an earlier try has fetched. It needs `pip install 'airflow-provider-ee[raster]'`.

`EMULATOR/S2` is a synthetic scene that the emulator knows. With an account, take one of `COPERNICUS/S2_SR_HARMONIZED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, Param, task

from airflow_provider_ee.operators.pixels import EarthEngineComputePixelsOperator

if TYPE_CHECKING:
    import ee


def ndvi() -> ee.Image:
    """How green the land is. This runs on a worker, with `ee` ready to be used."""
    import ee

    return ee.Image("EMULATOR/S2").normalizedDifference(["B8", "B4"]).rename("ndvi")


@task
def green_share(fetched: dict[str, str]) -> float:
    """Read the file, and return how much of what has a value is green."""
    import rasterio

    with rasterio.open(fetched["output_path"]) as file:
        values = file.read(1, masked=True)
    return round(float((values > 0.5).mean()), 3)


with DAG(
    "pixels",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"folder": Param("ee-data/pixels", type="string", description="A folder that all workers share.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    fetch_ndvi = EarthEngineComputePixelsOperator(
        task_id="fetch_ndvi",
        expression=ndvi,
        # A path, or the URL of a file in gs:// or s3://.
        output_path="{{ params.folder }}/ndvi.tif",
        region=[11.30, 47.95, 11.75, 48.25],
        crs="EPSG:32632",
        scale=20,
        # Where the image has no value, the file has this one; without it, 0.
        nodata=-1,
        # A small picture beside the file: ndvi.preview.png.
        preview=True,
        retries=1,
    )
    green_share(fetch_ndvi.output)
