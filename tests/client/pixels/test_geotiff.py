import resource
from itertools import pairwise, product

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.pixels.geotiff import (
    COMPRESSIONS,
    GeoTiffWriter,
    check_all_blocks,
    write_cloud_optimized,
)
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import Tile

SIDE = 1500
DTYPES = ["uint8", "int8", "int16", "uint32", "int64", "float32", "float64"]
NOISE = np.random.default_rng(0).integers(0, 2**16, (5, SIDE, SIDE), dtype=np.uint16)


def grid(width, height):
    return PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), width, height)


GRID = grid(SIDE, SIDE)


def writer(path, width=SIDE, height=SIDE, bands=1, dtype="uint16", **options):
    names = [f"b{number}" for number in range(bands)]
    return GeoTiffWriter(path, grid(width, height), names, np.dtype(dtype), **{"block": 512, **options})


def written(path, bands=1, dtype="uint16", **options):
    """A file of one tile."""
    with writer(path, bands=bands, dtype=dtype, **options) as file:
        file.write(Tile(0, 0, SIDE, SIDE), [f"b{number}" for number in range(bands)], NOISE[:bands].astype(dtype))
    return path


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("optimized", [False, True], ids=["plain", "cloud optimized"])
def test_every_compression_keeps_every_pixel(tmp_path, bands, compression, optimized):
    path = written(tmp_path / "image.tif", bands, compression=compression)
    if optimized:
        write_cloud_optimized(path, tmp_path / "optimized.tif", compression)
        path = tmp_path / "optimized.tif"
    check_all_blocks(path)
    with rasterio.open(path) as file:
        assert getattr(file.compression, "name", "none") == compression
        assert (file.read() == NOISE[:bands]).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_cloud_optimized_file_may_have_samples_of_any_type(tmp_path, dtype, compression):
    path = written(tmp_path / "image.tif", dtype=dtype, compression=compression)
    write_cloud_optimized(path, tmp_path / "o.tif", compression)
    with rasterio.open(tmp_path / "o.tif") as file:
        assert (file.read() == NOISE[:1].astype(dtype)).all()


def cuts(length):
    return st.sets(st.integers(1, length - 1), max_size=4).map(lambda found: [0, *sorted(found), length])


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 70), st.integers(2, 70), st.integers(1, 6))
def test_wherever_an_image_was_cut_all_of_it_is_in_the_file(tmp_path_factory, data, width, height, bands):
    columns, rows = data.draw(cuts(width)), data.draw(cuts(height))
    groups = data.draw(cuts(bands)) if bands > 1 else [0, 1]
    tiles = [
        (Tile(left, top, right - left, bottom - top), range(first, last))
        for (left, right), (top, bottom), (first, last) in product(pairwise(columns), pairwise(rows), pairwise(groups))
    ]
    pixels = NOISE[:1, :height, :width] + np.arange(6, dtype=np.uint16)[:bands, None, None]
    path = tmp_path_factory.mktemp("tiles") / "image.tif"
    with writer(path, width, height, bands, block=16) as file:
        for tile, numbers in data.draw(st.permutations(tiles)):
            column, row, wide, tall = tile
            part = pixels[numbers.start : numbers.stop, row : row + tall, column : column + wide]
            file.write(tile, [f"b{number}" for number in numbers], part)
    check_all_blocks(path)
    with rasterio.open(path) as file:
        assert (file.read() == pixels).all()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_tiles_without_a_value_are_written_too(tmp_path, compression):
    with writer(tmp_path / "image.tif", nodata=0, compression=compression) as file:
        file.write(Tile(0, 0, SIDE, SIDE), ["b0"], np.zeros((1, SIDE, SIDE), np.uint16))
    check_all_blocks(tmp_path / "image.tif")


def test_a_file_may_be_larger_than_a_plain_tiff(tmp_path):
    path = tmp_path / "image.tif"
    with writer(path, 50_000, 50_000):
        pass
    assert path.read_bytes()[:4] == b"II+\0"


def test_a_file_that_is_given_up_is_not_filled(tmp_path):
    path = tmp_path / "image.tif"
    with pytest.raises(KeyboardInterrupt), writer(path, 50_000, 50_000, nodata=7, compression="none"):
        raise KeyboardInterrupt
    assert path.stat().st_blocks * 512 < 10_000_000


def test_a_file_tells_its_place_its_bands_and_what_stands_for_no_data(tmp_path):
    with rasterio.open(written(tmp_path / "image.tif", 2, nodata=7)) as file:
        assert (file.crs.to_string(), tuple(file.transform)[:6]) == (GRID.crs, GRID.transform)
        assert (file.descriptions, file.nodata) == (("b0", "b1"), 7)
        assert file.block_shapes == [(512, 512), (512, 512)]


@pytest.mark.parametrize(("bands", "interleaving"), [(4, "pixel"), (5, "band")])
def test_few_bands_are_interleaved_by_pixel(tmp_path, bands, interleaving):
    with rasterio.open(written(tmp_path / "image.tif", bands)) as file:
        assert file.interleaving.name == interleaving


@pytest.mark.parametrize("bands", [1, 5], ids=["pixels", "bands"])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_file_that_was_cut_off_is_known(tmp_path, bands, compression):
    path = written(tmp_path / "image.tif", bands, compression=compression)
    check_all_blocks(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10_000)
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        check_all_blocks(path)


@pytest.fixture
def full_disk():
    """A disk on which no file can be larger than four megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("bands", [1, 5], ids=["pixels", "bands"])
def test_a_file_for_which_the_disk_has_no_room_is_known(full_disk, tmp_path, compression, bands):
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        check_all_blocks(written(tmp_path / "image.tif", bands, "float64", compression=compression))


def test_a_file_with_a_block_that_was_never_written_is_known(tmp_path):
    path = tmp_path / "image.tif"
    with rasterio.open(
        path,
        "w",
        "GTiff",
        512,
        512,
        1,
        dtype="uint8",
        tiled=True,
        sparse_ok=True,
        transform=rasterio.Affine(2, 0, 0, 0, -2, 0),
    ):
        pass
    with pytest.raises(OSError, match="column 0 and row 0 of band 1 is missing"):
        check_all_blocks(path)


@pytest.mark.parametrize("nodata", [None, 7])
def test_beside_a_file_that_is_given_up_there_is_no_other(tmp_path, nodata):
    with pytest.raises(KeyboardInterrupt), writer(tmp_path / "image.tif", nodata=nodata):
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["image.tif"]
