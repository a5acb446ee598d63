import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.coordinates import (
    is_geographic,
    metres_per_unit,
    project_bounds,
    region_bounds,
)
from tests.client.playing import play

TRIANGLE = {"type": "Polygon", "coordinates": [[[10, 40], [12, 41], [11, 43], [10, 40]]]}


@pytest.mark.parametrize(
    ("region", "box"),
    [
        ([10, 40, 12, 43], (10, 40, 12, 43)),
        (TRIANGLE, (10, 40, 12, 43)),
        ({"type": "MultiPolygon", "coordinates": [TRIANGLE["coordinates"]] * 2}, (10, 40, 12, 43)),
        ([170, -10, -170, 10], (170, -10, 190, 10)),
        ([170, -10, 190, 10], (170, -10, 190, 10)),
        ([-190, -10, -170, 10], (170, -10, 190, 10)),
        ([190, -10, 200, 10], (-170, -10, -160, 10)),
        ([-180, -90, 180, 90], (-180, -90, 180, 90)),
        ([0, -90, 360, 90], (0, -90, 360, 90)),
    ],
    ids=str,
)
def test_a_region_has_bounds_that_begin_west_of_180(region, box):
    assert play(region_bounds("projects/p", region), []) == (box, [])


def test_the_bounds_of_a_geometry_of_ee_are_computed_by_earth_engine(ee):
    box, [request] = play(region_bounds("projects/p", ee.Geometry(TRIANGLE)), [{"result": TRIANGLE}])
    assert request.path == "projects/p/value:compute"
    assert box == (10, 40, 12, 43)


def test_degrees_are_taken_as_they_are():
    assert project_bounds("EPSG:4326", (170, -10, 190, 10)) == (170, -10, 190, 10)
    assert project_bounds("EPSG:4258", (170, -10, 190, 10)) == pytest.approx((170, -10, 190, 10))


def test_bounds_hold_the_bulging_edges_of_a_region():
    # A parallel bends upwards from the middle meridian of the zone, so its lowest point is no corner.
    corners = [project_bounds("EPSG:32632", (west, 47, west + 0.001, 48))[1] for west in (6, 12)]
    assert project_bounds("EPSG:32632", (6, 47, 12, 48))[1] < min(corners) - 1000


def test_a_system_without_a_seam_there_shows_both_sides_of_the_antimeridian():
    west, _, east, _ = project_bounds("EPSG:32601", (179, 0, 181, 1))
    assert east - west == pytest.approx(222_600, rel=0.01)


def test_a_pole_is_in_the_middle_of_a_polar_map():
    west, south, east, north = project_bounds("EPSG:3031", (-180, -90, 180, -80))
    assert west == pytest.approx(-east)
    assert south == pytest.approx(-north)


def test_web_mercator_is_shown_to_its_end():
    assert project_bounds("EPSG:3857", (-180, -85.05, 180, 85.05))[3] < 20_037_508.35


@pytest.mark.parametrize(
    ("crs", "box"),
    [("EPSG:3857", (0, 0, 1, 86)), ("EPSG:3395", (0, 0, 1, 90)), ("EPSG:3031", (-180, -90, 180, 90))],
    ids=["beyond the end of web mercator", "the pole of mercator", "the other pole"],
)
def test_what_a_system_does_not_show_is_refused(crs, box):
    with pytest.raises(InvalidArgument, match=f"reaches farther than {crs} shows"):
        project_bounds(crs, box)


@pytest.mark.parametrize(
    ("crs", "metres"),
    [("EPSG:32632", 1.0), ("EPSG:2263", 0.3048006096), ("EPSG:4326", 111319.49079327358)],
    ids=["metres", "feet", "degrees"],
)
def test_a_unit_has_a_length_in_metres(crs, metres):
    assert metres_per_unit(crs) == pytest.approx(metres)


def test_what_only_earth_engine_knows_is_no_longitude():
    assert is_geographic("EPSG:4326")
    assert not is_geographic("EPSG:32632")
    assert not is_geographic("SR-ORG:6974")
