"""Google's own client: train a classifier, export it, classify with it; export maps, and videos that are accepted."""

from typing import Any

import ee
import numpy as np
import pytest
import rasterio

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.official.client import PROJECT, ROOT, SCENE, middle, started

NAME = f"{ROOT}/cover"
BANDS = ["B4", "B8"]

#: Reflectances of the scene's water and of its land, green or bare: red, near infrared, class.
SAMPLES = [(1820, 2110, 0), (1815, 2105, 0), (500, 3700, 1), (900, 3000, 1), (1300, 2200, 2), (1400, 1950, 2)]


@pytest.fixture
def samples() -> Any:
    return ee.FeatureCollection([ee.Feature(None, {"B4": red, "B8": nir, "class": c}) for red, nir, c in SAMPLES])


@pytest.fixture
def region() -> Any:
    """A kilometre in the middle of the scene."""
    west, south = middle(SCENE)
    return ee.Geometry.Rectangle([west, south, west + 0.01, south + 0.01])


def pixels(image: Any) -> Any:
    """Return a corner of the scene that has fields of several kinds."""
    native = ee.data.getAsset(f"projects/earthengine-public/assets/{SCENE}")["bands"][0]["grid"]
    grid = {**native, "dimensions": {"width": 128, "height": 96}}
    return ee.data.computePixels({"expression": image, "fileFormat": "NUMPY_NDARRAY", "grid": grid})


@pytest.mark.parametrize(
    ("learner", "arguments"),
    [("smileCart", []), ("smileRandomForest", [10]), ("minimumDistance", []), ("minimumDistance", ["cosine"])],
    ids=["smileCart", "smileRandomForest", "minimumDistance", "cosine"],
)
def test_an_image_is_classified(samples: Any, learner: str, arguments: list[Any]) -> None:
    trained = getattr(ee.Classifier, learner)(*arguments).train(samples, "class", BANDS)
    image = ee.Image(SCENE).select(BANDS)
    classified = image.classify(trained)

    assert [band["id"] for band in classified.getInfo()["bands"]] == ["classification"]
    found = pixels(classified)["classification"]
    assert found.dtype == np.int32
    assert set(found.flat) <= {0, 1, 2}
    assert trained.schema().getInfo() == BANDS
    assert trained.mode().getInfo() == "CLASSIFICATION"


def test_pixels_get_the_class_of_the_nearest_mean(samples: Any) -> None:
    image = ee.Image(SCENE).select(BANDS)
    found = pixels(image.classify(ee.Classifier.minimumDistance().train(samples, "class", BANDS)))["classification"]

    values = pixels(image)
    means = np.array([[1817.5, 2107.5], [700, 3350], [1350, 2075]])
    distances = [np.hypot(values["B4"] - red, values["B8"] - nir) for red, nir in means]
    assert (found == np.argmin(distances, axis=0)).all()
    assert len(set(found.flat)) > 1


def test_a_classifier_learns_from_pixels_under_features(region: Any) -> None:
    """Class 1 is what is greener than the middle of the sample; the near infrared alone tells it."""
    image = ee.Image(SCENE).select(BANDS)
    labelled = image.addBands(image.select("B8").gt(2400).rename("class"))
    west, south = middle(SCENE)
    points = ee.FeatureCollection(
        [ee.Feature(ee.Geometry.Point([west + 0.001 * x, south + 0.001 * y])) for x in range(8) for y in range(8)]
    )
    samples = labelled.sampleRegions(collection=points, scale=10)

    trained = ee.Classifier.smileCart().train(samples, "class", BANDS)

    assert samples.size().getInfo() == 64
    assert trained.confusionMatrix().accuracy().getInfo() == 1
    found, values = pixels(image.classify(trained))["classification"], pixels(image)["B8"]
    assert (found == (values > 2400)).mean() > 0.95


def test_training_is_judged_by_its_confusion_matrix(samples: Any) -> None:
    trained = ee.Classifier.smileCart().train(samples, "class", BANDS)

    assert trained.confusionMatrix().getInfo() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
    assert trained.confusionMatrix().accuracy().getInfo() == 1
    checked = samples.classify(trained).errorMatrix("class", "classification")
    assert (checked.kappa().getInfo(), checked.order().getInfo()) == (1, [0, 1, 2])


def test_a_tree_that_was_explained_is_the_same_tree(samples: Any) -> None:
    image = ee.Image(SCENE).select(BANDS)
    trained = ee.Classifier.smileCart().train(samples, "class", BANDS)

    given = ee.Classifier.decisionTree(trained.explain().getInfo()["tree"])

    assert (pixels(image.classify(given)) == pixels(image.classify(trained))).all()


