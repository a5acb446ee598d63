import pytest

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.errors import InvalidArgument


@pytest.mark.parametrize(
    ("crs", "is_code"),
    [
        ("EPSG:4326", True),
        ("epsg:32632", True),
        ("SR-ORG:6974", True),
        ('PROJCS["MODIS Sinusoidal", GEOGCS["WGS 84"]]', False),
        ('COMPD_CS["with heights", PROJCS["UTM"]]', False),
        ('PROJCRS["UTM", BASEGEOGCRS["WGS 84"]]', False),
    ],
)
def test_a_crs_is_a_code_or_wkt(crs, is_code):
    assert grid_words.crs(crs) == crs
    assert grid_words.is_code(crs) == is_code


def test_a_check_names_the_field_that_it_is_told():
    with pytest.raises(InvalidArgument, match=r"grid\.crsCode: 'Munich' is not a valid coordinate reference system"):
        grid_words.crs("Munich", "grid.crsCode")


def test_numbers_that_no_float_holds_are_no_transform():
    with pytest.raises(InvalidArgument, match="is not a valid affine transform"):
        grid_words.transform([10**400, 0, 0, 0, 1, 0])


def test_what_a_transform_has_in_whole_numbers_stays_whole():
    assert repr(grid_words.transform("10.0, 0, 0.5, 0, -1e1, 7")) == "(10, 0, 0.5, 0, -10, 7)"
