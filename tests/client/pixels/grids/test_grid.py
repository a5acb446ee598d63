import io
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType, request_bytes, tiles
from airflow_provider_ee.emulator.compute import image_pixels
from tests.client.any_grid import WKT, grids
from tests.contract import problems
from tests.emulator.compute.nodes import call, compute, scene

TRANSFORM = (10, 0, 691000, 0, -10, 5334000)
GRID = PixelGrid("EPSG:32632", TRANSFORM, 300, 200)
FIELDS = {
    "crsCode": "EPSG:32632",
    "affineTransform": {"scaleX": 10, "shearX": 0, "translateX": 691000, "shearY": 0, "scaleY": -10, "translateY": 5334000},
    "dimensions": {"width": 300, "height": 200},
}  # fmt: skip


def near(grid, place):
    """A place as far off as rounding can bring it: a few ulps of the largest number that is added up."""
    a, b, c, d, e, f = map(abs, grid.transform)
    right, down = grid.width, grid.height
    rounding = 8 * math.ulp(max(a * right, b * down, c, d * right, e * down, f))
    return pytest.approx(place, rel=0, abs=rounding)


def test_a_grid_is_the_pixel_grid_of_a_request():
    assert GRID.fields() == FIELDS


@given(grids)
def test_every_grid_is_read_from_its_own_fields(grid):
    fields = grid.fields()
    assert PixelGrid.read(fields) == grid
    assert problems("PixelGrid", fields) == []


def test_wkt_has_a_field_of_its_own():
    fields = PixelGrid(WKT, TRANSFORM, 1, 1).fields()
    assert fields["crsWkt"] == WKT
    assert "crsCode" not in fields


def test_what_the_json_of_an_asset_leaves_out_is_zero():
    fields = {**FIELDS, "affineTransform": {"scaleX": 10, "translateX": 691000, "scaleY": -10, "translateY": 5334000}}
    assert PixelGrid.read(fields) == GRID


@pytest.mark.parametrize(
    ("transform", "bounds"),
    [
        pytest.param((10, 0, 100, 0, -10, 50), (100, 30, 130, 50), id="rows go south"),
        pytest.param((10, 0, 100, 0, 10, 50), (100, 50, 130, 70), id="rows go north"),
        pytest.param((-10, 0, 100, 0, -10, 50), (70, 30, 100, 50), id="columns go west"),
        pytest.param((0, 10, 100, 10, 0, 50), (100, 50, 120, 80), id="turned"),
        pytest.param((10, 5, 100, 0, -10, 50), (100, 30, 140, 50), id="sheared"),
    ],
)
def test_bounds_are_those_of_all_four_corners(transform, bounds):
    assert PixelGrid("EPSG:32632", transform, 3, 2).bounds == bounds


def test_corners_are_a_ring():
    corners = PixelGrid("EPSG:32632", (10, 0, 100, 0, -10, 50), 3, 2).corners()
    assert corners == [(100, 50), (130, 50), (130, 30), (100, 30)]


@given(grids, st.data())
def test_the_corners_of_a_window_are_where_the_grid_has_them(grid, data):
    column, row = data.draw(st.integers(0, grid.width - 1)), data.draw(st.integers(0, grid.height - 1))
    width, height = data.draw(st.integers(1, grid.width - column)), data.draw(st.integers(1, grid.height - row))
    window = grid.window(column, row, width, height)
    assert window.point(0, 0) == grid.point(column, row)
    assert window.point(width, 0) == near(grid, grid.point(column + width, row))
    assert window.point(0, height) == near(grid, grid.point(column, row + height))
    assert window.point(width, height) == near(grid, grid.point(column + width, row + height))


@given(grids, st.integers(-500, 500), st.integers(-500, 500), st.integers(-500, 500), st.integers(-500, 500))
def test_a_window_of_a_window_is_a_window_of_the_grid(grid, column, row, further, lower):
    at_once = grid.window(column + further, row + lower, 9, 9)
    in_two_steps = grid.window(column, row, 20, 20).window(further, lower, 9, 9)
    a, b, _, d, e, _ = map(abs, grid.transform)
    rounding = 4 * math.ulp(1000 * (a + b + d + e) + max(map(abs, grid.transform)))
    assert in_two_steps.point(0, 0) == pytest.approx(at_once.point(0, 0), rel=0, abs=rounding)


