import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.requests import TileRequests
from airflow_provider_ee.client.pixels.grids.tiles import MOST_BYTES, BandType, request_bytes

MEMORY = 96 * 2**20


def degrees(west, scale, width, height=3, shear=0.0):
    return PixelGrid("EPSG:4326", (scale, shear, west, 0, -abs(scale), 40), width, height)


ONE_BAND = (BandType("b", "uint16"),)


def parts(grid, bands=ONE_BAND, concurrency=32, *, geographic=True):
    return TileRequests(grid, bands, concurrency, geographic=geographic)


@pytest.mark.parametrize("concurrency", [1, 8, 32, 40])
@pytest.mark.parametrize("number", [1, 3, 12, 100, 1024])
@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_the_answers_that_are_in_memory_together_are_bounded(concurrency, number, dtype):
    bands = [BandType(str(band), dtype) for band in range(number)]
    found = parts(PixelGrid("EPSG:32632", (1, 0, 0, 0, -1, 0), 2100, 1900), bands, concurrency, geographic=False)
    sizes = [request_bytes(part.tile, part.bands) for part in found]
    assert max(sizes) <= MOST_BYTES
    assert found.in_memory >= 1
    assert found.in_memory * max(sizes) <= MEMORY


def test_bands_stay_together_as_long_as_a_request_has_room_for_them():
    bands = [BandType(str(band), "uint16") for band in range(12)]
    assert all(len(part.bands) == 12 for part in parts(degrees(0, 0.01, 3000, 3000), bands))


@given(
    west=st.floats(-400, 400), scale=st.sampled_from([0.25, 1.0, 7.0, -0.5, -3.0]), width=st.integers(1, 400)
)  # fmt: skip
def test_no_pixel_is_asked_for_beyond_the_antimeridian_and_each_where_it_is(west, scale, width):
    grid = degrees(west, scale, width)
    columns = []
    for part in parts(grid):
        for column in range(part.tile.width):
            asked, _ = part.grid.point(column + 0.5, 0)
            wanted, _ = grid.point(part.tile.column + column + 0.5, 0)
            assert -180 - 1e-9 <= asked <= 180 + 1e-9
            assert (asked - wanted) % 360 == pytest.approx(0, abs=1e-6) or (asked - wanted) % 360 == pytest.approx(360)
            columns.append(part.tile.column + column)
    assert sorted(columns) == list(range(width))


def test_the_whole_world_is_one_piece():
    assert [part.tile.width for part in parts(degrees(-180, 0.5, 720))] == [720]


def test_other_systems_are_asked_for_where_they_are():
    grid = PixelGrid("EPSG:32632", (10, 0, 600000, 0, -10, 5400000), 30, 20)
    [part] = parts(grid, geographic=False)
    assert part.grid == grid


def test_shear_across_the_antimeridian_is_refused():
    with pytest.raises(InvalidArgument, match="crs_transform: its shear leads across the antimeridian"):
        list(parts(degrees(170, 1, 20, shear=0.5)))
    assert len(list(parts(degrees(0, 1, 20, shear=0.5)))) == 1


def test_a_quarter_of_a_part_is_asked_for_where_it_is():
    grid = degrees(175, 0.5, 40, 30)
    for part in parts(grid):
        for quarter in part.quarters():
            column, row, *size = quarter.tile
            assert (quarter.grid.width, quarter.grid.height) == tuple(size)
            x, y = grid.point(column, row)
            assert quarter.grid.point(0, 0) == (x - 360 * (part.tile.column > 0), y)
            assert quarter.depth == 1
