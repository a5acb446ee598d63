"""Manifests in the words of the reference: what is taken as it is, what is put right, what is refused and how."""

import json
from datetime import datetime

import pendulum
import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.images import image_manifest
from airflow_provider_ee.client.imports.tables import table_manifest
from tests.client.imports.examples import IMAGE, TABLE
from tests.contract import CONTRACT


def image(**changes):
    return image_manifest({**IMAGE, **changes})


def table(**changes):
    return table_manifest({**TABLE, **changes})


def fields_without_a_value(message, value):
    """The fields that the contract knows and an example does not show, each by its path."""
    for field, described in CONTRACT["messages"][message].items():
        if field not in value:
            yield f"{message}.{field}"
        elif "message" in described and described["message"] != "Policy":
            first = value[field][0] if isinstance(value[field], list) else value[field]
            yield from fields_without_a_value(described["message"], first)


@pytest.mark.parametrize(
    ("message", "example", "check"),
    [("ImageManifest", IMAGE, image_manifest), ("TableManifest", TABLE, table_manifest)],
)
def test_every_field_of_the_reference_is_taken_as_it_is(message, example, check):
    assert list(fields_without_a_value(message, example)) == []
    assert check(example) == example


@pytest.mark.parametrize(
    "form", [dict, json.dumps, lambda value: json.dumps(value).encode()], ids=["dict", "text", "bytes"]
)
def test_a_manifest_is_a_dict_or_json(form):
    assert image_manifest(form(IMAGE)) == IMAGE


def test_fields_may_be_spelt_in_snake_case_as_in_googles_own_command():
    assert table_manifest({"name": TABLE["name"], "sources": [{"uris": ["gs://bucket/a.csv"], "x_column": "x"}]}) == {
        "name": TABLE["name"],
        "sources": [{"uris": ["gs://bucket/a.csv"], "xColumn": "x"}],
    }


def test_fields_without_a_value_are_left_out():
    assert "memo" not in image(memo=None)


def test_numbers_may_be_wrapped_as_googles_own_client_does():
    [source] = table(sources=[{"uris": ["a.csv"], "maxVertices": {"value": 100}}])["sources"]
    assert source["maxVertices"] == 100


def test_numbers_and_truth_values_may_come_from_a_template():
    found = image(skipMetadataRead="True", minTileAreaRatio="0.5", missingData={"values": ["-1"]})
    assert (found["skipMetadataRead"], found["minTileAreaRatio"], found["missingData"]) == (True, 0.5, {"values": [-1]})


@pytest.mark.parametrize(("written", "sent"), [("float", "FLOAT"), ("FLOAT32", "FLOAT"), ("FLOAT64", "DOUBLE")])
def test_data_types_may_be_called_as_the_guide_calls_them(written, sent):
    [tileset] = image_manifest(
        {"name": IMAGE["name"], "tilesets": [{"sources": [{"uris": ["gs://bucket/a"]}], "dataType": written}]}
    )["tilesets"]
    assert tileset["dataType"] == sent


def test_times_may_be_objects():
    start = pendulum.datetime(2026, 1, 2, 3, tz="Europe/Zurich")
    found = image(startTime=start, endTime=datetime(2026, 1, 3))  # noqa: DTZ001 - a time without a zone is in UTC
    assert (found["startTime"], found["endTime"]) == ("2026-01-02T02:00:00Z", "2026-01-03T00:00:00Z")


