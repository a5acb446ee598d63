import sys

import numpy as np
import pytest
from rasterio.crs import CRS

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.pixels.arrays import PixelArray
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

VALUES = np.arange(12, dtype=np.uint16).reshape(2, 2, 3)
GRID = PixelGrid("EPSG:32632", (10, 0, 600_000, 0, -10, 5_400_000), 3, 2)
PIXELS = PixelArray(VALUES, ("B4", "B8"), GRID, nodata=7)


def test_numpy_takes_it_for_its_array():
    assert np.shares_memory(np.asarray(PIXELS), VALUES)
    assert not np.shares_memory(np.array(PIXELS), VALUES)
    assert np.asarray(PIXELS, dtype=float).dtype == float


def test_a_band_is_found_by_its_name():
    assert (PIXELS.band("B8") == VALUES[1]).all()
    with pytest.raises(KeyError, match="B1"):
        PIXELS.band("B1")


def test_it_shows_what_it_is():
    assert repr(PIXELS) == "<PixelArray 3 x 2 pixels, bands B4, B8, uint16, EPSG:32632>"


def test_xarray_gets_the_centres_of_pixels_and_where_they_are():
    pytest.importorskip("xarray")
    array = PIXELS.to_xarray()
    assert array.dims == ("band", "y", "x")
    assert array.sel(band="B8", y=5_399_995, x=600_025).item() == 8
    assert (array.x.values.tolist(), array.y.values.tolist()) == ([600_005, 600_015, 600_025], [5_399_995, 5_399_985])
    assert array.attrs["_FillValue"] == 7
    where = array.spatial_ref.attrs
    assert CRS.from_wkt(where["crs_wkt"]).to_epsg() == 32632
    assert where["GeoTransform"] == "600000.0 10.0 0.0 5400000.0 0.0 -10.0"
    assert np.shares_memory(array.values, VALUES)


def test_of_a_grid_with_shear_xarray_gets_no_coordinates():
    pytest.importorskip("xarray")
    sheared = PixelArray(VALUES, ("a", "b"), PixelGrid("EPSG:32632", (10, 1, 0, 0, -10, 0), 3, 2))
    assert set(sheared.to_xarray().coords) == {"band", "spatial_ref"}


def test_without_xarray_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(EarthEngineError, match="pip install xarray"):
        PIXELS.to_xarray()
