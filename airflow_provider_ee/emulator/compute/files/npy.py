"""NPY files: a structured array with a field for each band. Masked pixels are zero."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import WINDOW, render

__all__ = ["npy_type", "write_npy"]


def npy_type(image: Image) -> np.dtype[np.void]:
    """Return the type of the array: the bands in their order, little-endian."""
    return np.dtype([(band.id, band.raster.dtype.newbyteorder("<")) for band in image.bands])


def write_npy(path: Path, image: Image, grid: Grid) -> Path:
    """Write an image window by window, and return the file."""
    with appearing(path) as unfinished:
        array = np.lib.format.open_memmap(unfinished, "w+", npy_type(image), grid.shape)
        for column, row in grid.offsets(WINDOW, WINDOW):
            window = grid.window(column, row, WINDOW, WINDOW)
            part = np.s_[row : row + window.height, column : column + window.width]
            for name, plane in zip(image.band_ids, render(image.rasters, window), strict=True):
                array[name][part] = np.where(plane.valid, plane.values, 0)
        array.flush()
    return path
