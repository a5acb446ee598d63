"""Google's own client with images: exported, loaded, computed, and the operations that do it."""

import io
from typing import Any

import ee
import numpy as np
import pytest
import rasterio

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.official.client import PROJECT, ROOT, SCENE, initialise, middle, started


@pytest.fixture
def image() -> Any:
    return ee.Image(SCENE).normalizedDifference(["B8", "B4"])


@pytest.fixture
def region() -> Any:
    """A kilometre in the middle of the scene."""
    west, south = middle(SCENE)
    return ee.Geometry.Rectangle([west, south, west + 0.01, south + 0.01])


def test_initialising_asks_with_the_token_for_the_project(service: Emulator) -> None:
    ee.Reset()
    service.control.reset()
    initialise(service)

    entries = service.control.ledger.entries()

    assert entries[-1].path == f"/v1/projects/{PROJECT}/algorithms"
    assert entries[-1].quota_project == PROJECT
    assert all(entry.status == 200 for entry in entries)


def test_an_image_is_exported_to_cloud_storage(service: Emulator, image: Any, region: Any) -> None:
    task = ee.batch.Export.image.toCloudStorage(
        image=image,
        description="ndvi",
        bucket="my-bucket",
        fileNamePrefix="folder/ndvi",
        region=region,
        scale=10,
        crs="EPSG:32632",
        maxPixels=1e9,
        priority=7,
        formatOptions={"cloudOptimized": True, "noData": -9999},
        shardSize=256,
    )

    status = started(task)

    assert (status["state"], status["task_type"], status["priority"]) == ("COMPLETED", "EXPORT_IMAGE", 7), status
    assert status["description"] == "ndvi"
    with rasterio.open(service.root / "gs" / "my-bucket" / "folder" / "ndvi.tif") as raster:
        values = raster.read(1, masked=True)
        assert raster.res == (10, 10)
        assert -1 <= values.min() < values.max() <= 1


def test_an_image_is_exported_to_drive(service: Emulator, image: Any, region: Any) -> None:
    task = ee.batch.Export.image.toDrive(image=image, description="ndvi", folder="my folder", region=region, scale=10)
    assert started(task)["state"] == "COMPLETED"
    assert (service.root / "drive" / "my folder" / "ndvi.tif").is_file()


def test_an_image_is_exported_to_an_asset_that_can_be_loaded(image: Any, region: Any) -> None:
    name = f"{ROOT}/ndvi"
    task = ee.batch.Export.image.toAsset(
        image=image, description="ndvi", assetId=name, region=region, scale=10, pyramidingPolicy={".default": "mode"}
    )
    assert started(task)["state"] == "COMPLETED"

    assert ee.data.getAsset(name)["type"] == "IMAGE"
    assert ee.Image(name).bandNames().getInfo() == ["nd"]
    assert ee.data.getAsset(name)["id"] == name


def test_a_task_that_is_started_twice_is_one_operation(service: Emulator, image: Any, region: Any) -> None:
    task = ee.batch.Export.image.toDrive(image=image, description="ndvi", region=region, scale=10)
    started(task)
    with pytest.raises(ee.EEException, match="A different Operation was already started with the given request_id"):
        started(task)
    assert len(service.control.operations()) == 1


def test_a_failure_is_shown_with_its_words(service: Emulator, image: Any, region: Any) -> None:
    service.control.plan(attempts=5, code="INTERNAL", message="Internal error.")
    task = ee.batch.Export.image.toDrive(image=image, description="ndvi", region=region, scale=10)

    status = started(task)

    assert (status["state"], status["error_message"], status["attempt"]) == ("FAILED", "Internal error.", 5)


def test_operations_are_listed_over_pages(service: Emulator) -> None:
    service.control.seed_operations(PROJECT, 700)
    assert len(ee.data.listOperations()) == 700
    assert len(ee.batch.Task.list()) == 700


def test_an_operation_is_cancelled(service: Emulator, image: Any, region: Any) -> None:
    service.control.configure(time="looks=1000")
    task = ee.batch.Export.image.toDrive(image=image, description="ndvi", region=region, scale=10)
    task.start()
    assert task.status()["state"] == "READY"

    task.cancel()

    assert task.status()["state"] == "CANCELLED"
    assert ee.data.getOperation(task.name)["error"]["message"] == "Cancelled."


def test_pixels_of_a_stored_image_arrive_in_numpys_format(service: Emulator) -> None:
    asset_id = f"projects/earthengine-public/assets/{SCENE}"
    native = ee.data.getAsset(asset_id)["bands"][0]["grid"]
    grid = {**native, "dimensions": {"width": 32, "height": 16}}

    raw = ee.data.getPixels({"assetId": asset_id, "fileFormat": "NPY", "grid": grid, "bandIds": ["B4"]})

    pixels = np.load(io.BytesIO(raw))
    assert (pixels.shape, pixels.dtype.names) == ((16, 32), ("B4",))


