import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.bodies import export_image, export_image_to_cloud_storage
from airflow_provider_ee.client.errors import InvalidArgument

IMAGE = {"result": "0", "values": {"0": {"constantValue": 1}}}
FILES = {"fileFormat": "GEO_TIFF", "cloudStorageDestination": {"bucket": "b"}}


def to_cloud_storage(**words):
    return export_image_to_cloud_storage(**{"image": IMAGE, "description": "d", "bucket": "bucket", **words})


def test_the_raw_fields_become_the_request_as_the_reference_names_them():
    body = export_image(
        expression=IMAGE,
        description="d",
        grid={"crsCode": "EPSG:4326"},
        max_pixels=1e9,
        file_export_options=FILES,
        priority="7",
        workload_tag="tag",
    )
    assert body == {
        "expression": IMAGE,
        "description": "d",
        "grid": {"crsCode": "EPSG:4326"},
        "maxPixels": "1000000000",
        "fileExportOptions": FILES,
        "priority": 7,
        "workloadTag": "tag",
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
            "cloudStorageDestination": {"bucket": "bucket", "filenamePrefix": "a/b"},
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
    assert destination == {"bucket": "bucket", "filenamePrefix": "d"}


@pytest.mark.parametrize("spelling", ["cloudOptimized", "cloud_optimized"])
def test_format_options_may_be_spelt_as_in_ee_or_in_snake_case(spelling):
    options = to_cloud_storage(format_options={spelling: True})["fileExportOptions"]["geoTiffOptions"]
    assert options == {"cloudOptimized": True}


def test_tfrecord_options_become_their_fields():
    options = to_cloud_storage(
        file_format="TFRecord", format_options={"patchDimensions": [256, 128], "compressed": True, "maxFileSize": 1e6}
    )
    assert options["fileExportOptions"]["tfRecordOptions"] == {
        "tileDimensions": {"width": 256, "height": 128},
        "compress": True,
        "maxSizeBytes": "1000000",
    }


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"bucket": "gs://bucket"}, "bucket: 'gs://bucket' is no bucket name"),
        ({"bucket": "B"}, "bucket: 'B'"),
        ({"bucket": None}, "bucket: None"),
        ({"file_name_prefix": ""}, "file_name_prefix: ''"),
        ({"file_name_prefix": "/a"}, "no leading slash"),
        ({"file_name_prefix": "a\nb"}, "file_name_prefix:"),
        ({"file_name_prefix": "a" * 1025}, "1 to 1024 bytes"),
        ({"file_format": "PNG"}, "file_format: 'PNG' is no format for images. Allowed: GeoTIFF or TFRecord."),
        ({"format_options": {"fast": True}}, "format_options.fast: GEO_TIFF files have no such option"),
        ({"format_options": "x"}, "format_options: 'x' holds no fields"),
        ({"format_options": {"noData": "x"}}, "format_options.noData: 'x'"),
        ({"file_dimensions": 1000}, "file_dimensions: 1000 x 1000 are not whole tiles"),
        ({"file_dimensions": [256]}, "file_dimensions: [256] is no size"),
        ({"shard_size": 0}, "shard_size: 0 is out of bounds"),
        ({"file_format": "TFRecord", "shard_size": 256}, "shard_size: it shapes GeoTIFF files"),
        ({"file_format": "TFRecord", "skip_empty_tiles": True}, "skip_empty_tiles: it shapes GeoTIFF files"),
        ({"priority": 10_000}, "priority: 10000 is out of bounds. Allowed: a whole number from 0 to 9999."),
        ({"priority": "high"}, "priority: 'high'"),
        ({"max_pixels": 0}, "max_pixels: 0"),
        ({"max_pixels": 1.5}, "max_pixels: 1.5"),
        ({"workload_tag": "No"}, "workload_tag: 'No'"),
        ({"description": ""}, "says nothing"),
        ({"image": "x"}, "image: 'x' is no JSON"),
    ],
)
def test_wrong_words_are_refused_before_any_request(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        to_cloud_storage(**{"file_name_prefix": "a", **words})
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "both", [{}, {"file_export_options": FILES, "asset_export_options": FILES}], ids=["none", "two"]
)
def test_an_image_goes_to_exactly_one_place(both):
    with pytest.raises(InvalidArgument, match="file_export_options: an image goes to one place"):
        export_image(expression=IMAGE, **both)


WORDS = ["bucket", "crs", "crs_transform", "description", "dimensions", "file_dimensions", "file_format", "file_name_prefix",
         "format_options", "image", "max_pixels", "priority", "region", "scale", "shard_size", "workload_tag"]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=2000)
@given(st.dictionaries(st.sampled_from(WORDS), VALUES, min_size=1, max_size=3))
def test_no_words_whatever_make_a_body_fall_over(words):
    try:
        assert json.dumps(to_cloud_storage(**words), allow_nan=False)
    except InvalidArgument as error:
        assert error.argument.partition(".")[0] in {*words, "crs", "scale", "file_name_prefix", "format_options"}
