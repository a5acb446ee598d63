import json

import pytest

from airflow_provider_ee.client.arguments.expressions import inlined
from airflow_provider_ee.client.arguments.regions import region
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import ExportImageToDrive, ExportVideoToDrive

IMAGE = {"result": "0", "values": {"0": {"constantValue": "an image"}}}
BOX = [7, 46, 8, 47]
TRANSFORM = [10, 0, 600000, 0, -10, 5400000]


def on_grid(**asked):
    return ExportImageToDrive(image=IMAGE, **asked).computed()


def steps(whole):
    """The functions that an image passes through, outermost first, with what they are given beside it."""
    node, found = inlined(whole), []
    while "functionInvocationValue" in node:
        invocation = node["functionInvocationValue"]
        arguments = dict(invocation["arguments"])
        node = arguments.pop("input", None) or arguments.pop("image")
        found.append((invocation["functionName"], arguments))
    return found


def test_nothing_asked_is_nothing_done():
    assert on_grid() == IMAGE


@pytest.mark.parametrize(
    ("asked", "functions"),
    [
        pytest.param({"region": BOX}, ["Image.clip"], id="region"),
        pytest.param({"region": BOX, "scale": 30}, ["Image.clipToBoundsAndScale"], id="region and scale"),
        pytest.param({"scale": 30}, ["Image.clipToBoundsAndScale"], id="scale"),
        pytest.param({"crs": "EPSG:4326"}, ["Image.setDefaultProjection"], id="crs"),
        pytest.param({"crs": "EPSG:4326", "crs_transform": TRANSFORM}, ["Image.reproject"], id="crs and transform"),
        pytest.param(
            {"crs": "EPSG:4326", "scale": 30, "region": BOX},
            ["Image.clipToBoundsAndScale", "Image.setDefaultProjection"],
            id="crs, scale and region",
        ),
        pytest.param(
            {"crs": "EPSG:4326", "crs_transform": TRANSFORM, "region": BOX},
            ["Image.clip", "Image.reproject"],
            id="crs, transform and region",
        ),
        pytest.param(
            {"crs": "EPSG:4326", "crs_transform": TRANSFORM, "dimensions": "20x10"},
            ["Image.clipToBoundsAndScale", "Image.reproject"],
            id="an exact rectangle of pixels",
        ),
    ],
)
def test_the_grid_is_folded_into_the_expression_as_the_official_client_does(asked, functions):
    assert [name for name, _ in steps(on_grid(**asked))] == functions


@pytest.mark.parametrize(
    ("dimensions", "arguments"),
    [
        (512, {"maxDimension": {"constantValue": 512}}),
        ("512", {"maxDimension": {"constantValue": 512}}),
        ("20x10", {"width": {"constantValue": 20}, "height": {"constantValue": 10}}),
        ((20, 10), {"width": {"constantValue": 20}, "height": {"constantValue": 10}}),
    ],
)
def test_dimensions_are_a_longest_side_or_two_sides(dimensions, arguments):
    assert steps(on_grid(dimensions=dimensions)) == [("Image.clipToBoundsAndScale", arguments)]


def test_an_exact_rectangle_begins_at_the_origin_of_the_transform():
    (_, arguments), _ = steps(on_grid(crs="EPSG:4326", crs_transform=TRANSFORM, dimensions="20x10"))
    rectangle = arguments["geometry"]["functionInvocationValue"]["arguments"]
    assert rectangle["coordinates"] == {"constantValue": [0, 0, 20, 10]}
    assert rectangle["crs"]["functionInvocationValue"]["functionName"] == "Image.projection"


@pytest.mark.parametrize("transform", [TRANSFORM, "10, 0, 600000, 0, -10, 5400000", "[10,0,600000,0,-10,5400000]"])
def test_a_transform_is_six_numbers_or_their_text(transform):
    [(_, arguments)] = steps(on_grid(crs="EPSG:32632", crs_transform=transform))
    assert arguments["crsTransform"] == {"constantValue": TRANSFORM}


@pytest.mark.parametrize("scale", [30, 30.0, "30", "30.0"])
def test_a_scale_may_be_the_text_of_a_template(scale):
    assert steps(on_grid(scale=scale)) == [("Image.clipToBoundsAndScale", {"scale": {"constantValue": 30}})]


def test_the_region_is_the_geometry():
    [(_, arguments)] = steps(on_grid(region=BOX))
    assert arguments == {"geometry": region(BOX)}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"scale": 30, "crs": "EPSG:4326", "crs_transform": TRANSFORM}, "scale: it contradicts crs_transform"),
        ({"scale": 30, "dimensions": 5}, "scale: it contradicts dimensions"),
        ({"crs_transform": TRANSFORM}, "crs: crs_transform means nothing without it"),
        ({"crs": "4326"}, "crs: '4326' is not a valid coordinate reference system"),
        ({"crs": 4326}, "crs: 4326"),
        ({"crs": "EPSG:4326", "crs_transform": [1, 2]}, "crs_transform: [1, 2] is not a valid affine transform"),
        ({"crs": "EPSG:4326", "crs_transform": [0, 0, 0, 0, 0, 0]}, "flattens every pixel"),
        ({"crs": "EPSG:4326", "crs_transform": "a,b"}, "crs_transform: 'a,b'"),
        ({"crs": "EPSG:4326", "crs_transform": 5}, "crs_transform: 5"),
        ({"scale": 0}, "scale: 0 is out of bounds. Allowed: a finite number from 0.000001 to 40075017."),
        ({"scale": -30}, "scale: -30"),
        ({"scale": "wide"}, "scale: 'wide'"),
        ({"scale": float("inf")}, "scale: inf"),
        ({"scale": True}, "scale: True"),
        ({"dimensions": 0}, "dimensions: 0 is not a valid size"),
        ({"dimensions": "10x"}, "dimensions: '10x'"),
        ({"dimensions": "axb"}, "dimensions: 'axb'"),
        ({"dimensions": [1, 2, 3]}, "dimensions: [1, 2, 3]"),
        ({"dimensions": True}, "dimensions: True"),
        ({"region": "nowhere"}, "region: 'nowhere'"),
    ],
)
def test_wrong_and_contradicting_arguments_are_named(asked, problem):
    with pytest.raises(InvalidArgument) as caught:
        on_grid(**asked)
    assert problem in str(caught.value)


def test_each_image_of_a_collection_is_put_on_the_grid_by_the_same_function():
    whole = ExportVideoToDrive(collection=IMAGE, crs="EPSG:4326", scale=30).computed()
    [result] = [whole["values"][whole["result"]]["functionInvocationValue"]]
    body = whole["values"][result["arguments"]["baseAlgorithm"]["functionDefinitionValue"]["body"]]

    assert (result["functionName"], result["arguments"]["collection"]) == ("Collection.map", {"valueReference": "0"})
    assert body["functionInvocationValue"]["functionName"] == "Image.clipToBoundsAndScale"
    assert '{"argumentReference": "_MAPPING_VAR_0_0"}' in json.dumps(whole)


def test_a_number_beyond_all_floats_is_refused_like_any_other():
    with pytest.raises(InvalidArgument, match=r"^scale: "):
        on_grid(scale=10**400)
