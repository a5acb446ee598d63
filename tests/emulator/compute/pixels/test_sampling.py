import numpy as np

from airflow_provider_ee.emulator.compute.pixels.grids import WORLD, Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane
from airflow_provider_ee.emulator.compute.pixels.sampling import sample

EXTENT = Grid(WORLD, 0, 0, 10**8, 10**8)


def test_far_apart_pixels_are_read_in_small_parts() -> None:
    columns = np.arange(6, dtype=np.int64)[np.newaxis, :] * 10**6 - 10**6
    rows = np.arange(5, dtype=np.int64)[:, np.newaxis] * 10**6

    def read(column: int, row: int, width: int, height: int) -> Plane:
        assert width * height <= 4_000_000
        values = (column + np.arange(width))[np.newaxis, :] + 3 * (row + np.arange(height))[:, np.newaxis]
        return Plane(values, np.ones((height, width), np.bool_))

    values, valid = sample(columns, rows, EXTENT, read)
    np.testing.assert_array_equal(np.where(valid, values, -1), np.where(columns >= 0, columns + 3 * rows, -1))
    assert valid.sum() == 25


def test_nothing_is_read_where_no_pixel_is_inside() -> None:
    outside = np.full((2, 2), -5, np.int64)

    def read(*_: int) -> Plane:
        raise AssertionError("nothing to read")

    assert not sample(outside, outside, EXTENT, read).valid.any()
