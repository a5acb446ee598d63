import resource

import numpy as np
import pytest

from airflow_provider_ee.client.grids import PixelGrid
from airflow_provider_ee.client.pixels.download import fetch
from airflow_provider_ee.client.pixels.geotiff import GeoTiff, check_whole
from tests.client.pixels.earth import TinyEarth, npy

SIDE = 1500


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.tif"
    noise = np.random.default_rng(0).integers(0, 2**16, (1, SIDE, SIDE), dtype=np.uint16)
    with GeoTiff(path, PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), SIDE, SIDE), ["b"], noise.dtype) as file:
        file.write(noise, 0, 0, ["b"])
    return path


def test_a_whole_file_is_one(image):
    check_whole(image)


@pytest.mark.parametrize("damage", ["cut off", "a block overwritten"])
def test_a_file_with_a_part_missing_is_known(image, damage):
    content = bytearray(image.read_bytes())
    middle = len(content) // 2
    content[middle:] = b"" if damage == "cut off" else bytes(1000) + content[middle + 1000 :]
    image.write_bytes(content)
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        check_whole(image)


@pytest.fixture
def full_disk():
    """A disk on which no file can be larger than four megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("cloud_optimized", [False, True])
def test_on_a_full_disk_there_is_no_half_file(full_disk, tmp_path, cloud_optimized):
    random = np.random.default_rng(0)

    def noise(_, __, array):
        array["b"] = random.integers(0, 2**16, array.shape)
        return npy(array)

    with pytest.raises(OSError, match="could not be written as a whole"):
        fetch(
            TinyEarth(side=2100, meddle=noise).client,
            asset_id="a/b", output=tmp_path / "image.tif", concurrency=40, cloud_optimized=cloud_optimized,
        )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["image.tif.part"]
