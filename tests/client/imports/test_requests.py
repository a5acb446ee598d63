"""Requests that import: in either form they are what the contract knows."""

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports import ImportExternalImage, ImportImage, ImportTable
from tests.client.imports.examples import IMAGE, TABLE
from tests.contract import problems

SHORT = {"asset_id": "projects/my-project/assets/a", "uris": "gs://bucket/a"}
EVERY_IMAGE_WORD = {
    **SHORT,
    "bands": "red,nir",
    "pyramiding_policy": "mode,mean",
    "nodata_value": [0, 1],
    "crs": "EPSG:4326",
    "start_time": "2026-01-01",
    "end_time": "2026-01-02",
    "properties": {"a": 1},
}
EVERY_TABLE_WORD = {
    **SHORT,
    "charset": "UTF-8",
    "max_error_meters": "2.5",
    "max_vertices": 9,
    "crs": "EPSG:4326",
    "geodesic": True,
    "primary_geometry_column": "geo",
    "x_column": "x",
    "y_column": "y",
    "date_format": "yyyy",
    "csv_delimiter": ";",
    "csv_qualifier": "'",
    "column_data_types": {"a": "LONG"},
    "start_time": "2026-01-01",
    "end_time": "2026-01-02",
    "properties": {"a": 1},
}


@pytest.mark.parametrize(
    ("message", "build", "words"),
    [
        pytest.param("ImportImageRequest", ImportImage, {"manifest": IMAGE, "mode": "virtual"}, id="image"),
        pytest.param("ImportImageRequest", ImportImage, EVERY_IMAGE_WORD, id="image in short"),
        pytest.param("ImportImageRequest", ImportImage, {**SHORT, "last_band_alpha": True}, id="image with alpha"),
        pytest.param("ImportTableRequest", ImportTable, {"manifest": TABLE}, id="table"),
        pytest.param("ImportTableRequest", ImportTable, EVERY_TABLE_WORD, id="table in short"),
        pytest.param(
            "ImportExternalImageRequest",
            ImportExternalImage,
            {"manifest": IMAGE, "use_latest_object_version": "True"},
            id="external",
        ),
        pytest.param("ImportExternalImageRequest", ImportExternalImage, EVERY_IMAGE_WORD, id="external in short"),
    ],
)
def test_every_request_is_one_that_the_contract_knows(message, build, words):
    assert problems(message, build(**words, overwrite=True).body()) == []


def test_a_request_says_only_what_was_said():
    manifest = {"name": IMAGE["name"], "tilesets": [{"sources": [{"uris": ["gs://bucket/a"]}]}]}
    assert ImportImage(manifest=manifest, overwrite=False).body() == {"imageManifest": manifest}


def test_a_request_says_what_it_is_called_and_that_it_may_overwrite():
    body = ImportTable(manifest=TABLE, description="d", overwrite="True").body()
    assert body == {"tableManifest": TABLE, "description": "d", "overwrite": True}


@pytest.mark.parametrize(
    ("build", "words", "problem"),
    [
        (ImportImage, {"manifest": IMAGE, **SHORT}, "manifest: it stands beside asset_id, uris. Allowed: one of the two"),
        (ImportTable, {"manifest": TABLE, "csv_delimiter": ";"}, "manifest: it stands beside csv_delimiter"),
        (ImportImage, {}, "asset_id: there is neither that nor a manifest"),
        (ImportTable, {"asset_id": SHORT["asset_id"]}, "uris: there is neither that nor a manifest"),
        (ImportImage, {**SHORT, "mode": "copy"}, "mode: 'copy' is not a valid mode of an import. Allowed: INGEST, VIRTUAL"),
        (ImportImage, {**SHORT, "description": 1}, "description: 1 is not a valid text"),
        (ImportImage, {**SHORT, "overwrite": "perhaps"}, "overwrite: 'perhaps' is neither true nor false"),
        (ImportExternalImage, {**SHORT, "uris": ["gs://bucket/a", "gs://bucket/b"]}, "uris: 2 files cannot be one tileset"),
        (
            ImportExternalImage,
            {"manifest": {**IMAGE, "tilesets": [*IMAGE["tilesets"], {"sources": [{"uris": ["c"]}, {"uris": ["d"]}]}]}},
            "imageManifest.tilesets[2].sources: 2 files cannot be one tileset",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(build, words, problem):
    with pytest.raises(InvalidArgument) as caught:
        build(**words).body()
    assert str(caught.value).startswith(problem)
