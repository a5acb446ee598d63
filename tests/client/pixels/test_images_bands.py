import pytest

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.pixels.grids.tiles import BandType
from airflow_provider_ee.client.pixels.images import describe_bands, read_image
from tests.client.playing import play

IMAGE = {"result": "0", "values": {"0": {"constantValue": 1}}}
AFFINE = {"scaleX": 10, "translateX": 600000, "scaleY": -10, "translateY": 5400000}


def stored(band, **asset):
    answer = {"type": "IMAGE", "bands": [{"id": "b", **band}], **asset}
    return play(describe_bands(read_image("p", asset_id="a/b")), [answer])[0][0]


def computed(**band):
    return play(
        describe_bands(read_image("p", image=IMAGE)), [{"result": {"type": "Image", "bands": [{"id": "b", **band}]}}]
    )[0][0]


@pytest.mark.parametrize(
    ("data_type", "dtype"),
    [
        ({"precision": "int", "min": 0, "max": 255}, "uint8"),
        ({"precision": "int", "min": 0, "max": 1}, "uint8"),
        ({"precision": "int", "min": -128, "max": 127}, "int8"),
        ({"precision": "int", "min": 0, "max": 10000}, "uint16"),
        ({"precision": "int", "min": -1, "max": 255}, "int16"),
        ({"precision": "int", "min": 0, "max": 4294967295}, "uint32"),
        ({"precision": "int", "min": -2147483648.0, "max": 2147483647.0}, "int32"),
        ({"precision": "int", "min": -1, "max": 4294967295}, "int64"),
        ({"precision": "int"}, "int32"),
        ({"precision": "float"}, "float32"),
        ({"precision": "float", "min": 0, "max": 1}, "float32"),
        ({"precision": "double"}, "float64"),
    ],
    ids=str,
)
def test_a_pixel_type_is_the_smallest_one_that_holds_its_range(data_type, dtype):
    assert computed(data_type=data_type).type == BandType("b", dtype)


@pytest.mark.parametrize(
    ("data_type", "dtype"),
    [
        ({"precision": "INT", "range": {"max": 65535}}, "uint16"),
        ({"precision": "INT", "range": {"min": -32768, "max": 32767}}, "int16"),
        ({"precision": "INT", "range": {"min": -5}}, "int8"),
        ({"precision": "INT"}, "int32"),
        ({"precision": "FLOAT"}, "float32"),
        ({"precision": "DOUBLE"}, "float64"),
    ],
    ids=str,
)
def test_an_assets_type_is_read_though_its_json_leaves_out_zeroes(data_type, dtype):
    assert stored({"dataType": data_type}).type == BandType("b", dtype)


def test_an_assets_band_has_its_grid_and_its_version():
    grid = {"crsCode": "EPSG:32632", "affineTransform": AFFINE, "dimensions": {"width": 7, "height": 5}}
    band = stored({"dataType": {"precision": "FLOAT"}, "grid": grid}, updateTime="2026-01-01T00:00:00Z")
    assert (band.crs, band.size, band.version) == ("EPSG:32632", (7, 5), "2026-01-01T00:00:00Z")
    assert band.transform == (10, 0, 600000, 0, -10, 5400000)


def test_a_computed_image_may_go_on_for_ever():
    band = computed(data_type={"precision": "float"}, crs="EPSG:4326", crs_transform=[1, 0, 0, 0, 1, 0])
    assert (band.crs, band.transform, band.size) == ("EPSG:4326", (1, 0, 0, 0, 1, 0), None)


def test_pixels_that_are_arrays_are_refused_with_a_remedy():
    with pytest.raises(InvalidRequest, match=r"The pixels of the band b are arrays.*arrayFlatten"):
        computed(data_type={"precision": "float", "dimensions": 1})


def test_pixels_of_no_known_precision_are_refused():
    with pytest.raises(InvalidRequest, match="band b are quaternion"):
        computed(data_type={"precision": "quaternion"})


@pytest.mark.parametrize(
    "answer", [{"result": 5}, {"result": {"type": "FeatureCollection"}}, {"result": {"type": "Image", "bands": []}}, {}],
    ids=["a number", "a table", "no bands", "nothing"],
)  # fmt: skip
def test_what_has_no_bands_is_refused(answer):
    with pytest.raises(InvalidRequest, match="The expression is not an image with bands"):
        play(describe_bands(read_image("p", image=IMAGE)), [answer])
