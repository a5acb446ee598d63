"""Sum pixels up over places, put the table into BigQuery, and take it back into Earth Engine from there.

BigQuery is where people with SQL go on. The way back is `ee.FeatureCollection.loadBigQueryTable`: whatever a query has
written there is a collection of features again.

The emulator keeps BigQuery's tables as files below its root, `bigquery/<project>/<dataset>/<table>.ndjson`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.decorators import task

if TYPE_CHECKING:
    import ee

TABLE = "{{ params.project }}.earth_engine.greenness"


@task.ee_export_table_to_big_query(table=TABLE, if_exists="overwrite", deferrable=True, poll_interval=10)
def greenness() -> ee.FeatureCollection:
    """Say how green three places are on average."""
    import ee

    places = ee.FeatureCollection(
        [
            ee.Feature(ee.Geometry.BBox(11.50, 48.10, 11.62, 48.18), {"place": "munich"}),
            ee.Feature(ee.Geometry.BBox(11.28, 47.95, 11.40, 48.02), {"place": "starnberg"}),
            ee.Feature(ee.Geometry.BBox(11.68, 48.36, 11.78, 48.43), {"place": "freising"}),
        ]
    )
    ndvi = ee.Image("EMULATOR/S2").normalizedDifference(["B8", "B4"])
    return ndvi.reduceRegions(collection=places, reducer=ee.Reducer.mean(), scale=100, crs="EPSG:32632")


@task.ee_export_table_to_asset(
    asset_id="projects/{{ params.project }}/assets/green_places",
    if_exists="overwrite",
    deferrable=True,
    poll_interval=10,
)
def green_places(exported: dict[str, str]) -> ee.FeatureCollection:
    """Keep the places that are green."""
    import ee

    table = ee.FeatureCollection.loadBigQueryTable(exported["table"], "geo")
    return table.filter(ee.Filter.gt("mean", 0.2))


with DAG(
    "table_to_bigquery",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"project": Param("demo-project", type="string", description="The project of the table and the asset.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    green_places(greenness())
