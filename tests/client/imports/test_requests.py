"""Requests that import: in either form they are what the contract knows."""

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.requests import import_external_image, import_image, import_table
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
        pytest.param("ImportImageRequest", import_image, {"manifest": IMAGE, "mode": "virtual"}, id="image"),
        pytest.param("ImportImageRequest", import_image, EVERY_IMAGE_WORD, id="image in short"),
        pytest.param("ImportImageRequest", import_image, {**SHORT, "last_band_alpha": True}, id="image with alpha"),
        pytest.param("ImportTableRequest", import_table, {"manifest": TABLE}, id="table"),
        pytest.param("ImportTableRequest", import_table, EVERY_TABLE_WORD, id="table in short"),
        pytest.param(
            "ImportExternalImageRequest",
            import_external_image,
            {"manifest": IMAGE, "use_latest_object_version": "True"},
            id="external",
        ),
        pytest.param("ImportExternalImageRequest", import_external_image, EVERY_IMAGE_WORD, id="external in short"),
    ],
)
def test_every_request_is_one_that_the_contract_knows(message, build, words):
    assert problems(message, build(**words, overwrite=True)) == []


def test_a_request_says_only_what_was_said():
    manifest = {"name": IMAGE["name"], "tilesets": [{"sources": [{"uris": ["gs://bucket/a"]}]}]}
    assert import_image(manifest=manifest, overwrite=False) == {"imageManifest": manifest}


def test_a_request_says_what_it_is_called_and_that_it_may_overwrite():
    body = import_table(manifest=TABLE, description="d", overwrite="True")
    assert body == {"tableManifest": TABLE, "description": "d", "overwrite": True}


@pytest.mark.parametrize(
    ("build", "words", "problem"),
    [
        (import_image, {"manifest": IMAGE, **SHORT}, "manifest: it stands beside asset_id, uris. Allowed: one of the two"),
        (import_table, {"manifest": TABLE, "csv_delimiter": ";"}, "manifest: it stands beside csv_delimiter"),
        (import_image, {}, "asset_id: there is neither that nor a manifest"),
        (import_table, {"asset_id": SHORT["asset_id"]}, "uris: there is neither that nor a manifest"),
        (import_image, {**SHORT, "mode": "copy"}, "mode: 'copy' is not a valid mode of an import. Allowed: INGEST, VIRTUAL"),
        (import_image, {**SHORT, "description": 1}, "description: 1 is not a valid text"),
        (import_image, {**SHORT, "overwrite": "perhaps"}, "overwrite: 'perhaps' is neither true nor false"),
        (import_external_image, {**SHORT, "uris": ["gs://bucket/a", "gs://bucket/b"]}, "uris: 2 files cannot be one tileset"),
        (
            import_external_image,
            {"manifest": {**IMAGE, "tilesets": [*IMAGE["tilesets"], {"sources": [{"uris": ["c"]}, {"uris": ["d"]}]}]}},
            "imageManifest.tilesets[2].sources: 2 files cannot be one tileset",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(build, words, problem):
    with pytest.raises(InvalidArgument) as caught:
        build(**words)
    assert str(caught.value).startswith(problem)
