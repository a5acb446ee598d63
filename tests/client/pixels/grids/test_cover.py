import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments.boxes import METRES_PER_DEGREE
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.cover import grid_of_pixels, grid_of_region
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.emulator.compute import to_json
from tests.client.any_grid import WKT, keeps_its_shape, origins, straight, turned
from tests.emulator.compute.nodes import call, compute, rectangle, scene

BOX = (691003, 5334008, 691097, 5334092)
TRANSFORM = (30, 0, 15, 0, -30, 5)

edges = st.one_of(st.integers(1, 50_000), st.floats(1, 50_000))
boxes = st.builds(
    lambda west, south, breadth, length: (west, south, west + breadth, south + length), origins, origins, edges, edges
)

#: Pixels large enough for any of the boxes to have fewer of them than a grid may.
coarse = (
    st.one_of(straight, turned)
    .filter(keeps_its_shape)
    .filter(lambda transform: all(number == 0 or abs(number) > 0.1 for number in (*transform[:2], *transform[3:5])))
)


def places(transform, bounds):
    """The columns and the rows between which a box lies in the pixels of a transform, exactly."""
    a, b, c, d, e, f = map(Fraction, transform)
    west, south, east, north = map(Fraction, bounds)
    area = a * e - b * d
    corners = [(x - c, y - f) for x in (west, east) for y in (south, north)]
    columns = [(e * x - b * y) / area for x, y in corners]
    rows = [(a * y - d * x) / area for x, y in corners]
    return (min(columns), max(columns)), (min(rows), max(rows))


def excess(grid, transform, bounds):
    """How many pixels the grid is larger than a box, at each of its four sides."""
    (first, last), (top, bottom) = places(transform, bounds)
    column, row = offset(grid, transform)
    return [first - column, column + grid.width - last, top - row, row + grid.height - bottom]


def offset(grid, transform):
    """Column and row of the grid's first pixel among all of a transform's."""
    (column, _), (row, _) = places(transform, (grid.transform[2], grid.transform[5]) * 2)
    return column, row


@given(coarse, boxes)
def test_the_grid_of_a_region_covers_it_with_less_than_a_pixel_to_spare_on_every_side(transform, bounds):
    grid = grid_of_region(bounds, "EPSG:32632", crs_transform=transform)
    assert all(-0.001 < pixels < 1.001 for pixels in excess(grid, transform, bounds))


@given(coarse, boxes)
def test_the_grid_of_a_region_has_the_pixels_of_the_transform(transform, bounds):
    grid = grid_of_region(bounds, "EPSG:32632", crs_transform=transform)
    assert [grid.transform[place] for place in (0, 1, 3, 4)] == [transform[place] for place in (0, 1, 3, 4)]
    assert all(abs(place - round(place)) < 0.001 for place in offset(grid, transform))


@given(st.floats(0.1, 5000), boxes, st.sampled_from([1.0, 0.3048, 2.0]))
def test_the_edges_of_pixels_are_multiples_of_the_scale(scale, bounds, metres_per_unit):
    grid = grid_of_region(bounds, "EPSG:32632", scale=scale, metres_per_unit=metres_per_unit)
    size = scale / metres_per_unit
    from_origin = (size, 0, 0, 0, -size, 0)
    assert grid.transform[:2] == (size, 0)
    assert grid.transform[3:5] == (0, -size)
    assert all(abs(place - round(place)) < 0.001 for place in offset(grid, from_origin))
    assert all(-0.001 < pixels < 1.001 for pixels in excess(grid, from_origin, bounds))


@given(st.integers(1, 500), boxes, boxes)
def test_the_grids_of_two_regions_match(scale, one, other):
    (left, top), (right, bottom) = (
        offset(grid_of_region(box, "EPSG:32632", scale=scale), (1, 0, 0, 0, -1, 0)) for box in (one, other)
    )
    assert (left - right) % scale == (top - bottom) % scale == 0


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        pytest.param({"scale": 20}, ((20, 0, 691000, 0, -20, 5334100), 5, 5), id="scale"),
        pytest.param({"scale": "20"}, ((20, 0, 691000, 0, -20, 5334100), 5, 5), id="scale as text"),
        pytest.param({"scale": 1000}, ((1000, 0, 691000, 0, -1000, 5335000), 1, 1), id="one pixel is larger"),
        pytest.param({"crs_transform": (20, 0, 691010, 0, -20, 5334090)}, ((20, 0, 690990, 0, -20, 5334110), 6, 6), id="transform"),
        pytest.param({"crs_transform": (20, 0, 0, 0, 20, 0)}, ((20, 0, 691000, 0, 20, 5334000), 5, 5), id="rows go north"),
        pytest.param({"crs_transform": (-20, 0, 0, 0, -20, 0)}, ((-20, 0, 691100, 0, -20, 5334100), 5, 5), id="columns go west"),
        pytest.param({"dimensions": "47x21"}, ((2, 0, 691003, 0, -4, 5334092), 47, 21), id="width and height"),
    ],
)  # fmt: skip
def test_a_region_is_laid_on_pixels_as_the_words_say(words, fields):
    transform, width, height = fields
    assert grid_of_region(BOX, "EPSG:32632", **words) == PixelGrid("EPSG:32632", transform, width, height)


