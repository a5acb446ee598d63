import resource

import numpy as np
import pytest
import rasterio

from tests.client.pixels.earth import TinyEarth, fetch, npy, tiles_in


def noise(_, __, array):
    array["b"] = np.random.default_rng(0).integers(0, 2**16, array.shape, dtype=np.uint16)
    return npy(array)


@pytest.fixture
def full_disk():
    """A disk on which no file can be larger than four megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("cloud_optimized", [False, True])
def test_on_a_full_disk_there_is_no_half_file_and_later_no_tile_is_fetched_again(full_disk, tmp_path, cloud_optimized):
    earth = TinyEarth(side=2100, meddle=noise)
    arguments = {"asset_id": "a/b", "output": tmp_path / "image.tif", "cloud_optimized": cloud_optimized}
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        fetch(earth.client, **arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["image.tif.part"]
    there = len(tiles_in(tmp_path / "image.tif.part"))
    full_disk()
    result = fetch(earth.client, **arguments)
    assert result.fetched == result.tiles - there


@pytest.mark.parametrize("side", [600, 2100], ids=["a tile", "several tiles"])
def test_quarters_of_tiles_are_put_together_in_a_file(tmp_path, side):
    from tests.client.drivers import refusal

    earth = TinyEarth(
        side=side, meddle=lambda _, size, __: refusal(400, "Computation timed out.") if size[0] > 200 else None
    )
    fetch(earth.client, asset_id="a/b", output=tmp_path / "image.tif")
    with rasterio.open(tmp_path / "image.tif") as file:
        assert (file.read(1) == earth.pixels(0, 0, side, side)).all()