def test_a_place_is_rounded_once_and_not_at_every_step():
    # what is called 0.1 is a little more than that, and ten million pixels on this shows
    excess = float(10_000_000 * (Fraction(0.1) - Fraction(1, 10)))
    grid = PixelGrid("EPSG:4326", (0.1, 0, -1_000_000, 0, -0.1, 1_000_000), 1, 1)
    assert grid.point(10_000_000, 10_000_000) == (excess, -excess)


@pytest.mark.parametrize(
    "transform",
    [
        pytest.param((20, 0, 691000, 0, -20, 5334000), id="south and east"),
        pytest.param((20, 0, 691000, 0, 20, 5330000), id="north"),
        pytest.param((-20, 0, 695000, 0, -20, 5334000), id="west"),
        pytest.param((20, 10, 691000, 0, -20, 5334000), id="sheared in x"),
        pytest.param((14, 14, 691000, 14, -14, 5334000), id="turned"),
        pytest.param((0, 30, 691000, 30, 0, 5330000), id="transposed"),
    ],
)
@settings(max_examples=5, deadline=None)
@given(most_bytes=st.integers(2_000, 40_000), data=st.data())
def test_tiles_of_any_grid_in_any_order_are_the_image_pixel_for_pixel(transform, most_bytes, data):
    grid = PixelGrid("EPSG:32632", transform, data.draw(st.integers(1, 150)), data.draw(st.integers(1, 150)))
    bands = [BandType("B4", "uint16"), BandType("B8", "uint16")]
    mosaic = np.full((grid.height, grid.width), -1)
    image = compute(call("Image.select", input=scene(), bandSelectors=["B4", "B8"]))
    found = list(tiles(grid.width, grid.height, bands, most_bytes=most_bytes, multiple_of=16))
    for tile in data.draw(st.permutations(found)):
        assert request_bytes(tile, bands) <= most_bytes
        rows, columns = slice(tile.row, tile.row + tile.height), slice(tile.column, tile.column + tile.width)
        mosaic[rows, columns] = pixels(image, grid.window(*tile))
    np.testing.assert_array_equal(mosaic, pixels(image, grid))


def pixels(image, grid):
    body, _ = image_pixels(image, grid=grid.fields(), file_format="NPY")
    return np.load(io.BytesIO(body))["B8"]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"crs": "Munich"}, "crs: 'Munich' is not a valid coordinate reference system"),
        ({"transform": (1, 2, 3)}, "crs_transform: (1, 2, 3) is not a valid affine transform"),
        ({"transform": (1, 1, 0, 1, 1, 0)}, "flattens every pixel"),
        ({"transform": (1e308, 0, 1e308, 0, 1, 0)}, "leads out of all numbers"),
        ({"width": 0}, "width: 0 is out of bounds"),
        ({"height": 2**31}, "Allowed: a whole number from 1 to 2147483647."),
        ({"height": 1.5}, "height: 1.5"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(wrong, problem):
    with pytest.raises(InvalidArgument) as caught:
        PixelGrid(**{"crs": "EPSG:32632", "transform": TRANSFORM, "width": 300, "height": 200, **wrong})
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("x", "grid: 'x' is not a dict of fields"),
        ({}, "grid.affineTransform: it is missing"),
        ({**FIELDS, "crsWkt": WKT}, "grid: it has 2 coordinate systems"),
        ({key: FIELDS[key] for key in ("affineTransform", "dimensions")}, "grid: it has 0 coordinate systems"),
        ({**FIELDS, "crsCode": "WGS84"}, "grid.crsCode: 'WGS84' is not a valid coordinate reference system"),
        (
            {**FIELDS, "affineTransform": {"scaleX": 10}},
            "grid.affineTransform: [10, 0, 0, 0, 0, 0] flattens every pixel",
        ),
        ({**FIELDS, "affineTransform": {"scale": 10}}, "grid.affineTransform.scale: there is no such field"),
        ({**FIELDS, "affineTransform": {"scaleX": 10**400}}, "grid.affineTransform.scaleX: "),
        ({**FIELDS, "dimensions": {"width": 5}}, "grid.dimensions.height: it is missing"),
        ({**FIELDS, "dimensions": {"width": 5, "height": 0}}, "grid.dimensions.height: 0 is out of bounds"),
    ],
)
def test_fields_that_are_no_grid_are_named_by_their_path(fields, problem):
    with pytest.raises(InvalidArgument) as caught:
        PixelGrid.read(fields)
    assert problem in str(caught.value)
