"""Bad requests: each is refused with 400, and the field is named by its path."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import constant, spoilt, to_asset, to_cloud_storage

P = "/v1/projects/p"
A = "/v1/projects/p/assets"
GCS = "fileExportOptions.cloudStorageDestination"
TIFF = "fileExportOptions.geoTiffOptions"
ASSET = "projects/p/assets/x"

IMAGE = to_cloud_storage()
TO_ASSET = to_asset(ASSET)
DRIVE = spoilt(
    IMAGE, "fileExportOptions", {"fileFormat": "GEO_TIFF", "driveDestination": {"folder": "f", "filenamePrefix": "p"}}
)
TF_RECORD = spoilt(
    IMAGE,
    "fileExportOptions",
    {"fileFormat": "TF_RECORD_IMAGE", "tfRecordOptions": {}, "cloudStorageDestination": {"bucket": "my-bucket"}},
)
TABLE = {
    "expression": constant(),
    "fileExportOptions": {"fileFormat": "CSV", "cloudStorageDestination": {"bucket": "my-bucket"}},
}
BIG_QUERY = {"expression": constant(), "bigqueryExportOptions": {"bigqueryDestination": {"table": "p.d.t"}}}
VIDEO = {
    "expression": constant(),
    "fileExportOptions": {"fileFormat": "MP4", "cloudStorageDestination": {"bucket": "my-bucket"}},
}
MAP = {
    "expression": constant(),
    "tileOptions": {"endZoom": 3},
    "tileExportOptions": {"fileFormat": "PNG", "cloudStorageDestination": {"bucket": "my-bucket"}},
}
CLASSIFIER = {"expression": constant(), "assetExportOptions": {"earthEngineDestination": {"name": ASSET}}}
IMPORT_IMAGE = {"imageManifest": {"name": ASSET, "tilesets": [{"sources": [{"uris": ["gs://b/o.tif"]}]}]}}
IMPORT_TABLE = {"tableManifest": {"name": ASSET, "sources": [{"uris": ["gs://b/o.csv"]}]}}
PIXELS = {"expression": constant(), "fileFormat": "PNG"}

# path, a good body, the field to spoil, the value that spoils it, the field named in the answer (where it differs)
SPOILT: list[tuple[str, dict[str, Any], str, Any, str | None]] = [
    (f"{P}/image:export", IMAGE, "expression", ..., None),
    (f"{P}/image:export", IMAGE, "expression", None, None),
    (f"{P}/image:export", IMAGE, "expression", "Image", None),
    (f"{P}/image:export", IMAGE, "expression.result", ..., None),
    (f"{P}/image:export", IMAGE, "expression.values", [], None),
    (f"{P}/image:export", IMAGE, "expression.values.0", 5, None),
    (f"{P}/image:export", IMAGE, "description", 5, None),
    (f"{P}/image:export", IMAGE, "requestId", "not_allowed", None),
    (f"{P}/image:export", IMAGE, "requestId", "a" * 61, None),
    (f"{P}/image:export", IMAGE, "requestId", "ünïcode", None),
    (f"{P}/image:export", IMAGE, "requestId", 7, None),
    (f"{P}/image:export", IMAGE, "workloadTag", "-starts-wrong", None),
    (f"{P}/image:export", IMAGE, "workloadTag", "a" * 64, None),
    (f"{P}/image:export", IMAGE, "priority", -1, None),
    (f"{P}/image:export", IMAGE, "priority", 10_000, None),
    (f"{P}/image:export", IMAGE, "priority", "high", None),
    (f"{P}/image:export", IMAGE, "priority", True, None),
    (f"{P}/image:export", IMAGE, "priority", 1.5, None),
    (f"{P}/image:export", IMAGE, "priority", {"value": 10_000}, None),
    (f"{P}/image:export", IMAGE, "priority", {"valeu": 1}, None),
    (f"{P}/image:export", IMAGE, "maxPixels", 0, None),
    (f"{P}/image:export", IMAGE, "maxPixels", "1e500", None),
    (f"{P}/image:export", IMAGE, "maxPixels", "many", None),
    (f"{P}/image:export", IMAGE, "maxPixels", str(2**63), None),
    (f"{P}/image:export", IMAGE, "grid", [], None),
    (f"{P}/image:export", IMAGE, "grid.crsWkt", "GEOGCS", None),
    (f"{P}/image:export", IMAGE, "grid.dimensions.width", 0, None),
    (f"{P}/image:export", IMAGE, "grid.dimensions.height", ..., None),
    (f"{P}/image:export", IMAGE, "grid.dimensions.width", {"value": 3}, None),
    (f"{P}/image:export", IMAGE, "grid.affineTransform.scaleX", "wide", None),
    (f"{P}/image:export", IMAGE, "grid.affineTransform.scaleX", "NaN", None),
    (f"{P}/image:export", IMAGE, "grid.affineTransform.scaleX", "Infinity", None),
    (f"{P}/image:export", IMAGE, "fileExportOptions", ..., None),
    (f"{P}/image:export", IMAGE, "assetExportOptions", CLASSIFIER["assetExportOptions"], None),
    (f"{P}/image:export", IMAGE, "fileExportOptions.fileFormat", ..., None),
    (f"{P}/image:export", IMAGE, "fileExportOptions.fileFormat", "GeoTIFF", None),
    (f"{P}/image:export", IMAGE, "fileExportOptions.fileFormat", "ZIPPED_GEO_TIFF", None),
    (f"{P}/image:export", IMAGE, "fileExportOptions.fileFormat", 6, None),
    (f"{P}/image:export", IMAGE, "fileExportOptions.driveDestination", {"folder": "f"}, GCS),
    (f"{P}/image:export", IMAGE, GCS, ..., "fileExportOptions.driveDestination"),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucket", ..., None),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucket", "gs://my-bucket", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucket", "../bucket", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucket", "a..b", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucket", "My-Bucket", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.filenamePrefix", "../../etc/passwd", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.filenamePrefix", "a/../b", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.filenamePrefix", "/absolute", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.filenamePrefix", "nul\x00", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.permissions", "PRIVATE", None),
    (f"{P}/image:export", IMAGE, f"{GCS}.bucketCorsUris", "https://one", None),
    (f"{P}/image:export", DRIVE, "fileExportOptions.driveDestination.folder", "a/b", None),
    (f"{P}/image:export", DRIVE, "fileExportOptions.driveDestination.folder", "..", None),
    (f"{P}/image:export", DRIVE, "fileExportOptions.driveDestination.filenamePrefix", "../p", None),
    (f"{P}/image:export", IMAGE, f"{TIFF}.tileSize", "big", None),
    (f"{P}/image:export", IMAGE, f"{TIFF}.tileSize", {"value": 0}, None),
    (f"{P}/image:export", IMAGE, f"{TIFF}.cloudOptimized", "true", None),
    (f"{P}/image:export", IMAGE, f"{TIFF}.noData", {}, f"{TIFF}.noData.floatValue"),
    (f"{P}/image:export", IMAGE, f"{TIFF}.noData", {"floatValue": 0, "integerValue": 0}, f"{TIFF}.noData.integerValue"),
    (f"{P}/image:export", IMAGE, f"{TIFF}.tileDimensions", {"width": 100, "height": 256}, f"{TIFF}.tileDimensions.width"),
    (f"{P}/image:export", IMAGE, f"{TIFF}.pyramidOptions", {"resamplingMethod": "BEST"}, f"{TIFF}.pyramidOptions.resamplingMethod"),
    (f"{P}/image:export", TF_RECORD, "fileExportOptions.tfRecordOptions.maxMaskedRatio", 1.5, None),
    (f"{P}/image:export", TF_RECORD, "fileExportOptions.tfRecordOptions.tensorDepths", {"B1": 0}, "fileExportOptions.tfRecordOptions.tensorDepths.B1"),
    (f"{P}/image:export", TF_RECORD, "fileExportOptions.geoTiffOptions", {}, "fileExportOptions.tfRecordOptions"),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.earthEngineDestination", {}, "assetExportOptions.earthEngineDestination.name"),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.earthEngineDestination.name", "users/me/x", None),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.earthEngineDestination.name", "projects/p/assets/a b", None),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.earthEngineDestination.name", "projects/p/assets/../x", None),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.earthEngineDestination.overwrite", 1, None),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.pyramidingPolicy", "mean", None),
    (f"{P}/image:export", TO_ASSET, "assetExportOptions.pyramidingPolicyOverrides", {"B1": "mode"}, "assetExportOptions.pyramidingPolicyOverrides.B1"),
    (f"{P}/table:export", TABLE, "fileExportOptions.fileFormat", "GEOJSON", None),
    (f"{P}/table:export", TABLE, "selectors", "a,b", None),
    (f"{P}/table:export", TABLE, "maxErrorMeters", -1, None),
    (f"{P}/table:export", TABLE, "bigqueryExportOptions", BIG_QUERY["bigqueryExportOptions"], None),
    (f"{P}/table:export", BIG_QUERY, "bigqueryExportOptions.bigqueryDestination.table", "d.t", None),
    (f"{P}/table:export", BIG_QUERY, "bigqueryExportOptions.bigqueryDestination", {"table": "p.d.t", "overwrite": True, "append": True}, "bigqueryExportOptions.bigqueryDestination.append"),
    (f"{P}/video:export", VIDEO, "videoOptions", {"framesPerSecond": 0}, "videoOptions.framesPerSecond"),
    (f"{P}/video:export", VIDEO, "fileExportOptions.fileFormat", "AVI", None),
    (f"{P}/map:export", MAP, "tileOptions", ..., None),
    (f"{P}/map:export", MAP, "tileOptions.scale", 30, None),
    (f"{P}/map:export", MAP, "tileOptions.endZoom", 99, None),
    (f"{P}/map:export", MAP, "tileExportOptions.fileFormat", "TF_RECORD_IMAGE", None),
    (f"{P}/classifier:export", CLASSIFIER, "assetExportOptions", ..., None),
    (f"{P}/image:import", IMPORT_IMAGE, "mode", "FAST", None),
    (f"{P}/image:import", IMPORT_IMAGE, "imageManifest.tilesets", ..., None),
    (f"{P}/image:import", IMPORT_IMAGE, "imageManifest.tilesets.0.sources.0.uris.0", "https://b/o.tif", "imageManifest.tilesets[0].sources[0].uris[0]"),
    (f"{P}/image:import", IMPORT_IMAGE, "imageManifest.startTime", "yesterday", None),
    (f"{P}/table:import", IMPORT_TABLE, "tableManifest.sources.0.uris", ["gs://b/1", "gs://b/2"], "tableManifest.sources[0].uris"),
    (f"{P}/table:import", IMPORT_TABLE, "tableManifest.columnDataTypeOverrides", {"a": "STRING"}, "tableManifest.columnDataTypeOverrides.a"),
    (f"{P}/image:computePixels", PIXELS, "bandIds", "B1", None),
    (f"{P}/image:computePixels", PIXELS, "bandIds", ["B1", 2], "bandIds[1]"),
    (f"{P}/image:computePixels", PIXELS, "visualizationOptions", {"opacity": 2}, "visualizationOptions.opacity"),
    (f"{P}/image:computePixels", PIXELS, "visualizationOptions", {"paletteColors": ["#12"]}, "visualizationOptions.paletteColors[0]"),
    (f"{P}/value:compute", {"expression": constant()}, "expression.result", 0, None),
    (f"{A}/x:copy", {"destinationName": ASSET}, "destinationName", "x", None),
    (f"{A}/x:setIamPolicy", {"policy": {"bindings": []}}, "policy", {"bindings": [{"role": "owner"}]}, "policy.bindings[0].role"),
    (f"{A}/x:testIamPermissions", {"permissions": ["a"]}, "permissions", [], None),
    (f"{A}?assetId=x", {"type": "FOLDER"}, "type", "Folder", None),
    (f"{A}?assetId=x", {"type": "FOLDER"}, "type", ..., None),
    (f"{P}/operations/X:wait", {"timeout": "1s"}, "timeout", 1, None),
]  # fmt: skip

UNKNOWN = [
    (f"{P}/image:export", IMAGE, "unknown", 1),
    (f"{P}/image:export", IMAGE, "file_export_options", {}),
    (f"{P}/image:export", IMAGE, "grid.scale", 30),
    (f"{P}/table:export", TABLE, "maxPixels", 5),
    (f"{P}/classifier:export", CLASSIFIER, "fileExportOptions", {}),
    (f"{P}/image:import", IMPORT_IMAGE, "priority", 5),
    (f"{P}/image:computePixels", PIXELS, "region", {}),
    (f"{A}/x:move", {"destinationName": ASSET}, "overwrite", True),
    (f"{P}/operations/X:cancel", {}, "force", True),
]  # fmt: skip


def named(case: tuple[str, dict[str, Any], str, Any, str | None]) -> str:
    path, _, field, value, _ = case
    shown = "missing" if value is ... else repr(value)[:24]
    return f"{path.removeprefix('/v1/projects/p')} {field} {shown}"


@pytest.mark.anyio
@pytest.mark.parametrize("case", SPOILT, ids=named)
async def test_a_spoilt_field_is_refused_and_named(api: httpx.AsyncClient, case: tuple[Any, ...]) -> None:
    path, good, field, value, expected = case

    answer = await api.post(path, json=spoilt(good, field, value))

    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT"), error
    expected = expected or field
    assert error["details"][0]["fieldViolations"][0]["field"] == expected
    assert expected in error["message"]


@pytest.mark.anyio
@pytest.mark.parametrize("case", UNKNOWN, ids=lambda case: f"{case[0].removeprefix('/v1/projects/p')} {case[2]}")
async def test_an_unknown_field_is_refused_in_googles_words(api: httpx.AsyncClient, case: tuple[Any, ...]) -> None:
    path, good, field, value = case
    parent, _, name = field.rpartition(".")

    answer = await api.post(path, json=spoilt(good, field, value))

    error, place = answer.json()["error"], f" at '{parent}'" if parent else ""
    said = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
    assert (answer.status_code, error["message"]) == (400, said)
    assert error["details"][0]["fieldViolations"] == [{"field": parent, "description": said}]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param(path, body, id=f"{path} {index}")
        for index, (path, body) in enumerate(
            [
                (f"{P}/video:export", VIDEO),
                (f"{P}/image:export", TF_RECORD),
            ]
        )
    ],
)
async def test_a_good_request_that_is_not_done_is_refused_and_starts_nothing(
    api: httpx.AsyncClient, inside: Emulator, path: str, body: dict[str, Any]
) -> None:
    answer = await api.post(path, json=body)

    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "UNIMPLEMENTED")
    assert inside.control.operations() == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", 5),
        ("priority", "5"),
        ("priority", {"value": 5}),
        ("priority", None),
        ("maxPixels", "10000000000"),
        ("maxPixels", {"value": "10000000000"}),
        ("maxPixels", 1e10),
        ("maxPixels", str(2**63 - 1)),
        ("requestId", ""),
        ("requestId", "a" * 60),
        ("workloadTag", "My_tag.1"),
        (f"{TIFF}.tileSize", {"value": 256}),
        (f"{TIFF}.noData", {"floatValue": -9999}),
        ("assetExportOptions", None),
    ],
)
async def test_every_documented_way_to_write_a_value_is_taken(api: httpx.AsyncClient, field: str, value: Any) -> None:
    answer = await api.post(f"{P}/image:export", json=spoilt(IMAGE, field, value))
    assert answer.status_code == 200, answer.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "Invalid JSON payload"),
        (b"[]", "Root element must be a message"),
        (b"\xff", "Invalid JSON payload"),
        (b"[" * 100_000, "Invalid JSON payload"),
    ],
    ids=["cut off", "a list", "not text", "too deep"],
)
async def test_a_body_that_is_no_object_is_refused(api: httpx.AsyncClient, content: bytes, words: str) -> None:
    answer = await api.post(f"{P}/image:export", content=content)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


@pytest.mark.anyio
async def test_a_body_over_ten_megabytes_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post(f"{P}/image:export", json=spoilt(IMAGE, "description", "x" * 10_500_000))
    assert answer.status_code == 400
    assert "Request payload size exceeds the limit" in answer.json()["error"]["message"]


@pytest.mark.anyio
async def test_an_unknown_query_parameter_is_refused_and_googles_own_are_taken(api: httpx.AsyncClient) -> None:
    good = await api.get(f"{P}/operations", params={"alt": "json", "prettyPrint": "false", "fields": "*"})
    bad = await api.get(f"{P}/operations", params={"page_size": "5"})

    assert good.status_code == 200
    assert bad.status_code == 400
    assert "page_size" in bad.json()["error"]["message"]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/v2/projects/p/operations", "/v1/projects/p/nothing", "/", "/v1"])
async def test_an_unknown_path_is_answered_in_googles_envelope(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.anyio
@pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
async def test_every_version_answers(api: httpx.AsyncClient, version: str) -> None:
    answer = await api.post(f"/{version}/projects/p/image:export", json=IMAGE)
    expected = f"type.googleapis.com/google.earthengine.{version}.OperationMetadata"
    assert answer.json()["metadata"]["@type"] == expected
