"""Every day, for each of several places: how green the last month was, as GeoTIFF files in Cloud Storage.

The function is written as for `ee` in a notebook. It runs on a worker, with `ee` ready to be used; what it returns is
exported. `expand` makes a task of each place, which start and end on their own, and none occupies a worker while it
waits. A retry, or a killed worker, never starts an export twice.

`EMULATOR/S2_DAILY` is a synthetic collection that the emulator knows: Munich on every day of 2024, with clouds. With an
account, take `COPERNICUS/S2_SR_HARMONIZED` and its B8 and B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task

if TYPE_CHECKING:
    import ee

PLACES = [
    {"name": "munich", "box": [11.50, 48.10, 11.62, 48.18]},
    {"name": "starnberg", "box": [11.28, 47.95, 11.40, 48.02]},
    {"name": "freising", "box": [11.68, 48.36, 11.78, 48.43]},
]
#: A run that was triggered by hand, by the API or by an asset may have no logical date, and then no `ds`.
DAY = "{{ dag_run.logical_date | ds if dag_run.logical_date else params.day }}"


@task.ee_export_image_to_cloud_storage(
    bucket="composites",
    # Whatever stands here is a template: `task.op_kwargs` are the arguments that this one of the mapped tasks got.
    file_name_prefix="ndvi/{{ task.op_kwargs.day }}/{{ task.op_kwargs.place.name }}",
    region="{{ task.op_kwargs.place.box }}",
    crs="EPSG:32632",
    scale=50,
    deferrable=True,
    retries=2,
    map_index_template="{{ task.op_kwargs.place.name }}",
)
def ndvi(place: dict[str, object], day: str) -> ee.Image:
    """Take the median of what is not too cloudy, so that no cloud is left."""
    import ee

    end = ee.Date(day)
    scenes = (
        ee.ImageCollection("EMULATOR/S2_DAILY")
        .filterDate(end.advance(-30, "day"), end)
        .filter(ee.Filter.lt("CLOUDY_PIXEL_PERCENTAGE", 30))
    )
    return scenes.median().normalizedDifference(["B8", "B4"]).rename("ndvi").set("place", place["name"])


with DAG(
    "daily_composites",
    schedule="@daily",
    start_date=pendulum.datetime(2024, 2, 1),
    end_date=pendulum.datetime(2024, 12, 31),
    catchup=False,
    params={"day": Param("2024-06-30", format="date", description="The day, for a run that has no date of its own.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    ndvi.partial(day=DAY).expand(place=PLACES)
