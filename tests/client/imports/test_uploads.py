"""The short form, held against the code of the command line `earthengine upload` itself."""

import argparse
import inspect
import re
import warnings

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.images import image_manifest
from airflow_provider_ee.client.imports.tables import table_manifest
from airflow_provider_ee.client.imports.uploads import ImageUpload, TableUpload

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ImportWarning)  # of a library that Google's storage client would like to have
    from ee.cli import commands

ASSET = "projects/my-project/assets/a"
TIF, CSV = "gs://bucket/a.tif", "gs://bucket/a.csv"


def of_the_command(command, *arguments):
    """The manifest that the command makes, in the spelling of the reference."""
    parser = argparse.ArgumentParser()
    maker = command(parser)
    return respelt(maker.manifest_from_args(parser.parse_args([f"--asset_id={ASSET}", *arguments])))


def respelt(value):
    """Both spellings mean the same to Google's APIs; and so does a list of one entry and the entry, which is a slip."""
    if isinstance(value, list):
        return [respelt(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    camel = {re.sub(r"_(\w)", lambda letter: letter[1].upper(), key): respelt(entry) for key, entry in value.items()}
    if isinstance(camel.get("maskBands"), dict):
        camel["maskBands"] = [camel["maskBands"]]
    return camel


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        pytest.param({}, [], id="a file"),
        pytest.param({"uris": [TIF, "gs://bucket/b.tif"]}, ["gs://bucket/b.tif"], id="several files"),
        pytest.param(
            {"uris": [TIF, "gs://bucket/b.TFRecord.gz", "gs://bucket/mixer.json"]},
            ["gs://bucket/b.TFRecord.gz", "gs://bucket/mixer.json"],
            id="TFRecord, and what says how it fits together",
        ),
        pytest.param({"bands": ["red", "nir"]}, ["--bands=red,nir"], id="bands"),
        pytest.param({"bands": "red,nir"}, ["--bands=red,nir"], id="bands in one text"),
        pytest.param({"pyramiding_policy": "MODE"}, ["--pyramiding_policy=mode"], id="a policy for all"),
        pytest.param(
            {"pyramiding_policy": ["mode", "sample"]}, ["--pyramiding_policy=mode,sample"], id="policies make bands"
        ),
        pytest.param(
            {"bands": ["a", "b"], "pyramiding_policy": ["MIN", "MAX"]},
            ["--bands=a,b", "--pyramiding_policy=min,max"],
            id="policies of bands",
        ),
        pytest.param({"nodata_value": 0}, ["--nodata_value=0"], id="a value for nothing, which is zero"),
        pytest.param({"nodata_value": "-9999"}, ["--nodata_value=-9999"], id="as a template renders it"),
        pytest.param({"nodata_value": [-1, 2.5]}, ["--nodata_value=-1,2.5"], id="values for nothing of bands"),
        pytest.param(
            {"bands": ["a", "b"], "nodata_value": [0, 1], "pyramiding_policy": "mean"},
            ["--bands=a,b", "--nodata_value=0,1", "--pyramiding_policy=mean"],
            id="some for bands, some for all",
        ),
        pytest.param({"last_band_alpha": True}, ["--last_band_alpha"], id="the last band masks"),
        pytest.param({"crs": "EPSG:4326"}, ["--crs=EPSG:4326"], id="a projection"),
        pytest.param(
            {"start_time": "2026-01-02", "end_time": "2026-01-03T04:05:06"},
            ["--time_start=2026-01-02", "--time_end=2026-01-03T04:05:06"],
            id="times",
        ),
        pytest.param({"start_time": 1767312000123}, ["--time_start=1767312000123"], id="a time in milliseconds"),
        pytest.param(
            {"properties": {"season": "wet", "cloud": 12.5}}, ["-p", "season=wet", "-p", "cloud=12.5"], id="properties"
        ),
    ],
)
def test_the_short_form_of_an_image_is_what_the_command_sends(words, arguments):
    ours = image_manifest(ImageUpload(**{"asset_id": ASSET, "uris": TIF, **words}).short_manifest())
    assert ours == of_the_command(commands.UploadImageCommand, TIF, *arguments)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        pytest.param({}, [], id="a file"),
        pytest.param({"charset": "latin1"}, ["--charset=latin1"], id="charset"),
        pytest.param({"max_error_meters": 2.5}, ["--max_error=2.5"], id="max_error_meters"),
        pytest.param({"max_vertices": "1000"}, ["--max_vertices=1000"], id="max_vertices"),
        pytest.param({"crs": "EPSG:32632", "geodesic": True}, ["--crs=EPSG:32632", "--geodesic"], id="crs, geodesic"),
        pytest.param({"primary_geometry_column": "g"}, ["--primary_geometry_column=g"], id="primary_geometry_column"),
        pytest.param({"x_column": "x", "y_column": "y"}, ["--x_column=x", "--y_column=y"], id="x_column, y_column"),
        pytest.param({"date_format": "yyyy-MM-dd"}, ["--date_format=yyyy-MM-dd"], id="date_format"),
        pytest.param(
            {"csv_delimiter": ";", "csv_qualifier": "'"}, ["--csv_delimiter=;", "--csv_qualifier='"], id="csv options"
        ),
        pytest.param(
            {"start_time": "2026-01-02", "end_time": "2026-01-02T00:00:00.5", "properties": {"n": 1}},
            ["--time_start=2026-01-02", "--time_end=2026-01-02T00:00:00.5", "-p", "n=1"],
            id="times and properties",
        ),
    ],
)
def test_the_short_form_of_a_table_is_what_the_command_sends(words, arguments):
    ours = table_manifest(TableUpload(**{"asset_id": ASSET, "uris": CSV, **words}).short_manifest())
    assert ours == of_the_command(commands.UploadTableCommand, CSV, *arguments)


