"""Pixels in memory, with where they are on Earth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.npy import Pixels

if TYPE_CHECKING:
    from xarray import DataArray

__all__ = ["PixelArray"]


@dataclass(frozen=True, eq=False)
class PixelArray:
    """Pixels with their grid; NumPy takes it for an array: `np.asarray(pixels)`.

    Attributes:
        values: An array of bands, rows and columns.
        bands: The names of the bands.
        grid: Where the pixels are.
        nodata: The value that stands for no data, if one was asked for.
        empty: Whether no pixel has a value; without `nodata` and `mask_band`, whether every pixel is 0.
    """

    values: Pixels
    bands: tuple[str, ...]
    grid: PixelGrid
    nodata: float | None = None
    empty: bool = False

    @property
    def crs(self) -> str:
        """The coordinate reference system, as a code or WKT."""
        return self.grid.crs

    @property
    def transform(self) -> tuple[float, ...]:
        """Six numbers from pixels to coordinates: x scale, x shear, x origin, y shear, y scale, y origin."""
        return self.grid.transform

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The least x and y and the greatest x and y."""
        return self.grid.bounds

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of bands, rows and columns."""
        return self.values.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of all samples."""
        return self.values.dtype

    def band(self, name: str) -> npt.NDArray[Any]:
        """Return the rows and columns of a band, which share the memory of the whole array.

        Raises:
            KeyError: There is no such band.
        """
        if name not in self.bands:
            raise KeyError(name)
        band: npt.NDArray[Any] = self.values[self.bands.index(name)]
        return band

    def to_xarray(self) -> DataArray:
        """Return an `xarray.DataArray` of band, y and x, which shares the memory.

        Its coordinates are the centres of pixels, if the grid has no shear. `rioxarray` understands where it is: the
        coordinate `spatial_ref` has the attributes `crs_wkt` and `GeoTransform`.

        Raises:
            EarthEngineError: xarray is not installed.
        """
        try:
            import xarray
        except ModuleNotFoundError as missing:
            raise EarthEngineError(
                "to_xarray() needs xarray, which is not installed.", hint="pip install xarray"
            ) from (missing)
        from rasterio.crs import CRS

        x_scale, x_shear, x_origin, y_shear, y_scale, y_origin = self.transform
        coordinates: dict[str, Any] = {"band": list(self.bands)}
        if not (x_shear or y_shear):
            coordinates["y"] = y_origin + y_scale * (np.arange(self.grid.height) + 0.5)
            coordinates["x"] = x_origin + x_scale * (np.arange(self.grid.width) + 0.5)
        gdal = (x_origin, x_scale, x_shear, y_origin, y_shear, y_scale)
        where = {"crs_wkt": CRS.from_user_input(self.crs).to_wkt(), "GeoTransform": " ".join(map(repr, gdal))}
        coordinates["spatial_ref"] = ((), 0, where)
        return xarray.DataArray(
            self.values,
            dims=("band", "y", "x"),
            coords=coordinates,
            attrs={} if self.nodata is None else {"_FillValue": self.nodata},
        )

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)

    def __repr__(self) -> str:
        bands = ", ".join(self.bands[:8]) + (", ..." if len(self.bands) > 8 else "")
        size = f"{self.grid.width} x {self.grid.height}"
        return f"<PixelArray {size} pixels, bands {bands}, {self.dtype}, {self.crs:.40}>"