@pytest.mark.parametrize(
    ("bounds", "longest", "sides"),
    [
        ((0, 0, 200, 100), 100, (100, 50)),
        ((0, 0, 100, 200), 100, (50, 100)),
        ((0, 0, 100, 100), "64", (64, 64)),
        ((0, 0, 1000, 1), 10, (10, 1)),
    ],
    ids=["wide", "tall", "square", "hardly any height"],
)
def test_one_dimension_is_the_longest_side_of_the_region(bounds, longest, sides):
    grid = grid_of_region(bounds, "EPSG:3857", dimensions=longest)
    assert (grid.width, grid.height) == sides
    assert grid.bounds == bounds


def test_a_region_on_the_edges_of_pixels_needs_no_more_than_these():
    box = (11.3, 48.1, 11.3 + 3 / 7, 48.1 + 2 / 7)
    grid = grid_of_region(box, "EPSG:4326", crs_transform=(1 / 70, 0, 11.3, 0, -1 / 70, 48.1))
    assert (grid.width, grid.height) == (30, 20)


def test_a_region_that_hardly_touches_anything_is_a_pixel():
    grid = grid_of_region((0.9999999, 0, 1.0000001, 1), "EPSG:3857", scale=1)
    assert (grid.width, grid.height) == (1, 1)


def test_a_region_across_the_antimeridian_is_a_grid_that_goes_on_beyond_it():
    grid = grid_of_region((179, -1, 181, 1), "EPSG:4326", crs_transform=(0.5, 0, -180, 0, -0.5, 90))
    assert grid.bounds == (179, -1, 181, 1)
    assert (grid.width, grid.height) == (4, 4)


@pytest.mark.parametrize(
    ("crs", "box", "words", "unit"),
    [
        pytest.param("EPSG:32632", BOX, {"scale": 20}, 1, id="scale"),
        pytest.param("EPSG:32632", BOX, {"scale": 7.3}, 1, id="a scale that is no whole number"),
        pytest.param("EPSG:4326", (11.31, 48.02, 11.4, 48.1), {"scale": 30}, METRES_PER_DEGREE, id="degrees"),
        pytest.param("EPSG:4326", (11.31, 48.02, 11.4, 48.1), {"dimensions": 100}, METRES_PER_DEGREE, id="the longest side"),
        pytest.param("EPSG:32632", BOX, {"dimensions": "40x10"}, 1, id="width and height"),
    ],
)  # fmt: skip
def test_a_region_has_the_grid_that_its_export_would_have(crs, box, words, unit):
    image = call("Image.setDefaultProjection", image=scene(), crs=crs, crsTransform=[1, 0, 0, 0, -1, 0])
    sizes = {"scale": words["scale"]} if "scale" in words else {}
    if "dimensions" in words:
        sides = [int(side) for side in str(words["dimensions"]).split("x")]
        sizes = dict(zip(("maxDimension",) if len(sides) == 1 else ("width", "height"), sides, strict=True))
    clipped = call("Image.clipToBoundsAndScale", input=image, geometry=rectangle(*box, crs), **sizes)
    exported = to_json(compute(clipped))["bands"][0]
    grid = grid_of_region(box, crs, **words, metres_per_unit=unit)
    assert [grid.width, grid.height] == exported["dimensions"]
    assert grid.transform == pytest.approx(exported["crs_transform"], rel=1e-12)


def test_pixels_are_counted_from_the_origin_of_a_transform():
    assert grid_of_pixels(WKT, TRANSFORM, "20x10") == PixelGrid(WKT, TRANSFORM, 20, 10)


def test_pixels_without_a_region_have_width_and_height():
    with pytest.raises(InvalidArgument, match="dimensions: 20 says one side only"):
        grid_of_pixels("EPSG:32632", TRANSFORM, 20)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "scale: nothing says how large a pixel is"),
        ({"scale": 5, "crs_transform": TRANSFORM}, "scale: it contradicts crs_transform"),
        ({"scale": 5, "dimensions": 5}, "scale: it contradicts dimensions"),
        ({"crs_transform": TRANSFORM, "dimensions": 5}, "dimensions: they contradict crs_transform"),
        ({"scale": 0}, "scale: 0 is out of bounds"),
        ({"scale": 5e-324}, "scale: "),
        ({"scale": 1e308, "metres_per_unit": 0.1}, "scale: "),
        (
            {"crs_transform": (2**-30, 0, 0, 0, 1, 0)},
            f"crs_transform: the region has {94 * 2**30} x 84 of these pixels",
        ),
        ({"crs_transform": (0, 0, 0, 0, 1, 0)}, "crs_transform: (0, 0, 0, 0, 1, 0) flattens every pixel"),
        ({"dimensions": 10**10}, "dimensions: 10000000000 is not a valid size"),
        ({"scale": 5, "crs": "UTM"}, "crs: 'UTM'"),
        ({"scale": 5, "bounds": (3, 0, 1, 1)}, "region: (3, 0, 1, 1) is empty"),
        ({"scale": 5, "bounds": (0, 0, 1)}, "region: (0, 0, 1) is not a box"),
        ({"scale": 5, "bounds": (0, 0, math.inf, 1)}, "region: (0, 0, inf, 1) is not a box"),
    ],
)
def test_words_that_mean_no_grid_are_named(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        grid_of_region(**{"bounds": BOX, "crs": "EPSG:32632", **words})
    assert problem in str(caught.value)
