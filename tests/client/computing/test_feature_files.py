import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.computing.feature_files import FeatureText, file_format
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest

POINT = {"type": "Point", "coordinates": [7, 46]}


def feature(index, geometry=POINT, **properties):
    return {"type": "Feature", "id": str(index), "geometry": geometry, "properties": properties}


def written(form, *pages, selectors=None):
    text = FeatureText(form, selectors)
    return "".join([*(text.page(page) for page in pages), text.end()])


A, B, C = feature("a", n=1, name="Zürich"), feature("b", n=2, name='say "hi", all'), feature("c", None, n=3, name=None)


def test_geojson_is_one_collection_whatever_the_pages():
    assert json.loads(written("GEO_JSON", [], [A, B], [], [C])) == {"type": "FeatureCollection", "features": [A, B, C]}


def test_an_empty_table_is_an_empty_collection():
    assert json.loads(written("GEO_JSON", [])) == {"type": "FeatureCollection", "features": []}
    assert written("NDJSON", []) == written("CSV", []) == ""


def test_ndjson_has_a_feature_on_each_line():
    assert [json.loads(line) for line in written("NDJSON", [A, B], [C]).splitlines()] == [A, B, C]


def test_csv_has_the_columns_of_earth_engines_own_exports():
    rows = list(csv.reader(io.StringIO(written("CSV", [A, B], [C]))))
    assert rows == [
        ["system:index", "n", "name", ".geo"],
        ["a", "1", "Zürich", json.dumps(POINT)],
        ["b", "2", 'say "hi", all', json.dumps(POINT)],
        ["c", "3", "", ""],
    ]


def test_csv_has_the_columns_that_are_selected_in_their_order():
    assert written("CSV", [A], selectors=["n", "system:index"]) == "n,system:index\n1,a\n"


def test_an_empty_csv_file_has_the_columns_that_are_selected():
    assert written("CSV", [], selectors=["n"]) == "n\n"


def test_lists_in_csv_are_json():
    assert "[1, 2]" in written("CSV", [feature("a", None, n=[1, 2])])


def test_selectors_leave_out_other_properties_and_keep_the_geometry():
    [found] = json.loads(written("GEO_JSON", [A], selectors=["n"]))["features"]
    assert (found["properties"], found["geometry"]) == ({"n": 1}, POINT)


def test_a_property_that_comes_too_late_for_csv_is_not_lost_in_silence():
    with pytest.raises(InvalidRequest, match="Feature b has a property late, but those before had none"):
        written("CSV", [feature("a", n=1)], [feature("b", n=1, late=2)])


def test_a_selector_that_no_feature_has_is_a_mistake():
    with pytest.raises(InvalidRequest, match="no feature has a property nmae"):
        written("NDJSON", [A, B], selectors=["n", "nmae"])
    assert written("NDJSON", [], selectors=["n"]) == ""


@pytest.mark.parametrize(
    ("path", "given_format", "form"),
    [
        ("gs://b/a.geojson", None, "GEO_JSON"),
        ("a.JSON", None, "GEO_JSON"),
        ("a.csv", None, "CSV"),
        ("a.jsonl", None, "NDJSON"),
        ("a.geojsonl", None, "NDJSON"),
        ("a.txt", "ndjson", "NDJSON"),
        ("a.csv", "GeoJSON", "GEO_JSON"),
        ("a", "GEO_JSON", "GEO_JSON"),
    ],
)
def test_the_format_is_what_the_user_or_else_the_name_says(path, given_format, form):
    assert file_format(path, given_format) == form


@pytest.mark.parametrize(("path", "given_format"), [("a.txt", None), ("a.csv", "SHP"), ("a.csv", 7)])
def test_another_format_is_refused(path, given_format):
    with pytest.raises(InvalidArgument, match=r"file_format: .*GeoJSON, CSV, NDJSON"):
        file_format(path, given_format)


VALUES = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
FEATURES = st.lists(st.dictionaries(st.text(min_size=1), VALUES, max_size=3), max_size=6).map(
    lambda rows: [feature(number, None, **{"n": 0, **row}) for number, row in enumerate(rows)]
)


@given(FEATURES, st.integers(1, 4))
def test_whatever_is_in_a_feature_comes_out_again(features, size):
    pages = [features[start : start + size] for start in range(0, len(features), size)]
    lines = written("NDJSON", *pages).split("\n")[:-1]
    assert [json.loads(line) for line in lines] == features
    assert json.loads(written("GEO_JSON", *pages))["features"] == features


@given(st.lists(st.text()))
def test_any_text_survives_csv(texts):
    text = written("CSV", [feature(number, None, n=text) for number, text in enumerate(texts)])
    assert [row[1] for row in csv.reader(io.StringIO(text, newline=""))][1:] == texts
