import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import (
    ExportClassifier,
    ExportClassifierToAsset,
    ExportMap,
    ExportMapToCloudStorage,
    ExportVideo,
    ExportVideoMap,
    ExportVideoToDrive,
)

THING = {"result": "0", "values": {"0": {"constantValue": 1}}}
BUCKET = {"cloudStorageDestination": {"bucket": "my-bucket"}}
TILES = {"tile_options": {"endZoom": 3}, "tile_export_options": {"fileFormat": "MP4", **BUCKET}}
ASSET = "projects/p/assets/a"


def to_map(**words):
    return ExportMapToCloudStorage(
        **{"image": THING, "description": "d", "bucket": "my-bucket", "max_zoom": 5, **words}
    ).body()


def to_video(**words):
    return ExportVideoToDrive(**{"collection": THING, "description": "d", **words}).body()


def raw(export):
    return lambda **words: export(
        **{"expression": THING, "tile_options": None, **words}
        if "tile_options" in export.needed
        else {"expression": THING, **words}
    ).body()


def test_a_video_is_in_web_mercator_and_mp4_and_only_what_is_asked_is_sent():
    body = to_video(frames_per_second="12.5", max_frames=10, max_pixels=1e6)
    assert "SR-ORG:6627" in str(body.pop("expression"))
    assert body == {
        "description": "d",
        "videoOptions": {"framesPerSecond": 12.5, "maxFrames": 10, "maxPixelsPerFrame": "1000000"},
        "fileExportOptions": {"fileFormat": "MP4", "driveDestination": {"filenamePrefix": "d"}},
    }
    assert "videoOptions" not in to_video()


def test_tiles_are_public_and_as_small_as_can_be_unless_asked_otherwise():
    assert to_map()["tileExportOptions"] == {
        "fileFormat": "AUTO_JPEG_PNG",
        "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "d", "permissions": "PUBLIC"},
    }
    assert to_map(write_public_tiles=False, path="a", file_format="jpg")["tileExportOptions"] == {
        "fileFormat": "JPEG",
        "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "a"},
    }


def test_the_scale_of_a_map_is_its_depth_and_leaves_the_image_alone():
    body = to_map(max_zoom=None, scale=30, min_zoom=2)
    assert body["tileOptions"] == {"startZoom": 2, "scale": 30}
    assert body["expression"] == THING


def test_a_classifier_becomes_an_asset():
    body = ExportClassifierToAsset(
        classifier=THING, description="d", asset_id=ASSET, overwrite=True, max_workers=1
    ).body()
    assert body == {
        "expression": THING,
        "description": "d",
        "assetExportOptions": {"earthEngineDestination": {"name": ASSET, "overwrite": True}},
        "maxWorkers": 1,
    }


@pytest.mark.parametrize(
    ("build", "fields"),
    [
        pytest.param(
            ExportVideo,
            {"videoOptions": {"maxFrames": 5}, "fileExportOptions": {"fileFormat": "GIF", **BUCKET}},
            id="video",
        ),
        pytest.param(
            ExportMap, {"tileOptions": {"endZoom": 3}, "tileExportOptions": {"fileFormat": "PNG", **BUCKET}}, id="map"
        ),
        pytest.param(
            ExportVideoMap,
            {
                "tileOptions": {"endZoom": 3},
                "videoOptions": {"maxFrames": 5},
                "tileExportOptions": {"fileFormat": "VP9", **BUCKET},
                "version": "V2",
            },
            id="video map",
        ),
        pytest.param(
            ExportClassifier, {"assetExportOptions": {"earthEngineDestination": {"name": ASSET}}}, id="classifier"
        ),
    ],
)
def test_the_raw_fields_become_the_request_as_the_reference_names_them(build, fields):
    snake = {"videoOptions": "video_options", "fileExportOptions": "file_export_options", "version": "version",
             "tileOptions": "tile_options", "tileExportOptions": "tile_export_options",
             "assetExportOptions": "asset_export_options"}  # fmt: skip
    body = build(expression=THING, priority=1, **{snake[field]: value for field, value in fields.items()}).body()
    assert body == {"expression": THING, "priority": 1, **fields}


@pytest.mark.parametrize(
    ("build", "words", "problem"),
    [
        (to_map, {"scale": 30}, "max_zoom: it contradicts scale. Allowed: one of the two."),
        (to_map, {"max_zoom": None}, "max_zoom: neither it nor scale is given"),
        (to_map, {"max_zoom": 25}, "max_zoom: 25"),
        (to_map, {"min_zoom": 6}, "min_zoom: 6 is deeper than max_zoom, which is 5"),
        (to_map, {"max_zoom": None, "scale": 0}, "scale: 0 is out of bounds"),
        (to_map, {"file_format": "GeoTIFF"}, "file_format: 'GeoTIFF' is not a valid format for tiles. Allowed: auto, png, jpeg, jpg"),
        (to_map, {"path": ""}, "path: '' is not a valid object name"),
        (to_map, {"bucket_cors_uris": [5]}, "bucket_cors_uris: [5] is not a list of texts"),
        (to_map, {"maps_api_key": ""}, "maps_api_key: '' is not a valid text"),
        (to_video, {"frames_per_second": 0}, "frames_per_second: 0 is out of bounds. Allowed: a finite number from 0.1 to 120."),
        (to_video, {"max_frames": 0}, "max_frames: 0"),
        (to_video, {"scale": 5, "dimensions": 5}, "scale: it contradicts dimensions"),
        (raw(ExportVideo), {}, "file_export_options: an export has one destination"),
        (raw(ExportMap), {}, "tile_options: it is missing"),
        (raw(ExportMap), {"tile_options": {"endZoom": 3}}, "tile_export_options: an export has one destination"),
        (raw(ExportMap), {"tile_options": {"endZoom": 3}, "tile_export_options": {"fileFormat": "PNG", "driveDestination": {}}}, "it has driveDestination"),
        (raw(ExportVideoMap), {}, "tile_options: it is missing"),
        (raw(ExportVideoMap), {**TILES, "version": "V3"}, "version: 'V3' is not a valid version. Allowed: V1, V2."),
        (raw(ExportClassifier), {}, "asset_export_options: an export has one destination"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused_before_any_request(build, words, problem):
    with pytest.raises(InvalidArgument) as caught:
        build(**words)
    assert problem in str(caught.value)
