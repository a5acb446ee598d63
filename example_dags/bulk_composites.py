"""A year of daily composites over a grid of tiles: thousands of exports, one task.

The function says what there is to export, each with a key. The task starts as many exports as Earth Engine's queue
has room for, lets go of its worker while they wait, and comes back when there is room for more. Whatever is killed on
the way, each tile is exported once. If some fail and the task is cleared, what has succeeded is not done again.

Trigger it with fewer days and tiles to try it. `EMULATOR/S2_DAILY` is a synthetic collection that the emulator knows:
Munich on every day of 2024, with clouds. With an account, take `COPERNICUS/S2_SR_HARMONIZED`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task

if TYPE_CHECKING:
    import ee

FIRST_DAY = pendulum.date(2024, 1, 1)
WEST, NORTH, DEGREES = 11.30, 48.25, 0.05


def without_clouds(scene: ee.Image) -> ee.Image:
    """Mask what is so bright in blue that it must be a cloud."""
    return scene.updateMask(scene.select("B2").lt(3000))


def ndvi(day: str) -> ee.Image:
    """How green the land was: the median of what the ten days up to this one show of it."""
    import ee

    end = ee.Date(day).advance(1, "day")
    scenes = ee.ImageCollection("EMULATOR/S2_DAILY").filterDate(end.advance(-10, "day"), end)
    return scenes.map(without_clouds).median().normalizedDifference(["B8", "B4"]).rename("ndvi")


@task.ee_bulk_export(
    export="image_to_cloud_storage",
    # What all have in common. The names of the files are the keys, unless there is another `file_name_prefix`.
    common={"bucket": "bulk", "crs": "EPSG:32632", "scale": 100},
    # Earth Engine queues 3,000 exports of a project. The rest is for others.
    max_pending=2000,
    # A line of JSON for each tile, with its state, its error and its file.
    report="{{ params.folder }}/composites.ndjson",
    deferrable=True,
    poll_interval=10,
    retries=2,
)
def composites(params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Name every tile of every day. An image is made when its turn has come: so nothing is made in vain."""
    for number in range(params["days"]):
        day = FIRST_DAY.add(days=number).isoformat()
        for row in range(params["tiles"]):
            for column in range(params["tiles"]):
                west, north = WEST + column * DEGREES, NORTH - row * DEGREES
                yield {
                    "key": f"{day}/r{row}c{column}",
                    "image": partial(ndvi, day),
                    "region": [west, north - DEGREES, west + DEGREES, north],
                }


with DAG(
    "bulk_composites",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={
        "days": Param(366, type="integer", minimum=1, maximum=366, description="How many days of 2024."),
        "tiles": Param(4, type="integer", minimum=1, maximum=8, description="How many tiles along each side."),
        "folder": Param("ee-data/reports", type="string", description="Where to write the report."),
    },
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    composites()
