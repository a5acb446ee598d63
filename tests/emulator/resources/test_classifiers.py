"""classifier.export, from the request to the asset that the next expression loads."""

import json
from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression, image
from tests.emulator.requests import GRID

pytestmark = pytest.mark.anyio

EXPORT = "/v1/projects/p/classifier:export"
NAME = "projects/p/assets/cover"

#: Below a limit it is water, class 1, above it land, class 2.
TREE = "1) root 9999 9999 9999\n2) nir<{limit} 9999 9999 1 *\n3) nir>={limit} 9999 9999 2 *"


def tree(limit: float = 0.2) -> dict[str, Any]:
    return call("Classifier.decisionTree", treeString=TREE.format(limit=limit))


def body(value: dict[str, Any], *, overwrite: bool = False, name: str = NAME, **more: Any) -> dict[str, Any]:
    destination = {"name": name} | ({"overwrite": True} if overwrite else {})
    return {
        "expression": expression(value),
        "description": "cover",
        "assetExportOptions": {"earthEngineDestination": destination},
        **more,
    }


async def finished(api: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    """Export, look once, and return the operation."""
    submitted = await api.post(EXPORT, json=request)
    assert submitted.status_code == 200, submitted.text
    operation: dict[str, Any] = (await api.get(f"/v1/{submitted.json()['name']}")).json()
    return operation


async def class_of(api: httpx.AsyncClient, nir: float) -> Any:
    """Return what the stored classifier makes of a pixel."""
    picture = call("Image.rename", input=image(nir), names=["nir"])
    classified = call("Image.classify", image=picture, classifier=call("Classifier.load", id=NAME))
    region = call("GeometryConstructors.Point", coordinates=[10, 50])
    value = call("Image.reduceRegion", image=classified, reducer=call("Reducer.max"), geometry=region, scale=10)
    answer = await api.post("/v1/projects/p/value:compute", json={"expression": expression(value)})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["classification"]


async def test_an_exported_classifier_is_an_asset_that_expressions_load(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    operation = await finished(api, body(tree()))

    assert (operation["metadata"]["state"], operation["metadata"]["type"]) == ("SUCCEEDED", "EXPORT_CLASSIFIER")
    assert operation["metadata"]["destinationUris"] == [f"https://code.earthengine.google.com/?asset={NAME}"]
    asset = (await api.get(f"/v1/{NAME}")).json()
    (file,) = (inside.root / "assets" / "projects" / "p" / "assets").glob("cover-*.json")
    assert (asset["type"], asset["id"]) == ("CLASSIFIER", NAME)
    assert asset["sizeBytes"] == str(file.stat().st_size)
    assert json.loads(file.read_text())["trees"] == [TREE.format(limit=0.2)]
    assert [await class_of(api, 0.1), await class_of(api, 0.3)] == [1, 2]


async def test_a_classifier_is_replaced_only_when_asked(api: httpx.AsyncClient, inside: Emulator) -> None:
    await finished(api, body(tree()))

    refused = await finished(api, body(tree(0.5)))
    assert refused["error"]["message"] == f"Cannot overwrite asset '{NAME}'."
    assert await class_of(api, 0.3) == 2

    await finished(api, body(tree(0.5), overwrite=True))
    assert await class_of(api, 0.3) == 1
    assert len(list((inside.root / "assets").rglob("*.json"))) == 1


async def test_a_copy_of_a_classifier_is_a_classifier(api: httpx.AsyncClient) -> None:
    first = "projects/p/assets/first"
    await finished(api, body(tree(), name=first))

    copied = await api.post(f"/v1/{first}:copy", json={"destinationName": NAME})
    await api.delete(f"/v1/{first}")

    assert copied.json()["type"] == "CLASSIFIER"
    assert await class_of(api, 0.1) == 1


async def test_a_classifier_has_no_place_in_a_collection_of_images(api: httpx.AsyncClient) -> None:
    await api.post("/v1/projects/p/assets", params={"assetId": "images"}, json={"type": "IMAGE_COLLECTION"})
    refused = await api.post(EXPORT, json=body(tree(), name="projects/p/assets/images/cover"))
    assert refused.status_code == 400
    assert "cannot hold CLASSIFIER" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (image(1), "The expression to export is not a Classifier."),
        (call("Classifier.minimumDistance"), "A classifier minimumDistance cannot be exported"),
        (call("Classifier.smileCart"), "A classifier smileCart cannot be exported"),
    ],
    ids=["an image", "another kind", "untrained"],
)
async def test_what_cannot_be_exported_is_refused_at_once(
    api: httpx.AsyncClient, value: dict[str, Any], words: str
) -> None:
    refused = await api.post(EXPORT, json=body(value))
    assert refused.status_code == 400
    assert words in refused.json()["error"]["message"]


async def test_what_is_wrong_in_the_training_is_refused(api: httpx.AsyncClient) -> None:
    one_class = call("Collection", features=[call("Feature", metadata={"nir": 1, "class": 1})])
    value = call(
        "Classifier.train",
        classifier=call("Classifier.smileCart"),
        features=one_class,
        classProperty="class",
        inputProperties=["nir"],
    )
    refused = (await api.post(EXPORT, json=body(value))).json()["error"]
    assert (refused["code"], refused["message"]) == (400, "Classifier.train: Only one class.")


async def test_what_is_not_computed_is_refused_at_submission(api: httpx.AsyncClient, inside: Emulator) -> None:
    refused = await api.post(EXPORT, json=body(call("Classifier.smileGradientTreeBoost", numberOfTrees=3)))
    assert refused.status_code == 400
    assert "smileGradientTreeBoost" in refused.json()["error"]["message"]
    assert inside.control.operations() == []


async def test_a_repetition_after_the_end_can_be_the_same_operation(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(duplicate_request_id="same-operation")
    first = await finished(api, body(tree(), requestId="once"))
    again = await api.post(EXPORT, json=body(tree(), requestId="once"))
    assert (again.status_code, again.json()["name"]) == (200, first["name"])


async def test_a_classifier_is_not_loaded_as_an_image(api: httpx.AsyncClient) -> None:
    await finished(api, body(tree()))
    load = {"expression": expression(call("Image.load", id=NAME))}

    refused = await api.post("/v1/projects/p/value:compute", json=load)

    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == f"Image.load: Asset '{NAME}' is not an Image."


async def test_a_classified_image_is_exported_in_the_type_of_its_classes(api: httpx.AsyncClient) -> None:
    await finished(api, body(tree()))
    picture = call("Image.rename", input=image(0.3), names=["nir"])
    classified = call("Image.classify", image=picture, classifier=call("Classifier.load", id=NAME))
    request = {"expression": expression(classified), "grid": GRID, "fileFormat": "NPY"}

    pixels = await api.post("/v1/projects/p/image:computePixels", json=request)

    assert b"'<i4'" in pixels.content
