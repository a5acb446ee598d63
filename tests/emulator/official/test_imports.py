"""Google's own client imports images into the emulator, shares and copies them, over a real port."""

import io
from typing import Any

import ee
import numpy as np
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import put_tiff, ramp
from tests.emulator.official.client import ROOT

FILE = "gs://my-bucket/scenes/one.tif"
NAME = f"{ROOT}/image"
TILED = {"tiled": True, "blockxsize": 256, "blockysize": 256}


def manifest(*uris: str, **fields: Any) -> dict[str, Any]:
    sources = [{"uris": [uri]} for uri in uris or (FILE,)]
    return {"name": NAME, "tilesets": [{"sources": sources}], **fields}


def ingested(image_manifest: dict[str, Any], *, allow_overwrite: bool = False) -> dict[str, Any]:
    """Ingest an image and return the operation after one look."""
    task = ee.data.startIngestion(ee.data.newTaskId()[0], image_manifest, allow_overwrite)
    operation: dict[str, Any] = ee.data.getOperation(task["name"])
    return operation


def pixels(name: str, band: str) -> Any:
    raw = ee.data.getPixels({"assetId": name, "fileFormat": "NPY", "bandIds": [band]})
    return np.load(io.BytesIO(raw))[band]


def test_an_image_is_ingested_and_has_the_pixels_of_its_file(service: Emulator) -> None:
    values = ramp(bands=2)
    put_tiff(service.root, FILE, values)

    operation = ingested(manifest(bands=[{"id": "red"}, {"id": "nir"}], properties={"cloudy": 5}))

    assert (operation["metadata"]["state"], operation["metadata"]["type"]) == ("SUCCEEDED", "INGEST_IMAGE"), operation
    described = ee.Image(NAME).getInfo()
    assert [band["id"] for band in described["bands"]] == ["red", "nir"]
    assert described["bands"][0]["dimensions"] == [8, 6]
    assert described["properties"]["cloudy"] == 5
    assert (pixels(NAME, "nir") == values[1]).all()


def test_an_ingested_image_is_computed_with(service: Emulator) -> None:
    values = ramp()
    put_tiff(service.root, FILE, values)
    ingested(manifest())
    image = ee.Image(NAME)
    total = image.multiply(2).reduceRegion(ee.Reducer.sum(), image.geometry(), 10).getInfo()
    assert total == {"b1": 2 * values.sum()}


def test_a_mosaic_is_ingested_from_a_short_manifest(service: Emulator) -> None:
    put_tiff(service.root, "gs://my-bucket/1.tif", ramp())
    put_tiff(service.root, "gs://my-bucket/2.tif", ramp(start=100), column=8)
    ingested(manifest("1.tif", "2.tif", uriPrefix="gs://my-bucket/"))
    assert (pixels(NAME, "b1") == np.hstack([ramp()[0], ramp(start=100)[0]])).all()


def test_a_failure_says_which_object_is_missing() -> None:
    operation = ingested(manifest("gs://my-bucket/missing.tif"))
    assert operation["metadata"]["state"] == "FAILED"
    assert "gs://my-bucket/missing.tif" in operation["error"]["message"]


def test_an_image_is_not_overwritten_unless_asked(service: Emulator) -> None:
    put_tiff(service.root, FILE, ramp())
    ingested(manifest())
    with pytest.raises(ee.EEException, match="Cannot overwrite"):
        ingested(manifest())
    assert ingested(manifest(), allow_overwrite=True)["metadata"]["state"] == "SUCCEEDED"


def test_a_collection_is_filled_and_filtered_by_time_and_place(service: Emulator) -> None:
    ee.data.createAsset({"type": "IMAGE_COLLECTION"}, f"{ROOT}/collection")
    for day in (1, 2):
        put_tiff(service.root, FILE, ramp(), column=100_000 * day)
        times = {"startTime": f"2026-01-0{day}T00:00:00Z", "endTime": f"2026-01-0{day}T01:00:00Z"}
        ingested(manifest(**times) | {"name": f"{ROOT}/collection/{day}"})
    first = ee.data.getAsset(f"{ROOT}/collection/1")

    here = ee.data.listImages({"parent": f"{ROOT}/collection", "region": first["geometry"]})
    later = ee.data.listImages({"parent": f"{ROOT}/collection", "startTime": "2026-01-02T00:00:00Z"})
    loaded = ee.ImageCollection(f"{ROOT}/collection").filterDate("2026-01-02", "2026-01-03")

    assert [image["name"][-1] for image in here["images"]] == ["1"]
    assert [image["name"][-1] for image in later["images"]] == ["2"]
    assert loaded.size().getInfo() == 1


def test_an_external_image_is_there_at_once(service: Emulator) -> None:
    values = ramp(bands=2)
    put_tiff(service.root, FILE, values, names=("red", "nir"), **TILED)

    answer = ee.data.startExternalImageIngestion(manifest())

    assert answer == {"name": NAME}
    assert ee.Image(NAME).bandNames().getInfo() == ["red", "nir"]
    assert ee.data.getAsset(NAME)["cloudStorageLocation"]["uris"][0].startswith(f"{FILE}#")
    assert (pixels(NAME, "nir") == values[1]).all()


def test_an_external_image_needs_a_tiled_file(service: Emulator) -> None:
    put_tiff(service.root, FILE, ramp(), tiled=False)
    with pytest.raises(ee.EEException, match="not tiled"):
        ee.data.startExternalImageIngestion(manifest())


def test_an_image_is_published(service: Emulator) -> None:
    put_tiff(service.root, FILE, ramp())
    ee.data.createAsset({"type": "FOLDER"}, f"{ROOT}/public")
    policy = ee.data.getIamPolicy(f"{ROOT}/public")
    policy["bindings"] = [{"role": "roles/viewer", "members": ["allUsers"]}]
    ee.data.setIamPolicy(f"{ROOT}/public", policy)
    ingested(manifest())

    ee.data.copyAsset(NAME, f"{ROOT}/public/image")
    ee.data.copyAsset(f"{ROOT}/public/image", f"{ROOT}/back")

    assert ee.data.getIamPolicy(f"{ROOT}/public")["bindings"] == policy["bindings"]
    assert (pixels(f"{ROOT}/back", "b1") == ramp()[0]).all()
    with pytest.raises(ee.EEException, match="concurrent policy changes"):
        ee.data.setIamPolicy(f"{ROOT}/public", policy)
