"""Google's own client with tables: exported, imported, listed, computed, over a real port."""

import csv
import json
from typing import Any

import ee
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.official.client import PROJECT, SCENE

TABLE = f"projects/{PROJECT}/assets/places"
#: A square of 40 m in the scene, on its pixels, and a place in the middle of one of them.
X, Y = 691000, 5334000


@pytest.fixture
def places(service: Emulator) -> Any:
    """A city and a square."""
    square = ee.Geometry.Rectangle([X, Y - 40, X + 40, Y], "EPSG:32632", False)
    return ee.FeatureCollection(
        [
            ee.Feature(ee.Geometry.Point([11.5755, 48.1374]), {"name": "Munich", "people": 1_500_000}),
            ee.Feature(square, {"name": "Square", "people": 3}),
        ]
    )


def completed(task: Any) -> dict[str, Any]:
    """Start a task and return its status after one look."""
    task.start()
    status: dict[str, Any] = task.status()
    assert status["state"] == "COMPLETED", status
    return status


def stored(places: Any) -> Any:
    """Export a table to an asset and return the collection that loads it."""
    completed(ee.batch.Export.table.toAsset(collection=places, description="places", assetId=TABLE))
    return ee.FeatureCollection(TABLE)


def test_a_table_is_shown(places: Any) -> None:
    shown = places.getInfo()
    assert shown["type"] == "FeatureCollection"
    assert [(feature["id"], feature["properties"]["name"]) for feature in shown["features"]] == [
        ("0", "Munich"),
        ("1", "Square"),
    ]
    assert shown["features"][0]["geometry"] == {"type": "Point", "coordinates": [11.5755, 48.1374]}


def test_a_table_is_exported_to_cloud_storage(service: Emulator, places: Any) -> None:
    status = completed(
        ee.batch.Export.table.toCloudStorage(
            collection=places,
            description="places",
            bucket="my-bucket",
            fileNamePrefix="folder/places",
            fileFormat="CSV",
            selectors=["name", "people"],
            maxVertices=1000,
            priority=7,
        )
    )
    assert (status["task_type"], status["priority"]) == ("EXPORT_FEATURES", 7)
    with (service.root / "gs" / "my-bucket" / "folder" / "places.csv").open() as file:
        assert list(csv.reader(file)) == [["name", "people"], ["Munich", "1500000"], ["Square", "3"]]


@pytest.mark.parametrize(("file_format", "suffix"), [("CSV", "csv"), ("GeoJSON", "geojson"), ("KML", "kml")])
def test_a_table_is_exported_to_drive(service: Emulator, places: Any, file_format: str, suffix: str) -> None:
    completed(
        ee.batch.Export.table.toDrive(collection=places, description="places", folder="maps", fileFormat=file_format)
    )
    assert "Munich" in (service.root / "drive" / "maps" / f"places.{suffix}").read_text()


def test_a_table_is_exported_to_an_asset_and_loaded(places: Any) -> None:
    table = stored(places)

    assert ee.data.getAsset(TABLE)["type"] == "TABLE"
    assert ee.data.getAsset(TABLE)["featureCount"] == "2"
    assert table.getInfo()["id"] == TABLE
    assert table.filter(ee.Filter.eq("name", "Square")).aggregate_sum("people").getInfo() == 3
    assert table.filterBounds(ee.Geometry.Rectangle([11, 48, 12, 49])).size().getInfo() == 2
    assert table.first().toDictionary().getInfo() == {"name": "Munich", "people": 1_500_000}


def test_a_table_is_exported_to_bigquery(service: Emulator, places: Any) -> None:
    completed(
        ee.batch.Export.table.toBigQuery(
            collection=places, description="places", table="my-project.maps.places", append=True
        )
    )
    first, _ = (service.root / "bigquery" / "my-project" / "maps" / "places.ndjson").read_text().splitlines()
    assert json.loads(first)["name"] == "Munich"


def test_a_table_is_exported_to_a_feature_view(places: Any) -> None:
    task = ee.batch.Export.table.toFeatureView(
        collection=places,
        description="places",
        assetId=TABLE,
        ingestionTimeParameters={
            "maxFeaturesPerTile": 10,
            "thinningStrategy": "HIGHER_DENSITY",
            "thinningRanking": ["people DESC"],
            "zOrderRanking": [".geometryType ASC"],
        },
    )
    completed(task)
    assert ee.data.getAsset(TABLE)["type"] == "FEATURE_VIEW"
    assert len(ee.data.listFeatures({"assetId": TABLE})["features"]) == 2


def test_features_are_computed_over_pages(places: Any) -> None:
    richer = places.map(lambda place: place.set("twice", ee.Number(place.get("people")).multiply(2)))

    first = ee.data.computeFeatures({"expression": richer, "pageSize": 1, "workloadTag": "tag"})
    second = ee.data.computeFeatures({"expression": richer, "pageSize": 1, "pageToken": first["nextPageToken"]})

    assert [page["features"][0]["properties"]["twice"] for page in (first, second)] == [3_000_000, 6]
    assert "nextPageToken" not in second


