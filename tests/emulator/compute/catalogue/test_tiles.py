"""Tiles by their published names and corners."""

import pytest

from airflow_provider_ee.emulator.compute.catalogue.tiles import mgrs_tile, mgrs_tiles, wrs_tile, wrs_tiles


@pytest.mark.parametrize(
    ("name", "crs", "left", "top"),
    [("32UPU", "EPSG:32632", 600000, 5400000), ("10SEG", "EPSG:32610", 499980, 4200000)],
)
def test_a_tile_of_sentinel_2_begins_where_its_files_do(name: str, crs: str, left: int, top: int) -> None:
    tile = mgrs_tile(name)
    assert tile is not None
    assert (tile.grid.projection.crs, tile.grid.projection.transform.c, tile.grid.projection.transform.f) == (
        crs,
        left,
        top,
    )
    assert (tile.grid.width, tile.grid.height) == (10980, 10980)


@pytest.mark.parametrize("name", ["", "32", "99UPU", "32IPU", "32UPI", "32UZZ", "4QFJ0"])
def test_other_names_are_no_tiles(name: str) -> None:
    assert mgrs_tile(name) is None


@pytest.mark.parametrize("name", ["32UPU", "10SEG", "33LXE", "56HLH"])
def test_the_middle_of_a_tile_is_in_it(name: str) -> None:
    tile = mgrs_tile(name)
    assert tile is not None
    west, south, east, north = tile.footprint.bounds("EPSG:4326")
    x, y = (west + east) / 2, (south + north) / 2
    found = mgrs_tiles((x, y, x, y))
    assert found is not None
    assert name in [one.name for one in found]


def test_too_many_tiles_are_none() -> None:
    assert mgrs_tiles((-10, 35, 30, 60)) is None
    assert wrs_tiles((-10, 35, 30, 60)) is None


@pytest.mark.parametrize(("name", "longitude", "latitude"), [("193026", 11.2, 48.8), ("044034", -122.2, 37.5)])
def test_a_scene_of_landsat_is_where_its_path_and_row_say(name: str, longitude: float, latitude: float) -> None:
    scene = wrs_tile(name)
    assert scene is not None
    west, south, east, north = scene.footprint.bounds("EPSG:4326")
    assert west < longitude < east
    assert south < latitude < north
    assert wrs_tile("999999") is None
