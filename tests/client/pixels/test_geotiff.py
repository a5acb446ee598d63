import numpy as np
import pytest
import rasterio

from airflow_provider_ee.client.pixels.geotiff import COMPRESSIONS, GeoTiff, check_whole, cloud_optimized, unpacked
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType, Tile
from airflow_provider_ee.client.pixels.joining import join
from airflow_provider_ee.client.pixels.requests import Part

SIDE = 1500
GRID = PixelGrid("EPSG:32632", (10, 0, 0, 0, -10, 0), SIDE, SIDE)
DTYPES = ["uint8", "int8", "int16", "uint32", "int64", "float32", "float64"]
NOISE = np.random.default_rng(0).integers(0, 2**16, (5, SIDE, SIDE), dtype=np.uint16)


def written(path, bands=1, dtype="uint16", **wishes):
    """A file of one tile."""
    names = [f"b{number}" for number in range(bands)]
    form = GeoTiff(GRID, names, np.dtype(dtype), block=512, **wishes)
    whole = Part(Tile(0, 0, SIDE, SIDE), tuple(BandType(name, dtype) for name in names), GRID)
    join(path, form, [whole], lambda _: form.packed(NOISE[:bands].astype(dtype)))
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


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_cloud_optimized_file_may_have_samples_of_any_type(tmp_path, dtype, compression):
    cloud_optimized(
        written(tmp_path / "image.tif", dtype=dtype, compression=compression), tmp_path / "o.tif", compression
    )
    with rasterio.open(tmp_path / "o.tif") as file:
        assert (file.read() == NOISE[:1].astype(dtype)).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_tile_is_unpacked_as_it_was(dtype, compression):
    pixels = NOISE[:2, :300, :700].astype(dtype)
    form = GeoTiff(GRID, ["b0", "b1"], pixels.dtype, block=256, compression=compression)
    assert np.array_equal(unpacked(form.packed(pixels)), pixels)


def test_a_file_tells_its_place_its_bands_and_what_stands_for_no_data(tmp_path):
    with rasterio.open(written(tmp_path / "image.tif", 2, nodata=7)) as file:
        assert (file.crs.to_string(), tuple(file.transform)[:6]) == (GRID.crs, GRID.transform)
        assert (file.descriptions, file.nodata) == (("b0", "b1"), 7)
        assert file.block_shapes == [(512, 512), (512, 512)]


@pytest.mark.parametrize(("bands", "interleaving"), [(4, "pixel"), (5, "band")])
def test_few_bands_lie_side_by_side(tmp_path, bands, interleaving):
    with rasterio.open(written(tmp_path / "image.tif", bands)) as file:
        assert file.interleaving.name == interleaving


@pytest.mark.parametrize("bands", [1, 5], ids=["pixels", "bands"])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_file_that_was_cut_off_is_known(tmp_path, bands, compression):
    path = written(tmp_path / "image.tif", bands, compression=compression)
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
