import pytest

from airflow_provider_ee.client.exports.pixel_count import implied_pixels

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


def test_more_pixels_than_a_number_can_say_are_not_told():
    assert implied_pixels(AT_THE_EQUATOR, 1e-300) is None


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
