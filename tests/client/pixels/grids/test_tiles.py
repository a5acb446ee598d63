import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import (
    BandType,
    Tile,
    band_groups,
    quarters,
    request_bytes,
    tiles,
)

#: https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
MOST_BYTES, LONGEST_SIDE, MOST_BANDS = 50_331_648, 32_768, 1_024

DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
BYTE = [BandType("b", "uint8")]

blocks = st.sampled_from([1, 16, 256, 512])
many_types = st.lists(st.sampled_from(DTYPES), min_size=1, max_size=40)


def named(dtypes):
    return [BandType(f"b{number}", dtype) for number, dtype in enumerate(dtypes)]


def covered(width, height, parts):
    """How often each pixel is in one of the tiles."""
    counts = np.zeros((height, width), np.uint8)
    for column, row, wide, tall in parts:
        assert column >= 0
        assert row >= 0
        assert wide > 0
        assert tall > 0
        assert counts[row : row + tall, column : column + wide].shape == (tall, wide)
        counts[row : row + tall, column : column + wide] += 1
    return counts


@st.composite
def cuts(draw, longest=2000):
    """An image, its bands, and limits that have room for a block of one band at least."""
    width, height, block = draw(st.integers(1, longest)), draw(st.integers(1, longest)), draw(blocks)
    bands = named(draw(many_types))
    least = min(width, block) * min(height, block) * max(band.bytes + 1 for band in bands)
    # not more than a few thousand tiles of a large image
    fewest = max(least, width * height * sum(band.bytes + 1 for band in bands) // 2000)
    most_bytes = draw(st.integers(min(fewest, MOST_BYTES), MOST_BYTES))
    return width, height, bands, {"most_bytes": most_bytes, "multiple_of": block}


@given(cuts())
def test_every_pixel_is_in_exactly_one_tile(cut):
    width, height, bands, limits = cut
    assert (covered(width, height, tiles(width, height, bands, **limits)) == 1).all()


@given(cuts(longest=60_000))
def test_every_request_is_within_all_limits(cut):
    width, height, bands, limits = cut
    groups = band_groups(width, height, bands, **limits)
    heaviest = max(groups, key=lambda group: sum(band.bytes + 1 for band in group))
    for tile in tiles(width, height, bands, **limits):
        assert request_bytes(tile, heaviest) <= limits["most_bytes"]
        assert max(tile.width, tile.height) <= LONGEST_SIDE


@given(cuts(longest=60_000))
def test_tiles_begin_and_end_at_the_corners_of_blocks_and_come_row_by_row(cut):
    width, height, bands, limits = cut
    block = limits["multiple_of"]
    found = list(tiles(width, height, bands, **limits))
    for column, row, wide, tall in found:
        assert column % block == row % block == 0
        assert (column + wide) % block == 0 or column + wide == width
        assert (row + tall) % block == 0 or row + tall == height
    assert all((before.row, before.column) < (after.row, after.column) for before, after in pairwise(found))


@given(cuts())
def test_every_band_is_in_exactly_one_group_and_none_could_do_without_another(cut):
    width, height, bands, limits = cut
    groups = band_groups(width, height, bands, **limits)
    assert [band for group in groups for band in group] == bands
    block = Tile(0, 0, min(width, limits["multiple_of"]), min(height, limits["multiple_of"]))
    assert all(request_bytes(block, group) <= limits["most_bytes"] for group in groups)
    assert all(request_bytes(block, [*group, after[0]]) > limits["most_bytes"] for group, after in pairwise(groups))


@settings(max_examples=10)
@given(st.integers(1, 5000), st.sampled_from(DTYPES))
def test_no_group_has_more_bands_than_a_request_may_have(count, dtype):
    groups = band_groups(10, 10, named([dtype] * count))
    assert sum(map(len, groups)) == count
    assert max(map(len, groups)) <= MOST_BANDS
    assert len(groups) == math.ceil(count / MOST_BANDS)


@given(
    st.integers(40_000, 10**6), st.integers(40_000, 10**6), st.lists(st.sampled_from(DTYPES), min_size=1, max_size=8)
)
def test_tiles_of_a_large_image_are_near_to_squares(width, height, dtypes):
    first = next(tiles(width, height, named(dtypes), multiple_of=256))
    assert 1 / 2 <= first.width / first.height <= 2


@given(cuts())
def test_an_image_that_fits_is_one_tile(cut):
    width, height, bands, limits = cut
    whole = Tile(0, 0, width, height)
    fits = request_bytes(whole, bands) <= limits["most_bytes"]
    found = list(tiles(width, height, bands, **limits))
    assert (found == [whole] and len(band_groups(width, height, bands, **limits)) == 1) or not fits


@pytest.mark.parametrize(
    ("width", "height", "sizes"),
    [
        pytest.param(100, 40_000, {(100, 20_224), (100, 19_776)}, id="narrow"),
        pytest.param(40_000, 100, {(20_224, 100), (19_776, 100)}, id="low"),
    ],
)
def test_a_strip_is_cut_across_only_as_often_as_needed(width, height, sizes):
    assert {(tile.width, tile.height) for tile in tiles(width, height, BYTE, multiple_of=256)} == sizes


def test_numbers_may_be_the_text_of_a_template():
    assert list(tiles("600", 5e2, BYTE, most_bytes="200000", multiple_of="256")) == [
        Tile(0, 0, 256, 256), Tile(256, 0, 256, 256), Tile(512, 0, 88, 256),
        Tile(0, 256, 256, 244), Tile(256, 256, 256, 244), Tile(512, 256, 88, 244),
    ]  # fmt: skip


def test_tiles_are_as_even_as_blocks_allow():
    # 2,048 pixels of the side would fit at once: 2,048 + 512 leaves a rest as narrow as a block
    found = tiles(2560, 512, BYTE, most_bytes=2 * 2048 * 512, multiple_of=512)
    assert [tile.width for tile in found] == [1536, 1024]


def test_a_size_counts_the_samples_and_a_byte_for_the_mask_of_each():
    # https://github.com/google/Xee/issues/50: "Total request size (56623104 bytes) must be less than ..."
    assert request_bytes(Tile(0, 0, 512, 256), named(["float64"] * 48)) == 56_623_104


def test_the_size_of_a_grid_is_counted_as_that_of_a_tile():
    assert request_bytes(PixelGrid("EPSG:4326", (1, 0, 0, 0, -1, 0), 7, 5), named(["uint8", "float32"])) == 7 * 5 * 7


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_size_of_a_sample_is_numpys(dtype):
    assert BandType("b", dtype).bytes == np.dtype(dtype).itemsize


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 300), st.integers(1, 300), st.integers(1, 4))
def test_a_tile_in_quarters_again_and_again_is_itself(column, row, width, height, depth):
    parts = [Tile(column, row, width, height)]
    for _ in range(depth):
        parts = [part for whole in parts for part in quarters(whole)]
    moved = [(part.column - column, part.row - row, part.width, part.height) for part in parts]
    assert (covered(width, height, moved) == 1).all()


