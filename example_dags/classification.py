"""Train a classifier once, keep it as an asset, and classify images with it.

Training takes long and gives the same each time: so it is a task of its own, and what it makes is loaded by whatever
classifies. `if_exists="ignore"` trains only when there is no such asset yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task

if TYPE_CHECKING:
    import ee

BANDS = ["B2", "B3", "B4", "B8"]


@task.ee_export_classifier_to_asset(
    asset_id="projects/{{ params.project }}/assets/land_cover_classifier",
    if_exists="ignore",
    deferrable=True,
    poll_interval=10,
)
def classifier() -> ee.Classifier:
    """Learn from pixels whose NDVI says what they are: 0 water, 1 bare, 2 green."""
    import ee

    scene = ee.Image("EMULATOR/S2")
    ndvi = scene.normalizedDifference(["B8", "B4"])
    truth = ndvi.gt(0).add(ndvi.gt(0.4)).rename("cover")
    pixels = scene.addBands(truth).sample(
        region=ee.Geometry.BBox(11.50, 48.10, 11.62, 48.18), scale=200, projection="EPSG:32632"
    )
    return ee.Classifier.smileCart(maxNodes=20).train(pixels, "cover", BANDS)


@task.ee_export_image_to_cloud_storage(
    bucket="classification",
    file_name_prefix="land_cover",
    region=[11.28, 47.95, 11.40, 48.02],
    crs="EPSG:32632",
    scale=50,
    deferrable=True,
    poll_interval=10,
)
def land_cover(trained: dict[str, str]) -> ee.Image:
    """Classify another part of the scene."""
    import ee

    return ee.Image("EMULATOR/S2").select(BANDS).classify(ee.Classifier.load(trained["asset_id"]), "cover")


with DAG(
    "classification",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"project": Param("demo-project", type="string", description="The project of the asset.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    land_cover(classifier())
