import pytest

from airflow_provider_ee.client.arguments.boxes import describe_miss, footprint, implied_pixels

DEGREE = 111_319.49
AT_THE_EQUATOR = [10, 0, 11, 1]
IN_THE_NORTH = [10, 59, 11, 60]


@pytest.mark.parametrize(
    ("region", "crs", "pixels"),
    [
        pytest.param(AT_THE_EQUATOR, "EPSG:4326", 10_000, id="degrees"),
        pytest.param(IN_THE_NORTH, "EPSG:4326", 10_000, id="degrees are as wide in the north"),
        pytest.param(IN_THE_NORTH, 'GEOGCS["WGS 84"]', 10_000, id="degrees, as WKT"),
        pytest.param(IN_THE_NORTH, "EPSG:32632", 5_000, id="metres are fewer in the north"),
        pytest.param(IN_THE_NORTH, None, 5_000, id="the image's own: rather too few"),
        pytest.param(IN_THE_NORTH, "EPSG:3857", 19_700, id="web mercator stretches the north"),
        pytest.param([170, 0, 190, 1], "EPSG:4326", 200_000, id="antimeridian"),
        pytest.param(
            {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1]]], [[[2, 0], [3, 0], [3, 1]]]]},
            "EPSG:4326",
            30_000,
            id="the box around several",
        ),
    ],
)
def test_pixels_are_counted_in_the_box_around_a_region(region, crs, pixels):
    assert implied_pixels(region, DEGREE / 100, crs) == pytest.approx(pixels, rel=0.01)


@pytest.mark.parametrize(("region", "scale"), [(None, 30), (AT_THE_EQUATOR, None)])
def test_without_a_region_or_a_scale_nothing_is_implied(region, scale):
    assert implied_pixels(region, scale) is None


def test_a_scale_may_be_the_text_of_a_template():
    assert implied_pixels(AT_THE_EQUATOR, "30") == implied_pixels(AT_THE_EQUATOR, 30)


@pytest.mark.parametrize(
    ("make", "pixels"),
    [
        pytest.param(lambda ee: ee.Geometry.Rectangle(AT_THE_EQUATOR, None, False), 10_000, id="box"),
        pytest.param(lambda ee: ee.Geometry.Polygon([[10, 0], [11, 0], [11, 1], [10, 0]]), 10_000, id="closed ring"),
        pytest.param(lambda ee: ee.Geometry.Point([10, 0]), None, id="point"),
        pytest.param(lambda ee: ee.Geometry.Rectangle([0, 0, 9, 9], "EPSG:32632", False), None, id="projected"),
        pytest.param(lambda ee: ee.FeatureCollection("EMULATOR/fields").geometry(), None, id="computed"),
    ],
)
def test_a_geometry_of_ee_is_counted_if_its_corners_are_known(ee, make, pixels):
    assert implied_pixels(make(ee), DEGREE / 100, "EPSG:4326") == (pixels and pytest.approx(pixels, rel=0.01))


SRTM_IN_BAVARIA = (11.0, 47.0, 13.0, 49.0)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param((11.5, 48, 11.6, 48.1), None, id="inside"),
        pytest.param((12.9, 48.9, 20, 60), None, id="a corner"),
        pytest.param((371.5, 48, 371.6, 48.1), None, id="once more around the world"),
        pytest.param((13, 47, 14, 49), "is [13, 47, 14, 49].", id="beside it"),
        pytest.param((48, 11.5, 48.1, 11.6), "Are latitude and longitude swapped?", id="swapped"),
    ],
)
def test_a_region_that_does_not_meet_an_image_is_described(wanted, said):
    found = describe_miss(SRTM_IN_BAVARIA, wanted)

    assert found is None if said is None else found.endswith(said)


@pytest.mark.parametrize(
    ("asset", "box"),
    [
        pytest.param(
            {"geometry": {"type": "Polygon", "coordinates": [[[11, 47], [13, 47], [13, 49], [11, 47]]]}},
            SRTM_IN_BAVARIA,
            id="a polygon",
        ),
        pytest.param({"geometry": {"type": "LinearRing", "coordinates": ["-Infinity", 1, 2, 3]}}, None, id="infinite"),
        pytest.param({"geometry": {"type": "Polygon", "coordinates": []}}, None, id="no position"),
        pytest.param({"geometry": None}, None, id="no geometry"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_the_footprint_of_an_image_is_the_box_around_its_geometry(asset, box):
    assert footprint(asset) == box
