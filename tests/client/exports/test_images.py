import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import (
    ExportImage,
    ExportImageToAsset,
    ExportImageToCloudStorage,
    ExportImageToDrive,
)

IMAGE = {"result": "0", "values": {"0": {"constantValue": 1}}}
FILES = {"fileFormat": "GEO_TIFF", "cloudStorageDestination": {"bucket": "my-bucket"}}
ASSET = "projects/p/assets/a"


def to_cloud_storage(**words):
    return ExportImageToCloudStorage(**{"image": IMAGE, "description": "d", "bucket": "my-bucket", **words}).body()


def to_asset(**words):
    return ExportImageToAsset(**{"image": IMAGE, "description": "d", "asset_id": ASSET, **words}).body()


def test_the_raw_fields_become_the_request_as_the_reference_names_them():
    body = ExportImage(
        expression=IMAGE,
        description="d",
        grid={"crsCode": "EPSG:4326"},
        max_pixels=1e9,
        file_export_options=FILES,
        priority="7",
        workload_tag="tag",
        max_workers=3,
    ).body()
    assert body == {
        "expression": IMAGE,
        "description": "d",
        "grid": {"crsCode": "EPSG:4326"},
        "maxPixels": "1000000000",
        "fileExportOptions": FILES,
        "priority": 7,
        "workloadTag": "tag",
        "maxWorkers": 3,
    }


def test_the_words_of_ee_become_the_request_that_ee_would_send():
    body = to_cloud_storage(
        file_name_prefix="a/b",
        scale=10,
        max_pixels=10**10,
        shard_size=128,
        file_dimensions=256,
        skip_empty_tiles=True,
        format_options={"cloudOptimized": True, "noData": -1, "metadataKeys": "k"},
        priority=5,
    )
    assert body.pop("expression") != IMAGE
    assert body == {
        "description": "d",
        "maxPixels": "10000000000",
        "fileExportOptions": {
            "fileFormat": "GEO_TIFF",
            "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "a/b"},
            "geoTiffOptions": {
                "cloudOptimized": True,
                "noData": {"floatValue": -1},
                "metadataKeys": ["k"],
                "tileSize": 128,
                "tileDimensions": {"width": 256, "height": 256},
                "skipEmptyFiles": True,
            },
        },
        "priority": 5,
    }


def test_files_are_called_after_the_description_unless_they_have_a_name():
    destination = to_cloud_storage()["fileExportOptions"]["cloudStorageDestination"]
    assert destination == {"bucket": "my-bucket", "filenamePrefix": "d"}


def test_a_drive_gets_the_same_files_as_a_bucket():
    drive = ExportImageToDrive(image=IMAGE, description="d", folder="f", shard_size=64).body()["fileExportOptions"]
    assert drive == {
        "fileFormat": "GEO_TIFF",
        "driveDestination": {"folder": "f", "filenamePrefix": "d"},
        "geoTiffOptions": {"tileSize": 64},
    }


def test_options_without_any_option_are_none():
    assert to_cloud_storage(format_options={}) == to_cloud_storage()
    assert to_asset(pyramiding_policy={}) == to_asset()


@pytest.mark.parametrize("spelling", ["cloudOptimized", "cloud_optimized"])
def test_format_options_may_be_spelt_as_in_ee_or_in_snake_case(spelling):
    options = to_cloud_storage(format_options={spelling: True})["fileExportOptions"]["geoTiffOptions"]
    assert options == {"cloudOptimized": True}


def test_tfrecord_options_become_their_fields():
    options = to_cloud_storage(
        file_format="TFRecord",
        format_options={"patchDimensions": [256, 128], "kernelSize": 0, "compressed": True, "maxFileSize": 1e6},
    )
    assert options["fileExportOptions"]["tfRecordOptions"] == {
        "tileDimensions": {"width": 256, "height": 128},
        "marginDimensions": {"width": 0, "height": 0},
        "compress": True,
        "maxSizeBytes": "1000000",
    }


def test_an_array_of_numpy_has_no_options():
    assert to_cloud_storage(file_format="numpy")["fileExportOptions"]["fileFormat"] == "NPY"
    for words in ({"format_options": {"noData": 1}}, {"shard_size": 256}):
        with pytest.raises(InvalidArgument, match=r"^(format_options\.noData|shard_size): "):
            to_cloud_storage(file_format="NUMPY", **words)


@pytest.mark.parametrize("rendered", ["True", "true", True])
def test_a_switch_may_be_the_text_of_a_template(rendered):
    assert to_cloud_storage(skip_empty_tiles=rendered)["fileExportOptions"]["geoTiffOptions"] == {
        "skipEmptyFiles": True
    }


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        pytest.param("mode", {"pyramidingPolicy": "MODE"}, id="one for all"),
        pytest.param({".default": "mode"}, {"pyramidingPolicy": "MODE"}, id="default"),
        pytest.param({"B1": "Median"}, {"pyramidingPolicyOverrides": {"B1": "MEDIAN"}}, id="of a band"),
        pytest.param(
            {".default": "mean", "B1": "MAX"},
            {"pyramidingPolicy": "MEAN", "pyramidingPolicyOverrides": {"B1": "MAX"}},
            id="both",
        ),
    ],
)
def test_an_asset_has_a_pyramiding_policy_for_all_bands_or_for_some(policy, options):
    assert to_asset(pyramiding_policy=policy)["assetExportOptions"] == {
        "earthEngineDestination": {"name": ASSET},
        **options,
    }


