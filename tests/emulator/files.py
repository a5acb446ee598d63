"""Files that tests put into the emulator's buckets."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine

#: Pixels of 10 m in UTM, the first one at this corner.
CORNER = (600000.0, 5400000.0)


def ramp(bands: int = 1, height: int = 6, width: int = 8, dtype: str = "uint16", start: int = 1) -> Any:
    """Return bands of counting numbers, so that no two pixels are the same."""
    return np.arange(start, start + bands * height * width).reshape(bands, height, width).astype(dtype)


def put_tiff(
    root: Path,
    uri: str,
    values: Any,
    *,
    column: int = 0,
    row: int = 0,
    pixel: float = 10.0,
    names: tuple[str, ...] = (),
    mask: Any = None,
    **profile: Any,
) -> str:
    """Write a GeoTIFF where the emulator has an object; return the object's name.

    Args:
        root: The emulator's root.
        uri: The object.
        values: Bands, rows, columns.
        column: How many pixels it is to the east of the corner.
        row: How many pixels it is to the south of the corner.
        pixel: The side of a pixel.
        names: The descriptions of the bands.
        mask: The file's own mask, true where its pixels are valid; None for no mask.
        profile: More of rasterio's keywords.
    """
    path = root / "gs" / uri.removeprefix("gs://")
    path.parent.mkdir(parents=True, exist_ok=True)
    count, height, width = values.shape
    place = Affine(pixel, 0, CORNER[0] + column * pixel, 0, -pixel, CORNER[1] - row * pixel)
    keywords = {"crs": "EPSG:32632", "transform": place} | profile
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            path, "w", driver="GTiff", count=count, height=height, width=width, dtype=values.dtype.name, **keywords
        ) as dataset,
    ):
        dataset.write(values)
        if mask is not None:
            dataset.write_mask(mask)
        for number, name in enumerate(names, start=1):
            dataset.set_band_description(number, name)
    return uri