def test_stored_features_are_listed_near_a_place_and_by_a_property(places: Any) -> None:
    stored(places)
    near = json.dumps({"type": "Point", "coordinates": [11.5755, 48.1374]})

    assert [f["properties"]["name"] for f in ee.data.listFeatures({"assetId": TABLE, "region": near})["features"]] == [
        "Munich"
    ]
    rich = ee.data.listFeatures({"assetId": TABLE, "filter": "properties.people>10"})
    assert [f["properties"]["name"] for f in rich["features"]] == ["Munich"]


def test_a_table_is_ingested(service: Emulator) -> None:
    path = service.root / "gs" / "my-bucket" / "places.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("name,lon,lat\nMunich,11.5755,48.1374\n")
    source = {"uris": ["gs://my-bucket/places.csv"], "xColumn": "lon", "yColumn": "lat"}

    started = ee.data.startTableIngestion(ee.data.newTaskId()[0], {"name": TABLE, "sources": [source]})

    operation = ee.data.getOperation(started["name"])
    assert (operation["metadata"]["state"], operation["metadata"]["type"]) == ("SUCCEEDED", "INGEST_TABLE"), operation
    assert ee.FeatureCollection(TABLE).first().geometry().getInfo()["coordinates"] == [11.5755, 48.1374]


def test_an_object_that_is_missing_fails_the_ingestion() -> None:
    manifest = {"name": TABLE, "sources": [{"uris": ["gs://my-bucket/missing.csv"]}]}
    started = ee.data.startTableIngestion(ee.data.newTaskId()[0], manifest)
    operation = ee.data.getOperation(started["name"])
    assert operation["metadata"]["state"] == "FAILED"
    assert "gs://my-bucket/missing.csv" in operation["error"]["message"]


def test_an_image_is_reduced_over_the_features_of_a_table(places: Any) -> None:
    image = ee.Image(SCENE).select(["B4", "B8"])
    reduced = image.reduceRegions(collection=stored(places), reducer=ee.Reducer.mean(), scale=10)

    shown = reduced.getInfo()["features"]

    alone = image.reduceRegion(
        ee.Reducer.mean(), ee.Geometry.Rectangle([X, Y - 40, X + 40, Y], "EPSG:32632", False), 10
    )
    assert shown[1]["properties"] == {"name": "Square", "people": 3, **alone.getInfo()}
    assert reduced.aggregate_array("B8").size().getInfo() == 2


def test_a_table_of_samples_is_split_for_training(places: Any) -> None:
    image = ee.Image(SCENE).select(["B4", "B8"])
    labelled = image.sampleRegions(collection=places, properties=["people"], scale=10, geometries=True)
    samples = image.sample(region=places.toList(1, 1).get(0), scale=10, numPixels=10, seed=1)
    split = labelled.randomColumn("random", 7)

    assert labelled.size().getInfo() == 17
    assert samples.size().getInfo() == 10
    assert set(labelled.first().toDictionary().getInfo()) == {"B4", "B8", "people"}
    few = split.filter(ee.Filter.lt("random", 0.5)).size().getInfo()
    assert few + split.filter(ee.Filter.gte("random", 0.5)).size().getInfo() == 17


def test_features_are_measured_and_their_properties_chosen(places: Any) -> None:
    square = ee.Feature(places.filter(ee.Filter.eq("name", "Square")).first())
    assert square.area(1).getInfo() == pytest.approx(1600, rel=0.01)
    assert square.centroid(1).geometry().getInfo()["type"] == "Point"
    assert places.select(["name"], ["called"]).first().toDictionary().getInfo() == {"called": "Munich"}
    assert ee.Feature(places.first()).buffer(100).area(1).getInfo() == pytest.approx(31415, rel=0.01)


def test_a_series_of_images_becomes_one_table(places: Any) -> None:
    days = ee.ImageCollection("EMULATOR/S2_DAILY").limit(3).select("B4")
    series = days.map(
        lambda day: day.reduceRegions(places, ee.Reducer.mean(), 10).map(
            lambda place: place.set("day", day.date().format())
        )
    ).flatten()
    assert series.size().getInfo() == 6
    assert series.aggregate_count_distinct("day").getInfo() == 3


def test_an_image_collection_becomes_a_table_of_values_at_a_point() -> None:
    """The example of https://developers.google.com/earth-engine/apidocs/ee-data-computefeatures."""
    point = ee.Geometry.Point([11.5755, 48.1374])
    days = ee.ImageCollection("EMULATOR/S2_DAILY").limit(3)

    table = days.map(lambda image: ee.Feature(point, image.reduceRegion("first", point, 10)))
    features = ee.data.computeFeatures({"expression": table})["features"]

    assert table.getInfo()["type"] == "FeatureCollection"
    assert [feature["id"] for feature in features] == ["20240101", "20240102", "20240103"]
    assert all(feature["geometry"]["type"] == "Point" for feature in features)
    assert "B4" in features[0]["properties"]


def test_what_is_not_written_says_so(places: Any) -> None:
    task = ee.batch.Export.table.toDrive(collection=places, description="places", fileFormat="SHP")
    with pytest.raises(ee.EEException, match="SHP"):
        task.start()