@pytest.mark.parametrize("trees", [1, 20], ids=["smileCart", "smileRandomForest"])
def test_a_classifier_is_exported_and_loaded(samples: Any, trees: int) -> None:
    learner = ee.Classifier.smileCart() if trees == 1 else ee.Classifier.smileRandomForest(trees)
    trained = learner.train(samples, "class", BANDS)
    task = ee.batch.Export.classifier.toAsset(classifier=trained, description="cover", assetId=NAME)

    status = started(task)

    assert (status["state"], status["task_type"]) == ("COMPLETED", "EXPORT_CLASSIFIER"), status
    assert ee.data.getAsset(NAME)["type"] == "CLASSIFIER"
    image = ee.Image(SCENE).select(BANDS)
    assert (pixels(image.classify(ee.Classifier.load(NAME))) == pixels(image.classify(trained))).all()


def test_an_exported_classifier_makes_an_image_that_is_exported(service: Emulator, samples: Any, region: Any) -> None:
    trained = ee.Classifier.smileCart().train(samples, "class", BANDS)
    started(ee.batch.Export.classifier.toAsset(trained, "cover", NAME))
    classified = ee.Image(SCENE).select(BANDS).classify(ee.Classifier.load(NAME), "cover")

    task = ee.batch.Export.image.toCloudStorage(
        image=classified.toByte(), description="cover", bucket="my-bucket", region=region, scale=10
    )

    assert started(task)["state"] == "COMPLETED"
    with rasterio.open(service.root / "gs" / "my-bucket" / "cover.tif") as raster:
        assert (raster.descriptions, raster.dtypes) == (("cover",), ("uint8",))
        assert len(np.unique(raster.read(1))) > 1


def test_a_classifier_is_overwritten_only_when_asked(samples: Any) -> None:
    trained = ee.Classifier.smileCart().train(samples, "class", BANDS)
    started(ee.batch.Export.classifier.toAsset(trained, "cover", NAME))

    refused = started(ee.batch.Export.classifier.toAsset(trained, "cover", NAME))
    assert (refused["state"], refused["error_message"]) == ("FAILED", f"Cannot overwrite asset '{NAME}'.")
    assert started(ee.batch.Export.classifier.toAsset(trained, "cover", NAME, overwrite=True))["state"] == "COMPLETED"


def test_what_earth_engine_does_not_export_is_refused(samples: Any) -> None:
    trained = ee.Classifier.minimumDistance().train(samples, "class", BANDS)
    with pytest.raises(ee.EEException, match="minimumDistance cannot be exported"):
        ee.batch.Export.classifier.toAsset(trained, "cover", NAME).start()


def test_a_missing_property_is_named(samples: Any) -> None:
    with pytest.raises(ee.EEException, match="Property 'B12' of feature '0' is missing"):
        ee.Classifier.smileCart().train(samples, "class", ["B12"]).schema().getInfo()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_map_is_exported_as_tiles(service: Emulator, region: Any) -> None:
    picture = ee.Image(SCENE).visualize(bands=["B4", "B3", "B2"], min=0, max=3000)
    task = ee.batch.Export.map.toCloudStorage(
        image=picture,
        description="map",
        bucket="my-bucket",
        path="maps/scene",
        region=region,
        minZoom=10,
        maxZoom=13,
        fileFormat="png",
        bucketCorsUris=["*"],
    )

    status = started(task)

    assert (status["state"], status["task_type"]) == ("COMPLETED", "EXPORT_TILES"), status
    folder = service.root / "gs" / "my-bucket" / "maps" / "scene"
    assert {path.name for path in folder.iterdir()} == {"10", "11", "12", "13", "index.html"}
    for tile in folder.rglob("*.png"):
        with rasterio.open(tile) as raster:
            assert (raster.driver, raster.count, raster.shape) == ("PNG", 4, (256, 256))
            assert raster.read(4).any()


def test_a_map_of_automatic_format_and_scale_is_exported(service: Emulator, region: Any) -> None:
    picture = ee.Image(SCENE).visualize(bands=["B8"], min=0, max=3000, palette=["black", "white"])
    task = ee.batch.Export.map.toCloudStorage(
        image=picture, description="map", bucket="my-bucket", region=region, scale=150, writePublicTiles=False
    )
    assert started(task)["state"] == "COMPLETED"
    levels = {path.name for path in (service.root / "gs" / "my-bucket" / "map").iterdir() if path.is_dir()}
    assert levels == set(map(str, range(11)))


@pytest.mark.parametrize("where", ["toCloudStorage", "toDrive"])
def test_a_video_is_accepted_when_the_emulator_is_told_to(service: Emulator, region: Any, where: str) -> None:
    frames = ee.ImageCollection([ee.Image(SCENE).visualize(bands=["B4", "B3", "B2"], min=0, max=3000)])
    place = {"bucket": "my-bucket"} if where == "toCloudStorage" else {"folder": "films"}
    video = {"collection": frames, "description": "film", "region": region, "dimensions": 64, "framesPerSecond": 5}
    export = getattr(ee.batch.Export.video, where)

    with pytest.raises(ee.EEException, match="not_computed"):
        export(**video, **place).start()
    service.control.configure(not_computed="accept")
    task = export(**video, **place)
    status = started(task)

    assert (status["state"], status["task_type"]) == ("COMPLETED", "EXPORT_VIDEO"), status
    assert ee.data.getOperation(task.name)["metadata"]["destinationUris"] == []
    assert PROJECT in task.name
