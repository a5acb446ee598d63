"""Where pixels are: projections, clips and windows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.warp import transform

from airflow_provider_ee.emulator.compute import ComputeError, stored_image, to_json
from airflow_provider_ee.emulator.compute.images import own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible
from airflow_provider_ee.emulator.compute.pixels.rasters import render, render_whole
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import call, compute, image, native, no_assets, pixel, planes, rectangle, scene

DEGREES = Projection("EPSG:4326", invertible((0.0007, 0, 11.2, 0, -0.0005, 48.3)))
TRIANGLE = call("GeometryConstructors.Polygon", coordinates=[[[11.21, 48.29], [11.27, 48.28], [11.23, 48.23]]])
NDVI = call("Image.normalizedDifference", input=scene(), bandNames=["B8", "B4"])

PROCESSED = {
    "the scene": scene(),
    "ndvi": NDVI,
    "a clip": call("Image.clip", input=scene(), geometry=TRIANGLE),
    "lon and lat": call("Image.pixelLonLat"),
    "reprojected": call("Image.reproject", image=NDVI, crs="EPSG:3857", scale=250),
    "a median": call(
        "reduce.median",
        collection=call("Collection.limit", collection=call("ImageCollection.load", id="EMULATOR/S2_DAILY"), limit=4),
    ),
}


@pytest.mark.parametrize("name", PROCESSED)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_pixel_is_the_same_in_every_window_that_it_is_part_of(name: str, data: st.DataObject) -> None:
    rasters = compute(PROCESSED[name]).rasters
    whole = Grid(DEGREES, data.draw(st.integers(-30, 60)), data.draw(st.integers(-30, 60)), 60, 50)
    column, row = data.draw(st.integers(0, 59)), data.draw(st.integers(0, 49))
    part = whole.window(column, row, data.draw(st.integers(1, 60)), data.draw(st.integers(1, 50)))
    cut = np.s_[row : row + part.height, column : column + part.width]
    for in_whole, in_part in zip(render(rasters, whole), render(rasters, part), strict=True):
        np.testing.assert_array_equal(in_whole.values[cut], in_part.values)
        np.testing.assert_array_equal(in_whole.valid[cut], in_part.valid)


def test_a_grid_of_several_windows_is_put_together_in_its_order() -> None:
    longitude = compute(call("Image.pixelLonLat")).rasters[0]
    whole = render_whole([longitude], Grid(DEGREES, 0, 0, 1100, 700))[0]
    np.testing.assert_allclose(whole.values[0], 11.2 + 0.0007 * (np.arange(1100) + 0.5))
    assert whole.valid.all()


def test_pixels_outside_of_the_scene_are_masked() -> None:
    assert pixel(scene(), native(-1, 0)) == [None] * 4
    assert pixel(scene(), native(20000, 19999)) == [None] * 4
    assert None not in pixel(scene(), native(19999, 19999))


def test_rows_may_go_northwards() -> None:
    upwards = Projection("EPSG:32632", invertible((10, 0, 600000, 0, 10, 5390000)))
    values = planes(scene(), Grid(upwards, 0, 0, 1, 3))[0].values
    assert values[:, 0].tolist() == [formulas.scene("B2", 0, row) for row in (999, 998, 997)]


def test_a_sheared_grid_is_followed() -> None:
    sheared = Projection("EPSG:32632", invertible((10, 10, 600000, 0, -10, 5400000)))
    assert pixel(scene(), Grid(sheared, 100, 50, 1, 1))[0] == formulas.scene("B2", 151, 50)


def test_a_region_at_a_scale_lies_on_multiples_of_the_scale() -> None:
    region = rectangle(691003, 5334008, 691097, 5334092, "EPSG:32632")
    clipped = compute(call("Image.clipToBoundsAndScale", input=scene(), geometry=region, scale=20))
    grid = own_grid(clipped)
    assert grid.bounds == (691000, 5334000, 691100, 5334100)
    assert (grid.width, grid.height) == (5, 5)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ({"width": 40, "height": 10}, (40, 10)),
        ({"maxDimension": 100}, (100, 50)),
        ({"width": 50}, (50, 25)),
        ({}, (20, 10)),
    ],
    ids=str,
)
def test_a_region_is_given_the_size_that_was_asked_for(size: dict[str, int], expected: tuple[int, int]) -> None:
    region = rectangle(691000, 5334000, 691200, 5334100, "EPSG:32632")
    grid = own_grid(compute(call("Image.clipToBoundsAndScale", input=scene(), geometry=region, **size)))
    assert (grid.width, grid.height) == expected
    assert grid.bounds == (691000, 5334000, 691200, 5334100)


def test_a_scale_in_metres_becomes_degrees_where_the_projection_counts_these() -> None:
    lonlat = call("Image.setDefaultProjection", image=scene(), crs="EPSG:4326", crsTransform=[1, 0, 0, 0, -1, 0])
    clipped = call(
        "Image.clipToBoundsAndScale", input=lonlat, geometry=rectangle(11, 48, 12, 49), scale=111319.49079327358 / 4
    )
    described = to_json(compute(clipped))["bands"][0]
    assert described["dimensions"] == [4, 4]
    assert described["crs_transform"] == pytest.approx([0.25, 0, 11, 0, -0.25, 49])


def test_a_clip_masks_exactly_the_pixels_whose_centre_is_outside() -> None:
    shape = call(
        "GeometryConstructors.Polygon", coordinates=[[[0, 0], [3, 0], [3, 3]]], crs=call("Projection", crs="EPSG:3857")
    )
    on = Grid(Projection("EPSG:3857", invertible((1, 0, 0, 0, -1, 3.2))), 0, 0, 3, 3)
    valid = planes(call("Image.clip", input=image(1), geometry=shape), on)[0].valid
    centres = [[(c + 0.5, 2.7 - r) for c in range(3)] for r in range(3)]
    assert valid.tolist() == [[y < x for x, y in line] for line in centres]


def test_reprojected_pixels_are_as_large_as_their_projection_says() -> None:
    coarse = call("Image.reproject", image=scene(), crs="EPSG:32632", crsTransform=[80, 0, 600000, 0, -80, 5400000])
    values = planes(coarse, native(0, 0, 16, 8))[0].values
    assert (values[:, :8] == formulas.scene("B2", 4, 4)).all()
    assert (values[:, 8:] == formulas.scene("B2", 12, 4)).all()


def test_unmask_stays_inside_the_footprint_unless_told_otherwise() -> None:
    beyond = native(-5, 0)
    assert pixel(call("Image.unmask", input=scene(), value=image(7)), beyond) == [None] * 4
    assert pixel(call("Image.unmask", input=scene(), value=image(7), sameFootprint=False), beyond) == [7] * 4


def test_the_whole_scene_is_twenty_thousand_pixels_square() -> None:
    grid = own_grid(stored_image("projects/earthengine-public/assets/EMULATOR/S2", no_assets))
    assert (grid.column, grid.row, grid.width, grid.height) == (0, 0, 20000, 20000)


def test_a_reprojection_of_far_more_pixels_than_are_shown_is_refused() -> None:
    fine = call("Image.reproject", image=scene(), crs="EPSG:32632", scale=1)
    kilometres = Projection("EPSG:32632", invertible((1000, 0, 600000, 0, -1000, 5400000)))
    with pytest.raises(ComputeError, match=r"^Reprojection output too large \(9001x9001 pixels\)"):
        planes(fine, Grid(kilometres, 0, 0, 10, 10))


def test_places_that_a_projection_cannot_show_are_masked_and_the_others_are_not() -> None:
    beyond_the_pole = Projection("EPSG:4326", invertible((0.01, 0, 11.57, 0, 50, 23.1)))
    valid = planes(scene(), Grid(beyond_the_pole, 0, 0, 1, 3))[0].valid
    assert valid[:, 0].tolist() == [True, False, False]


def test_edges_are_followed_into_another_projection_and_not_only_corners() -> None:
    wide = compute(rectangle(6, 48, 12, 49))
    _, south, _, _ = wide.bounds("EPSG:32632")
    on_the_middle_meridian = transform("EPSG:4326", "EPSG:32632", [9.0], [48.0])[1][0]
    assert south == pytest.approx(on_the_middle_meridian, abs=1)