def test_pixels_are_computed_into_an_array(service: Emulator, image: Any) -> None:
    native = ee.data.getAsset(f"projects/earthengine-public/assets/{SCENE}")["bands"][0]["grid"]
    grid = {**native, "dimensions": {"width": 32, "height": 16}}

    pixels = ee.data.computePixels({"expression": image, "fileFormat": "NUMPY_NDARRAY", "grid": grid})

    assert pixels.shape == (16, 32)
    assert np.isfinite(pixels["nd"]).all()


def test_a_region_is_reduced_to_a_value(image: Any, region: Any) -> None:
    mean = image.reduceRegion(reducer=ee.Reducer.mean(), geometry=region, scale=10).getInfo()
    assert set(mean) == {"nd"}
    assert -1 <= mean["nd"] <= 1


def test_an_error_of_the_computer_reaches_the_user_in_its_words() -> None:
    with pytest.raises(ee.EEException, match="B9"):
        ee.Image(SCENE).select("B9").bandNames().getInfo()


def test_what_is_not_computed_says_so() -> None:
    with pytest.raises(ee.EEException, match="CannyEdgeDetector"):
        ee.Algorithms.CannyEdgeDetector(ee.Image(1), 1).getInfo()


class TestAssets:
    @pytest.fixture(autouse=True)
    def _folder(self) -> None:
        ee.data.createAsset({"type": "FOLDER"}, f"{ROOT}/folder")

    def names(self, parent: str = ROOT) -> list[str]:
        return [asset["name"].removeprefix(f"{ROOT}/") for asset in ee.data.listAssets(parent)["assets"]]

    def image(self, name: str) -> str:
        region = ee.Geometry.Rectangle([10, 50, 10.01, 50.01])
        task = ee.batch.Export.image.toAsset(
            image=ee.Image(7), description="seven", assetId=f"{ROOT}/{name}", region=region, scale=100
        )
        assert started(task)["state"] == "COMPLETED"
        return f"{ROOT}/{name}"

    def test_assets_are_created_and_listed(self) -> None:
        ee.data.createAsset({"type": "IMAGE_COLLECTION"}, f"{ROOT}/folder/collection", {"a": 1})
        assert self.names() == ["folder"]
        assert self.names(f"{ROOT}/folder") == ["folder/collection"]
        assert ee.data.getAsset(f"{ROOT}/folder/collection")["properties"] == {"a": 1}

    def test_images_of_a_collection_are_listed_with_a_filter(self) -> None:
        ee.data.createAsset({"type": "IMAGE_COLLECTION"}, f"{ROOT}/collection")
        name = self.image("collection/seven")
        ee.data.updateAsset(name, {"properties": {"cloudy": 5}}, ["properties.cloudy"])

        few = ee.data.listImages({"parent": f"{ROOT}/collection", "filter": "properties.cloudy<10"})
        none = ee.data.listImages({"parent": f"{ROOT}/collection", "filter": "properties.cloudy>10"})

        assert [image["name"] for image in few["images"]] == [name]
        assert none["images"] == []

    def test_an_asset_is_copied_renamed_and_deleted(self) -> None:
        first = self.image("folder/first")
        ee.data.copyAsset(first, f"{ROOT}/folder/second")
        ee.data.renameAsset(f"{ROOT}/folder/second", f"{ROOT}/third")
        ee.data.deleteAsset(first)

        assert self.names(f"{ROOT}/folder") == []
        assert self.names() == ["folder", "third"]
        with pytest.raises(ee.EEException, match="does not exist"):
            ee.data.getAsset(first)

    def test_properties_are_updated(self) -> None:
        name = self.image("seven")
        ee.data.updateAsset(name, {"properties": {"a": 1, "b": 2}}, ["properties.a"])
        assert ee.data.getAsset(name)["properties"]["a"] == 1
        assert "b" not in ee.data.getAsset(name)["properties"]

    def test_a_folder_that_is_not_empty_is_kept(self) -> None:
        self.image("folder/first")
        with pytest.raises(ee.EEException, match="not empty"):
            ee.data.deleteAsset(f"{ROOT}/folder")

    def test_who_may_read_is_changed(self) -> None:
        policy = ee.data.getIamPolicy(f"{ROOT}/folder")
        policy["bindings"] = [{"role": "roles/viewer", "members": ["allUsers"]}]
        ee.data.setIamPolicy(f"{ROOT}/folder", policy)
        assert ee.data.getIamPolicy(f"{ROOT}/folder")["bindings"] == policy["bindings"]


def test_the_project_says_that_it_is_registered() -> None:
    assert ee.data.getProjectConfig()["registrationState"] == "REGISTERED_NOT_COMMERCIALLY"


def test_files_of_an_export_stay_under_the_root(image: Any, region: Any) -> None:
    task = ee.batch.Export.image.toCloudStorage(
        image=image, description="d", bucket="my-bucket", fileNamePrefix="../../escaped", region=region, scale=10
    )
    with pytest.raises(ee.EEException, match="filenamePrefix"):
        task.start()