@pytest.mark.parametrize(
    ("tile", "parts"),
    [
        (Tile(4, 6, 2, 2), [Tile(4, 6, 1, 1), Tile(5, 6, 1, 1), Tile(4, 7, 1, 1), Tile(5, 7, 1, 1)]),
        (Tile(4, 6, 3, 1), [Tile(4, 6, 2, 1), Tile(6, 6, 1, 1)]),
        (Tile(4, 6, 1, 2), [Tile(4, 6, 1, 1), Tile(4, 7, 1, 1)]),
        (Tile(4, 6, 1, 1), [Tile(4, 6, 1, 1)]),
    ],
    ids=["four", "one row", "one column", "one pixel"],
)
def test_a_tile_is_halved_along_each_side_that_has_two_pixels(tile, parts):
    assert quarters(tile) == parts


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"width": 0}, "width: 0 is out of bounds"),
        ({"height": "tall"}, "height: 'tall'"),
        ({"bands": []}, "bands: there is none"),
        ({"most_bytes": MOST_BYTES + 1}, "Allowed: a whole number from 1 to 50331648."),
        ({"multiple_of": 0}, "multiple_of: 0"),
        ({"multiple_of": "wide"}, "multiple_of: 'wide'"),
        ({"most_bytes": 100}, "most_bytes: 100 have no room for 512 x 300 pixels of uint8. Allowed: at least 307200,"),
    ],
)
def test_what_cannot_be_cut_is_refused_before_the_first_tile(wrong, problem):
    with pytest.raises(InvalidArgument) as caught:
        tiles(**{"width": 1000, "height": 300, "bands": BYTE, **wrong})
    assert problem in str(caught.value)


def test_a_type_that_no_pixel_has_is_refused():
    with pytest.raises(InvalidArgument, match="dtype: 'complex64' is not a type of pixels"):
        BandType("b", "complex64")
