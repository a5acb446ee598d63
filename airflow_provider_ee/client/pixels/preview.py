"""Write a small picture of a large GeoTIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import Resampling

from airflow_provider_ee.client.pixels.geotiff import gdal_environment
from airflow_provider_ee.client.pixels.images import MASK_BAND

__all__ = ["write_preview"]

_LONGEST_SIDE = 1024
_DARKEST, _BRIGHTEST = 2, 98


def write_preview(image: Path, picture: Path) -> None:
    """Write a PNG of at most 1024 pixels a side: three bands in colours, or the first one in greys.

    Each band is stretched from its 2nd to its 98th percentile; what has no data is transparent.
    """
    with gdal_environment(), rasterio.open(image) as file:
        shrink = max(file.width, file.height, _LONGEST_SIDE) / _LONGEST_SIDE
        shape = max(1, round(file.height / shrink)), max(1, round(file.width / shrink))
        mask = file.descriptions.index(MASK_BAND) + 1 if MASK_BAND in file.descriptions else None
        shown = [number for number in file.indexes if number != mask]
        shown = shown[:3] if len(shown) >= 3 else shown[:1]
        layers = file.read(shown, out_shape=(len(shown), *shape), resampling=Resampling.nearest)
        valid = file.dataset_mask(out_shape=shape) > 0
        if mask is not None:
            valid &= file.read(mask, out_shape=shape) > 0
        # A PNG keeps no transform, but rasterio warns of files that come without one.
        place = file.transform
    layers = [_stretched(layer, valid) for layer in layers]
    _write(picture, np.stack([*layers, np.where(valid, 255, 0).astype(np.uint8)]), place)


def _stretched(layer: npt.NDArray[Any], valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    samples = layer.astype(np.float64)
    known = samples[valid & np.isfinite(samples)]
    low, high = np.percentile(known, (_DARKEST, _BRIGHTEST)) if known.size else (0.0, 1.0)
    share = (samples - low) / ((high - low) or 1.0)
    return np.asarray(np.clip(np.nan_to_num(share), 0, 1) * 255).astype(np.uint8)


def _write(picture: Path, layers: npt.NDArray[np.uint8], place: rasterio.Affine) -> None:
    count, height, width = layers.shape
    profile = {"count": count, "width": width, "height": height, "dtype": "uint8", "transform": place}
    with gdal_environment(), rasterio.open(picture, "w", driver="PNG", **profile) as file:
        file.write(layers)