def test_the_users_own_dicts_are_never_changed():
    policy, options = {".default": "mode", "B1": "max"}, {"fileDimensions": 256, "noData": 0}
    to_asset(pyramiding_policy=policy)
    to_cloud_storage(format_options=options)
    assert (policy, options) == ({".default": "mode", "B1": "max"}, {"fileDimensions": 256, "noData": 0})


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            {"file_format": "PNG"},
            "file_format: 'PNG' is not a valid format for images. Allowed: GeoTIFF, TFRecord, NUMPY.",
        ),
        ({"format_options": {"fast": True}}, "format_options.fast: GeoTIFF files have no such option"),
        ({"format_options": "x"}, "format_options: 'x' is not a dict of fields"),
        ({"format_options": {"noData": "x"}}, "format_options.noData: 'x'"),
        ({"format_options": {"cloudOptimized": 3}}, "format_options.cloudOptimized: 3 is neither true nor false"),
        ({"format_options": {"metadataKeys": 5}}, "format_options.metadataKeys: 5 is not a list of texts"),
        ({"format_options": {"noData": 1, "no_data": 1}}, "format_options.no_data: it is there in two spellings"),
        ({"format_options": {"fileDimensions": 256}, "file_dimensions": 256}, "it contradicts file_dimensions"),
        ({"file_dimensions": 1000}, "file_dimensions: 1000 x 1000 are not whole tiles"),
        ({"file_dimensions": 256, "shard_size": 100}, "Allowed: multiples of shard_size, which is 100."),
        ({"file_dimensions": [1, 2, 3]}, "file_dimensions: [1, 2, 3] is not a valid size"),
        ({"file_dimensions": []}, "file_dimensions: [] is not a valid size"),
        ({"file_dimensions": "wide"}, "file_dimensions: 'wide'"),
        ({"shard_size": 0}, "shard_size: 0 is out of bounds"),
        ({"file_format": "TFRecord", "shard_size": 256}, "shard_size: it shapes GeoTIFF files"),
        ({"file_format": "TFRecord", "file_dimensions": 256}, "file_dimensions: it shapes GeoTIFF files"),
        ({"file_format": "TFRecord", "skip_empty_tiles": True}, "skip_empty_tiles: it shapes GeoTIFF files"),
        ({"file_format": "TFRecord", "format_options": {"noData": 1}}, "format_options.noData: TFRecord files have no"),
        ({"file_format": "TFRecord", "format_options": {"maskedThreshold": 2}}, "maskedThreshold: 2 is out of bounds"),
        (
            {"file_format": "TFRecord", "format_options": {"tensorDepths": [1]}},
            "tensorDepths: [1] is not a dict of fields",
        ),
        ({"file_format": "TFRecord", "format_options": {"tensorDepths": {"B1": 0}}}, "tensorDepths.B1: 0"),
        ({"skip_empty_tiles": "perhaps"}, "skip_empty_tiles: 'perhaps' is neither true nor false"),
        ({"priority": 10_000}, "priority: 10000 is out of bounds. Allowed: a whole number from 0 to 9999."),
        ({"priority": "high"}, "priority: 'high'"),
        ({"max_pixels": 0}, "max_pixels: 0"),
        ({"max_pixels": 1.5}, "max_pixels: 1.5"),
        ({"max_workers": 0}, "max_workers: 0"),
        ({"workload_tag": "No"}, "workload_tag: 'No'"),
        ({"description": ""}, "description: '' is not a text"),
        ({"description": "a b"}, "description: 'a b' holds ' '"),
        ({"description": "a" * 101}, "101 characters"),
        ({"image": "a b"}, "image: 'a b' is not a valid asset id. Allowed: the id of an asset, or an expression {"),
    ],
)
def test_wrong_words_are_refused_before_any_request(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        to_cloud_storage(**{"file_name_prefix": "a", **words})
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            {"pyramiding_policy": "best"},
            "pyramiding_policy..default: 'best' is not a valid pyramiding policy. Allowed: mean, mode",
        ),
        ({"pyramiding_policy": {"B1": 1}}, "pyramiding_policy.B1: 1 is not a valid pyramiding policy"),
        ({"pyramiding_policy": 5}, "pyramiding_policy: 5 is not a dict of fields"),
        ({"shard_size": "x"}, "shard_size: 'x'"),
        ({"overwrite": "x"}, "overwrite: 'x' is neither true nor false"),
        ({"asset_id": "COPERNICUS/x"}, "asset_id: 'COPERNICUS/x' is in the public catalogue"),
    ],
)
def test_wrong_words_for_an_asset_are_refused(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        to_asset(**words)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "both",
    [
        {},
        {"file_export_options": FILES, "asset_export_options": {"earthEngineDestination": {"name": ASSET}}},
    ],
    ids=["none", "two"],
)
def test_an_image_goes_to_exactly_one_place(both):
    with pytest.raises(InvalidArgument, match="file_export_options: an export has one destination, and this one has"):
        ExportImage(expression=IMAGE, **both).body()


def test_more_pixels_than_may_be_exported_are_doubted():
    wide = {"image": IMAGE, "description": "d", "region": [0, 0, 10, 10], "scale": 30, "crs": "EPSG:4326"}

    [doubt] = ExportImageToDrive(**wide).doubts()

    assert doubt.endswith("max_pixels is 100,000,000: Earth Engine will refuse it.")
    assert ExportImageToDrive(**wide, max_pixels=1e12).doubts() == []
    assert ExportImageToDrive(image=IMAGE, description="d", scale=30).doubts() == []
