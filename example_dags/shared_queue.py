"""Export a grid of tiles with mapped tasks, and leave room in Earth Engine's queue for everybody else.

Two limits, for two queues. The sensor asks Earth Engine: each tile waits until fewer than 2,500 operations are pending
in the project, whoever started them, so that a notebook still finds one of the 3,000 places. The pool is Airflow's: it
says how many tiles, of all DAGs that use it, are on their way at the same time. Make it before the first run:

    airflow pools set earth_engine 400 "Exports under way" --include-deferred

Without `--include-deferred` a task that waits for its export would take no slot, and every tile would be on its way at
once. `EMULATOR/DEM` is synthetic terrain that the emulator knows; with an account, take `USGS/SRTMGL1_003`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, task_group

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor

if TYPE_CHECKING:
    import ee

TILES = [
    {"name": f"elevation/n{north}_w{west}", "box": [-west, north, 1 - west, north + 1]}
    for north in (39, 40)
    for west in (100, 101)
]


def elevation() -> ee.Image:
    """What is exported. This runs on a worker, with `ee` ready to be used."""
    import ee

    return ee.Image("EMULATOR/DEM")


@task_group
def tile(name: str, box: list[float]) -> None:
    """Wait for room, then export one tile."""
    room = EarthEngineQueueSensor(task_id="room", max_pending=2500)
    export = EarthEngineExportImageToCloudStorageOperator(
        task_id="export",
        image=elevation,
        bucket="tiles",
        file_name_prefix=name,
        region=box,
        crs="EPSG:4326",
        scale=1000,
        retries=2,
    )
    room >> export


with DAG(
    "shared_queue",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    default_args={
        "deferrable": True,
        "pool": "earth_engine",
        # Exports go before sensors: a tile that has found room uses it before the next one looks.
        "weight_rule": "upstream",
    },
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    tile.expand_kwargs(TILES)
