import io

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile

from airflow_provider_ee.client.pixels.blocks import Blocks, NotWhole, is_whole

SIDE, BLOCK = 70, 32
NOISE = np.random.default_rng(0).integers(0, 2**16, (3, SIDE, SIDE), dtype=np.uint16)
PLACE = rasterio.Affine(2, 0, 0, 0, -2, 0)


def tiff(pixels=NOISE, **more):
    count, height, width = pixels.shape
    profile = {"driver": "GTiff", "tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK, "compress": "deflate"} | more
    with MemoryFile() as memory:
        with memory.open(
            count=count, height=height, width=width, dtype=pixels.dtype, transform=PLACE, **profile
        ) as file:
            file.write(pixels)
        return memory.read()


FORMS = {
    "a tiff": {},
    "a bigtiff": {"bigtiff": "yes"},
    "bands apart": {"interleave": "band"},
    "not compressed": {"compress": None},
    "one block": {"blockxsize": 128, "blockysize": 128},
    "one block of a bigtiff": {"blockxsize": 128, "blockysize": 128, "bigtiff": "yes"},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_blocks_that_are_moved_to_another_file_are_its_pixels(form):
    source = Blocks(io.BytesIO(tiff(**form)))
    empty = tiff(np.zeros_like(NOISE), **form, sparse_ok=True)
    target = io.BytesIO(empty)
    blocks = Blocks(target)
    assert blocks.missing == list(range(len(source)))
    for number in reversed(range(len(source))):
        blocks.put(number, source.take(number))
    blocks.save()
    with MemoryFile(target.getvalue()) as memory, memory.open() as file:
        assert (file.read() == NOISE).all()
    assert not is_whole(empty)
    assert is_whole(target.getvalue())


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_beginning_of_a_file_passes_for_all_of_it(form):
    content = tiff(**form)
    # GDAL may write something of no matter behind the last block.
    blocks = Blocks(io.BytesIO(content))
    end = max(content.rindex(block) + len(block) for block in map(blocks.take, range(len(blocks))))
    assert is_whole(content[:end])
    assert not any(is_whole(content[:length]) for length in range(0, end, 97))


GARBAGE = {
    "nothing": b"",
    "zeros": bytes(5000),
    "HTML": b"<html>" * 100,
    "only a header": b"II*\0\x08\0\0\0",
    "a directory that is elsewhere": b"II*\0\xff\xff\xff\x7f",
    "the other order of bytes": tiff(endianness="big"),
    "strips": tiff(tiled=False, blockxsize=None, blockysize=None),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_tiff_of_blocks_is_known(content):
    with pytest.raises(NotWhole):
        Blocks(io.BytesIO(content))
    assert not is_whole(content)


@pytest.mark.parametrize("form", ["a tiff", "a bigtiff", "one block"])
def test_whatever_byte_of_a_file_is_wrong_it_is_read_or_known(form):
    content = tiff(**FORMS[form])
    for position in range(600):
        broken = bytearray(content)
        broken[position] ^= 0xFF
        try:
            blocks = Blocks(io.BytesIO(broken))
        except NotWhole:
            continue
        assert all(blocks.take(number) for number in range(len(blocks)) if number not in blocks.missing)