#: What the command calls otherwise, and what has nothing to do with the manifest.
OTHER_WORDS = {
    "src_file": "uris",
    "src_files": "uris",
    "max_error": "max_error_meters",
    "time_start": "start_time",
    "time_end": "end_time",
    "property": "properties",
}
NO_WORDS = {"help", "wait", "force", "manifest", "max_failed_features"}


@pytest.mark.parametrize(
    ("command", "upload"), [(commands.UploadImageCommand, ImageUpload), (commands.UploadTableCommand, TableUpload)]
)
def test_the_short_form_has_a_word_for_every_option_of_the_command(command, upload):
    parser = argparse.ArgumentParser()
    command(parser)
    options = {action.dest for action in parser._actions} - NO_WORDS

    assert {OTHER_WORDS.get(option, option) for option in options} <= set(inspect.signature(upload).parameters)


def test_each_file_of_a_table_is_a_source_with_the_same_options():
    found = TableUpload(
        asset_id=ASSET, uris=["gs://bucket/a.csv", "gs://bucket/b.csv"], csv_delimiter=";"
    ).short_manifest()
    assert found["sources"] == [
        {"uris": ["gs://bucket/a.csv"], "csvDelimiter": ";"},
        {"uris": ["gs://bucket/b.csv"], "csvDelimiter": ";"},
    ]


def test_types_of_columns_may_be_given_in_short():
    found = TableUpload(
        asset_id=ASSET, uris=CSV, column_data_types={"id": "string", "n": "COLUMN_DATA_TYPE_LONG"}
    ).short_manifest()
    assert found["columnDataTypeOverrides"] == {"id": "COLUMN_DATA_TYPE_STRING", "n": "COLUMN_DATA_TYPE_LONG"}


def test_an_edge_may_be_said_to_be_straight_which_the_command_cannot_say():
    assert TableUpload(asset_id=ASSET, uris=CSV, geodesic="False").short_manifest()["sources"][0]["geodesic"] is False


def test_an_asset_of_before_cloud_projects_is_called_by_its_full_name():
    found = ImageUpload(asset_id="users/someone/a", uris=TIF).short_manifest()
    assert found["name"] == "projects/earthengine-legacy/assets/users/someone/a"


@pytest.mark.parametrize(
    ("build", "words", "problem"),
    [
        (ImageUpload, {"uris": "/data/a.tif"}, "uris: '/data/a.tif' is not the address of an object in Cloud Storage"),
        (
            ImageUpload,
            {"uris": [TIF, "https://a/b.tif"]},
            "uris[1]: 'https://a/b.tif' is not the address of an object in Cloud Storage",
        ),
        (ImageUpload, {"uris": []}, "uris: it names no file"),
        (ImageUpload, {"uris": None}, "uris: None is not the address of an object in Cloud Storage"),
        (ImageUpload, {"uris": "gs://bucket/*.tif"}, "uris: 'gs://bucket/*.tif' is a pattern"),
        (ImageUpload, {"asset_id": "USGS/SRTMGL1_003"}, "asset_id: 'USGS/SRTMGL1_003' is in the public catalogue"),
        (ImageUpload, {"asset_id": "no asset"}, "asset_id: 'no asset' is not a valid asset id"),
        (
            ImageUpload,
            {"last_band_alpha": True, "nodata_value": 0},
            "nodata_value: last_band_alpha says what is masked",
        ),
        (ImageUpload, {"nodata_value": "none"}, "nodata_value: 'none' is out of bounds"),
        (
            ImageUpload,
            {"pyramiding_policy": "mean,mediocre"},
            "pyramiding_policy: 'mediocre' is not a valid pyramiding policy",
        ),
        (ImageUpload, {"bands": "a,b,c", "nodata_value": [1, 2]}, "nodata_value: it has 2 values for 3 bands"),
        (ImageUpload, {"bands": ["a", ""]}, "bands: ['a', ''] is not a list of texts"),
        (ImageUpload, {"crs": ""}, "crs: '' is not a valid text"),
        (ImageUpload, {"start_time": "yesterday"}, "start_time: 'yesterday' is not a valid time"),
        (
            ImageUpload,
            {"start_time": "2026-01-02", "end_time": "2026-01-01"},
            "end_time: 2026-01-01T00:00:00Z is before start_time, which is 2026-01-02T00:00:00Z",
        ),
        (ImageUpload, {"properties": {"a": [1]}}, "properties.a: [1] is of type list"),
        (TableUpload, {"uris": "a.csv"}, "uris: 'a.csv' is not the address of an object in Cloud Storage"),
        (TableUpload, {"max_vertices": -1}, "max_vertices: -1 is out of bounds"),
        (TableUpload, {"max_error_meters": -1}, "max_error_meters: -1 is out of bounds"),
        (TableUpload, {"csv_delimiter": "\\t"}, "csv_delimiter: '\\\\t' is not one character"),
        (TableUpload, {"geodesic": "perhaps"}, "geodesic: 'perhaps' is neither true nor false"),
        (
            TableUpload,
            {"column_data_types": {"id": "text"}},
            "column_data_types.id: 'text' is not a valid data type of a column",
        ),
    ],
)
def test_a_wrong_argument_is_named(build, words, problem):
    with pytest.raises(InvalidArgument) as caught:
        build(**{"asset_id": ASSET, "uris": TIF, **words}).short_manifest()
    assert str(caught.value).startswith(problem)
