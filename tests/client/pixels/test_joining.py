import io
import resource
from itertools import pairwise

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from airflow_provider_ee.client.pixels.blocks import Blocks
from airflow_provider_ee.client.pixels.download import fetch
from airflow_provider_ee.client.pixels.geotiff import GeoTiff, check_whole
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType, Tile
from airflow_provider_ee.client.pixels.joining import join
from airflow_provider_ee.client.pixels.requests import Part
from tests.client.pixels.earth import TinyEarth, npy, tiles_in

BLOCK = 16


def grid(width, height):
    return PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), width, height)


def geotiff(width, height, bands, **wishes):
    return GeoTiff(grid(width, height), [f"b{number}" for number in range(bands)], np.dtype("uint16"), **wishes)


def part(tile, bands):
    types = tuple(BandType(f"b{number}", "uint16") for number in bands)
    return Part(tile, types, grid(*tile[2:]))


def noise(bands, height, width):
    return np.random.default_rng(0).integers(0, 2**16, (bands, height, width), dtype=np.uint16)


def written(path, form, parts, pixels):
    """Join parts of pixels to a file, and return what is in it."""

    def packed(one):
        column, row, width, height = one.tile
        numbers = [int(band[1:]) for band in one.band_ids]
        return form.packed(pixels[numbers, row : row + height, column : column + width])

    join(path, form, parts, packed)
    check_whole(path)
    with rasterio.open(path) as file:
        return file.read()


def cuts(length):
    return st.sets(st.integers(1, length - 1), max_size=4).map(lambda found: [0, *sorted(found), length])


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 70), st.integers(2, 70), st.integers(1, 6))
def test_wherever_an_image_was_cut_all_of_it_is_there(tmp_path_factory, data, width, height, bands):
    columns, rows = data.draw(cuts(width)), data.draw(cuts(height))
    # Bands that lie side by side are fetched together.
    groups = data.draw(cuts(bands)) if bands > 4 else [0, bands]
    parts = [
        part(Tile(left, top, right - left, bottom - top), range(first, last))
        for left, right in pairwise(columns)
        for top, bottom in pairwise(rows)
        for first, last in pairwise(groups)
    ]
    pixels = noise(bands, height, width)
    path = tmp_path_factory.mktemp("join") / "image.tif"
    found = written(path, geotiff(width, height, bands, block=BLOCK), data.draw(st.permutations(parts)), pixels)
    assert (found == pixels).all()


def test_blocks_of_tiles_are_not_packed_anew(tmp_path):
    form, pixels = geotiff(40, 40, 1, block=BLOCK), noise(1, 40, 40)
    tiles = [Tile(0, 0, 32, 40), Tile(32, 0, 8, 40)]
    written(tmp_path / "image.tif", form, [part(tile, [0]) for tile in tiles], pixels)
    packed = [form.packed(pixels[:, :, column : column + width]) for column, _, width, _ in tiles]

    def blocks(content):
        found = Blocks(io.BytesIO(content))
        return {found.take(number) for number in range(len(found))}

    assert blocks((tmp_path / "image.tif").read_bytes()) == set().union(*map(blocks, packed))


def test_a_file_may_be_larger_than_a_plain_tiff(tmp_path):
    path, side = tmp_path / "image.tif", 50_000
    form = geotiff(side, side, 1, block=512)
    pixels = noise(1, 512, 512)
    corner = side // 512 * 512
    last = Tile(corner, corner, side - corner, side - corner)
    join(path, form, [part(last, [0])], lambda _: form.packed(pixels[:, : last.height, : last.width]))
    assert path.read_bytes()[:4] == b"II+\0"
    with rasterio.open(path) as file:
        assert (file.read(window=Window(*last)) == pixels[:, : last.height, : last.width]).all()


@pytest.fixture
def full_disk():
    """A disk on which no file can be larger than four megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("cloud_optimized", [False, True])
def test_on_a_full_disk_there_is_no_half_file_and_later_nothing_is_fetched_again(full_disk, tmp_path, cloud_optimized):
    def meddle(_, __, array):
        array["b"] = noise(1, *array.shape)[0]
        return npy(array)

    earth = TinyEarth(side=2100, meddle=meddle)
    words = {"asset_id": "a/b", "output": tmp_path / "image.tif", "cloud_optimized": cloud_optimized}
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        fetch(earth.client, **words)
    assert [path.name for path in tmp_path.iterdir()] == ["image.tif.part"]
    there = len(tiles_in(tmp_path / "image.tif.part"))
    full_disk()
    result = fetch(earth.client, **words)
    assert (result.fetched, result.tiles) == (0, there)