def test_bands_that_the_manifest_leaves_to_earth_engine_may_be_masked():
    assert image(bands=None, maskBands=[{"tilesetId": "mask", "bandIds": ["b1"]}], footprint={"bandId": "b1"})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"name": None}, "imageManifest.name: it is missing", id="no name"),
        pytest.param({"name": "a b"}, "imageManifest.name: 'a b' is not a valid asset id", id="a wrong name"),
        pytest.param({"name": "USGS/SRTMGL1_003"}, "imageManifest.name: 'USGS/SRTMGL1_003' is in the public catalogue", id="Google's"),
        pytest.param({"tilesets": []}, "imageManifest.tilesets: it has 0 entries. Allowed: at least 1", id="no tilesets"),
        pytest.param({"tilesets": {"id": "a"}}, "imageManifest.tilesets: {'id': 'a'} is not a list", id="no list"),
        pytest.param({"tilesets": ["a"]}, "imageManifest.tilesets[0]: 'a' is not a dict of fields", id="no dict"),
        pytest.param({"tileset": []}, "imageManifest.tileset: there is no such field; did you mean tilesets?", id="nearly right"),
        pytest.param({"zzz": 1}, "imageManifest.zzz: there is no such field. Allowed: bands, endTime,", id="unknown"),
        pytest.param({"start_time": "2026-01-02"}, "imageManifest.startTime: it is given twice, also as start_time", id="twice"),
        pytest.param(
            {"tilesets": [IMAGE["tilesets"][0], {"id": "optical", "sources": [{"uris": ["c.tif"]}]}]},
            "imageManifest.tilesets[1].id: 'optical' is also the id of imageManifest.tilesets[0]",
            id="two tilesets of one id",
        ),
        pytest.param(
            {"tilesets": [*IMAGE["tilesets"], {"id": "c", "sources": [{"uris": []}]}]},
            "imageManifest.tilesets[2].sources[0].uris: it has 0 entries",
            id="a source of nothing",
        ),
        pytest.param(
            {"tilesets": [*IMAGE["tilesets"], {"id": "c", "sources": []}]},
            "imageManifest.tilesets[2].sources: it has 0 entries",
            id="a tileset of nothing",
        ),
        pytest.param(
            {"tilesets": [*IMAGE["tilesets"], {"id": "c", "sources": [{"uris": ["d.tif"], "dimensions": {"width": 1}}]}]},
            "imageManifest.tilesets[2].sources[0].dimensions.height: it is missing",
            id="half a size",
        ),
        pytest.param(
            {"tilesets": [{**IMAGE["tilesets"][0], "dataType": "INT64"}]},
            "imageManifest.tilesets[0].dataType: 'INT64' is not a valid data type. Allowed: INT8, UINT8",
            id="an unknown data type",
        ),
        pytest.param(
            {"uriPrefix": None},
            "imageManifest.tilesets[0].sources[0].uris[0]: 'a.tif' is not the address of an object in Cloud Storage. Allowed: gs://<bucket>/<object>",
            id="a file without a bucket",
        ),
        pytest.param({"uriPrefix": "s3://bucket/"}, "imageManifest.tilesets[0].sources[0].uris[0]: 's3://bucket/a.tif'", id="another cloud"),
        pytest.param(
            {"bands": [{"id": "red", "tilesetId": "thermal"}]},
            "imageManifest.bands[0].tilesetId: there is no 'thermal'. Allowed: one of ['optical', 'mask']",
            id="a band of no tileset",
        ),
        pytest.param({"bands": [{"id": "red"}]}, "imageManifest.bands[0].tilesetId: there is no ''", id="a band of the nameless tileset"),
        pytest.param(
            {"bands": [IMAGE["bands"][0], IMAGE["bands"][0]]},
            "imageManifest.bands[1].id: 'red' is also the id of imageManifest.bands[0]",
            id="two bands of one id",
        ),
        pytest.param(
            {"bands": [{"id": "red", "tilesetId": "optical", "tilesetBandIndex": -1}]},
            "imageManifest.bands[0].tilesetBandIndex: -1 is out of bounds",
            id="a band before the first",
        ),
        pytest.param({"pyramidingPolicy": "AVERAGE"}, "imageManifest.pyramidingPolicy: 'AVERAGE' is not a valid pyramiding policy", id="an unknown policy"),
        pytest.param({"maskBands": IMAGE["maskBands"] * 2}, "imageManifest.maskBands: it has 2 entries. Allowed: at most 1", id="two masks"),
        pytest.param({"maskBands": [{"tilesetId": "x"}]}, "imageManifest.maskBands[0].tilesetId: there is no 'x'", id="a mask of no tileset"),
        pytest.param(
            {"maskBands": [{"tilesetId": "mask", "bandIds": ["blue"]}]},
            "imageManifest.maskBands[0].bandIds[0]: there is no 'blue'",
            id="a mask of no band",
        ),
        pytest.param({"footprint": {"bandId": "blue"}}, "imageManifest.footprint.bandId: there is no 'blue'", id="a footprint of no band"),
        pytest.param({"footprint": {"points": [{"x": 1}]}}, "imageManifest.footprint.points[0].y: it is missing", id="half a point"),
        pytest.param({"startTime": "soon"}, "imageManifest.startTime: 'soon' is not a valid time. Allowed: RFC 3339", id="no time"),
        pytest.param({"missingData": {"values": []}}, "imageManifest.missingData.values: it has 0 entries", id="nothing missing"),
        pytest.param({"missingData": {"values": ["x"]}}, "imageManifest.missingData.values[0]: 'x' is out of bounds", id="no number"),
        pytest.param({"minTileAreaRatio": -1}, "imageManifest.minTileAreaRatio: -1 is out of bounds", id="less than nothing"),
        pytest.param({"endTime": "2026-01-01"}, "imageManifest.endTime: 2026-01-01T00:00:00Z is before imageManifest.startTime", id="backwards"),
        pytest.param({"properties": {"a": {"b": 1}}}, "imageManifest.properties.a: {'b': 1} is of type dict. Allowed: a text or a finite number", id="deep"),
        pytest.param({"properties": {"a": True}}, "imageManifest.properties.a: True is of type bool", id="a truth value as a property"),
        pytest.param({"properties": {"a": 10**400}}, "imageManifest.properties.a: 1000", id="a number that is no double"),
        pytest.param({"minTileAreaRatio": 10**400}, "imageManifest.minTileAreaRatio: 1000", id="a field that is no double"),
        pytest.param({"memo": 1}, "imageManifest.memo: 1 is not a text", id="no text"),
        pytest.param({"memo": "\ud800"}, "manifest: it cannot be written as JSON", id="no characters"),
        pytest.param({"memo": object}, "manifest: it cannot be written as JSON (<class 'object'> is of type type)", id="no JSON"),
        pytest.param({"minTileAreaRatio": float("nan")}, "manifest: it cannot be written as JSON", id="no number at all"),
        pytest.param({"memo": "x" * 10**7 + "y" * 10**6}, "manifest: it is 11,00", id="too large"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_image_is_said_with_its_path(changes, problem):
    with pytest.raises(InvalidArgument) as caught:
        image(**changes)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"sources": []}, "tableManifest.sources: it has 0 entries", id="no sources"),
        pytest.param(
            {"sources": [{"uris": ["a.csv", "b.csv"]}]},
            "tableManifest.sources[0].uris: it has 2 entries. Allowed: exactly 1",
            id="two files in a source",
        ),
        pytest.param(
            {"uriPrefix": "/data/"},
            "tableManifest.sources[0].uris[0]: '/data/a.csv' is not the address of an object",
            id="a local file",
        ),
        pytest.param(
            {"columnDataTypeOverrides": {"n": "INT"}},
            "tableManifest.columnDataTypeOverrides.n: 'INT' is not a valid data type of",
            id="no type",
        ),
        pytest.param(
            {"endTime": "2026-01-01"}, "tableManifest.endTime: 2026-01-01T00:00:00Z is before", id="backwards"
        ),
        pytest.param({"tilesets": []}, "tableManifest.tilesets: there is no such field", id="a field of images"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_path(changes, problem):
    with pytest.raises(InvalidArgument) as caught:
        table(**changes)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "manifest: '' is not valid JSON"),
        ("[" * 100_000, "manifest: '[[["),
        ("null", "manifest: None is of type NoneType"),
        (None, "manifest: None is of type NoneType"),
        ([IMAGE], "manifest: [{"),
    ],
    ids=["nothing", "deep", "null", "None", "a list"],
)
def test_what_is_no_manifest_is_called_so(value, problem):
    with pytest.raises(InvalidArgument) as caught:
        image_manifest(value)
    assert str(caught.value).startswith(problem)
