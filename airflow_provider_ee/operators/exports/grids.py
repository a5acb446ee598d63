"""On which grid an export is computed, in the words that `ee` has for images and videos alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

__all__ = ["OnAGrid"]


class OnAGrid(EarthEngineExportOperator):
    """An export of pixels.

    https://developers.google.com/earth-engine/guides/exporting_images#setting_scale

    Args:
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON or the path of a file of it
            beside the DAG, or a function that returns an `ee.Geometry`. Always planar.
        scale: Metres per pixel.
        crs: `EPSG:32632` or the like, or WKT; for an image its own if None, for a video web mercator.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        max_pixels: The most pixels of an image or a frame; Earth Engine's default for images is 100 million.
    """

    words: ClassVar[tuple[str, ...]] = ("dimensions", "region", "scale", "crs", "crs_transform", "max_pixels")

    def __init__(
        self,
        *,
        dimensions: int | str | Sequence[int] | None = None,
        region: Any = None,
        scale: float | str | None = None,
        crs: str | None = None,
        crs_transform: Sequence[float] | str | None = None,
        max_pixels: float | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.dimensions = dimensions
        self.region = wrap_callable(region)
        self.scale = scale
        self.crs = crs
        self.crs_transform = crs_transform
        self.max_pixels = max_pixels
