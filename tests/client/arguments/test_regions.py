import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments.regions import region
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.exports.bodies import written_out

RING = [[0, 0], [2, 0], [2, 1]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def polygon(coordinates, kind="Polygon"):
    return {
        "functionInvocationValue": {
            "functionName": f"GeometryConstructors.{kind}",
            "arguments": {
                "coordinates": {"constantValue": coordinates},
                "geodesic": {"constantValue": False},
                "evenOdd": {"constantValue": True},
            },
        }
    }


@pytest.mark.parametrize(
    ("given_", "node"),
    [
        pytest.param([7, 46, 8, 47], polygon([[[7, 47], [7, 46], [8, 46], [8, 47]]]), id="bounding box"),
        pytest.param("[7, 46, 8, 47]", polygon([[[7, 47], [7, 46], [8, 46], [8, 47]]]), id="bounding box as text"),
        pytest.param((170, -10, 190, 10), polygon([[[170, 10], [170, -10], [190, -10], [190, 10]]]), id="antimeridian"),
        pytest.param(RING, polygon([RING]), id="a flat ring is a polygon, never a line"),
        pytest.param([RING, RING], polygon([RING, RING]), id="a ring with a hole"),
        pytest.param(POLYGON, polygon([RING]), id="GeoJSON"),
        pytest.param(json.dumps(POLYGON), polygon([RING]), id="GeoJSON text"),
        pytest.param({"type": "Feature", "geometry": POLYGON, "properties": {}}, polygon([RING]), id="a feature"),
        pytest.param({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]}, polygon([RING]), id="one feature"),
        pytest.param({"type": "Polygon", "coordinates": [[[0, 0, 5], [2, 0, 5], [2, 1, 5]]]}, polygon([RING]), id="heights"),
        pytest.param({"type": "MultiPolygon", "coordinates": [[RING]]}, polygon([[RING]], "MultiPolygon"), id="several"),
    ],
)  # fmt: skip
def test_a_region_becomes_a_planar_geometry(given_, node):
    assert region(given_) == node


def test_a_geometry_of_ee_is_taken_as_it_is(ee):
    node = region(ee.Geometry.Polygon([RING]))["functionInvocationValue"]
    assert node["functionName"] == "GeometryConstructors.Polygon"
    assert "geodesic" not in node["arguments"]


def test_a_geometry_of_ee_that_has_functions_keeps_them(ee):
    geometry = ee.FeatureCollection("EMULATOR/fields").map(lambda feature: feature.buffer(10)).geometry()
    assert written_out(region(geometry)) == written_out(ee.serializer.encode(geometry))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (5, "5 is of type int"),
        ("x", "'x' is not valid JSON"),
        ([], "has no ring"),
        ([1, 2, 3], "is not a valid ring"),
        ([8, 46, 7, 47], "is empty"),
        ([0, 0, 1, 91], "outside of the world"),
        ([0, 0, 400, 1], "outside of the world"),
        ([[0, 0], [1, 1]], "is not a valid ring"),
        ([[0, 0], [1, 1], [True, 2]], "is not a valid position"),
        ([[0, 0], [1, 1], ["a", 2]], "is not a valid position"),
        ([[0, 0], [1, 1], [float("nan"), 2]], "is not a valid position"),
        ({"type": "Point", "coordinates": [0, 0]}, "region.type: 'Point' does not enclose an area"),
        ({"type": "FeatureCollection", "features": []}, "it has 0 features. Allowed: one feature"),
        ({"type": "FeatureCollection", "features": [1]}, "region.features[0]: 1 is not a dict of fields"),
        ({"type": "FeatureCollection", "features": [{"type": "Point"}] * 2}, "it has 2 features. Allowed: one feature"),
        ([[1, 1], [1, 1], [1, 1]], "does not enclose an area. Allowed: three positions not on one line"),
        ([[0, 0], [1, 1], [2, 2], [0, 0]], "does not enclose an area"),
        ([[0, 0, 5, 6], [1, 0], [1, 1]], "is not a valid position"),
        (["7", "46", "8", "47"], "is not a valid position"),
        ({7, 46, 8, 47}, "is of type set"),
        (b"[7, 46, 8, 47]", "is of type bytes"),
        ({"type": ["Polygon"], "coordinates": [[0, 0], [1, 0], [1, 1]]}, "['Polygon'] does not enclose an area"),
        ([11, 148, 12, 149], "[11, 148] lies outside of the world (were longitude and latitude swapped?)"),
        ({"type": "Feature", "geometry": None}, "'Feature' does not enclose an area"),
        ({"type": "Feature", "geometry": {"type": "LineString"}}, "region.geometry.type"),
        ({}, "None does not enclose an area"),
    ],
)
def test_what_encloses_nothing_is_refused(wrong, problem):
    with pytest.raises(InvalidArgument) as caught:
        region(wrong)
    assert problem in str(caught.value)


NUMBERS = st.floats() | st.integers() | st.text(max_size=3) | st.none()


@settings(max_examples=1000)
@given(
    st.recursive(
        NUMBERS, lambda inner: st.lists(inner, max_size=5) | st.fixed_dictionaries({"type": st.text(), "coordinates": inner})
    )
    | st.fixed_dictionaries({"type": st.sampled_from(["Polygon", "MultiPolygon"]), "coordinates": st.lists(st.lists(st.lists(NUMBERS)))})
)  # fmt: skip
def test_no_input_whatever_makes_reading_fall_over(value):
    try:
        assert region(value)["functionInvocationValue"]
    except InvalidArgument as error:
        assert error.argument.startswith("region")


class Shape:
    """What shapely's and GeoPandas' objects have in common."""

    def __init__(self, geojson):
        self.__geo_interface__ = geojson


#: Written with tuples, as shapely does.
SQUARE = {"type": "Polygon", "coordinates": (((7.0, 46.0), (8.0, 46.0), (8.0, 47.0), (7.0, 46.0)),)}


@pytest.mark.parametrize(
    "shared",
    [
        pytest.param(SQUARE, id="a geometry"),
        pytest.param({"type": "Feature", "geometry": SQUARE, "properties": {}}, id="a feature"),
        pytest.param(
            {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]}, id="a frame"
        ),
    ],
)
def test_what_shares_its_geometry_as_geojson_is_a_region(shared):
    assert region(Shape(shared)) == region([[7, 46], [8, 46], [8, 47], [7, 46]])


def test_an_array_of_numpy_is_a_box_or_a_ring():
    numpy = pytest.importorskip("numpy")

    assert region(numpy.array([7.0, 46.0, 8.0, 47.0])) == region([7, 46, 8, 47])
    assert region(numpy.array([[7, 46], [8, 46], [8, 47]])) == region([[7, 46], [8, 46], [8, 47]])
    assert region([numpy.float32(7), numpy.int16(46), numpy.float64(8), 47]) == region([7, 46, 8, 47])
