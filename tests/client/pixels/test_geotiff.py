import resource

import numpy as np
import pytest
import rasterio

from airflow_provider_ee.client.grids import PixelGrid
from airflow_provider_ee.client.pixels.download import fetch
from airflow_provider_ee.client.pixels.geotiff import COMPRESSIONS, GeoTiff, check_whole, cloud_optimized
from tests.client.pixels.earth import TinyEarth, npy

SIDE, GRID = 1500, PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), 1500, 1500)
NOISE = np.random.default_rng(0).integers(0, 2**16, (3, SIDE, SIDE), dtype=np.uint16)


def written(path, bands=1, **wishes):
    names = [f"b{number}" for number in range(bands)]
    with GeoTiff(path, GRID, names, NOISE.dtype, **wishes) as file:
        for row in range(0, SIDE, 512):
            for column in range(0, SIDE, 512):
                file.write(NOISE[:bands, row : row + 512, column : column + 512], column, row, names)
    return path


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("optimized", [False, True], ids=["plain", "cloud optimized"])
def test_every_compression_keeps_every_pixel(tmp_path, bands, compression, optimized):
    path = written(tmp_path / "image.tif", bands, compression=compression)
    if optimized:
        cloud_optimized(path, tmp_path / "optimized.tif", compression)
        path = tmp_path / "optimized.tif"
    check_whole(path)
    with rasterio.open(path) as file:
        assert getattr(file.compression, "name", "none") == compression
        assert (file.read() == NOISE[:bands]).all()


@pytest.mark.parametrize(("bands", "interleaving"), [(4, "pixel"), (5, "band")])
def test_few_bands_lie_side_by_side(tmp_path, bands, interleaving):
    with GeoTiff(tmp_path / "image.tif", GRID, [f"b{number}" for number in range(bands)], NOISE.dtype):
        pass
    with rasterio.open(tmp_path / "image.tif") as file:
        assert file.interleaving.name == interleaving


@pytest.mark.parametrize("bands", [1, 5], ids=["pixels", "bands"])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_file_that_was_cut_off_is_known(tmp_path, bands, compression):
    path = tmp_path / "image.tif"
    with GeoTiff(path, GRID, [f"b{number}" for number in range(bands)], NOISE.dtype, compression=compression) as file:
        for band in range(bands):
            file.write(NOISE[:1], 0, 0, [f"b{band}"])
    check_whole(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10_000)
    with pytest.raises(OSError, match="could not be written as a whole; is the disk full"):
        check_whole(path)


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
        check_whole(path)


@pytest.fixture
def full_disk():
    """A disk on which no file can be larger than four megabytes, until the function is called."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_for_a_moment_only_ends_the_writing_all_the_same(full_disk, tmp_path, monkeypatch):
    monkeypatch.setenv("GDAL_NUM_THREADS", "2")
    noise = np.random.default_rng(0).integers(0, 2**16, (1, 512, 512), dtype=np.uint16)
    grid = PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), 512, 512 * 200)

    def write_on():
        with GeoTiff(tmp_path / "image.tif", grid, ["b"], noise.dtype) as file:
            for row in range(200):
                if row == 150:
                    full_disk()
                file.write(noise, 0, 512 * row, ["b"])

    with pytest.raises(OSError, match="could not be written as a whole"):
        write_on()


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
