"""The files of a manifest: GeoTIFFs in a bucket, understood when they are opened and read window by window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible, parse_crs
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType
from airflow_provider_ee.emulator.compute.pixels.rasters import Mask, Plane, Values

__all__ = ["DATA_TYPES", "Locate", "Source", "open_source"]

#: The types of pixels that Earth Engine stores, by their names in a manifest.
DATA_TYPES: Mapping[str, DType] = {
    "INT8": np.dtype(np.int8),
    "UINT8": np.dtype(np.uint8),
    "INT16": np.dtype(np.int16),
    "UINT16": np.dtype(np.uint16),
    "INT32": np.dtype(np.int32),
    "UINT32": np.dtype(np.uint32),
    "FLOAT": np.dtype(np.float32),
    "DOUBLE": np.dtype(np.float64),
}

#: Gives the file of an object by its name, gs://BUCKET/OBJECT.
Locate = Callable[[str], Path]


@dataclass(frozen=True)
class Source:
    """One GeoTIFF as it was when it was opened; `extent` starts at its own first pixel."""

    uri: str
    path: Path
    generation: int
    extent: Grid
    dtypes: tuple[DType, ...]
    no_data: tuple[float | None, ...]
    names: tuple[str | None, ...]
    internal_mask: bool
    tile: tuple[int, int] | None

    def read(self, index: int, missing: Sequence[float] | None, window: Window, *, internal_mask: bool) -> Plane:
        """Return a window of a band, counted from zero, masked where its value is missing.

        Args:
            index: The band.
            missing: The values that stand for no data; None for what the file itself says.
            window: What to read.
            internal_mask: Whether the file's own mask counts.
        """
        with _opened(self.path, self.uri) as dataset:
            values: Values = dataset.read(index + 1, window=window)
            valid = _present(values, self.no_data[index] if missing is None else missing)
            if internal_mask and self.internal_mask:
                valid &= dataset.read_masks(index + 1, window=window) != 0
        return Plane(values, valid)

    def check_unchanged(self) -> None:
        """Refuse to read what has replaced the object since: an asset is pinned to a generation of it."""
        if not self.path.is_file() or _generation(self.path) != self.generation:
            raise ComputeError(f"Failed to load the GeoTIFF at `{self.pinned_uri}`.")

    @property
    def pinned_uri(self) -> str:
        """The name of this generation of the object."""
        return f"{self.uri}#{self.generation}"


def open_source(source: Mapping[str, Any], crs: str | None, locate: Locate) -> Source:
    """Open an ImageSource of a manifest.

    Args:
        source: The ImageSource, with one URI.
        crs: The coordinate system that its tileset names instead of the file's own.
        locate: Where objects are.
    """
    uri = source["uris"][0]
    path = locate(uri)
    with _opened(path, uri) as dataset:
        _check_dimensions(dataset, source.get("dimensions"), uri)
        projection = Projection(crs or _own_crs(dataset, uri), _transform(dataset, source.get("affineTransform")))
        parse_crs(projection.crs)
        flags = [set(flags) for flags in dataset.mask_flag_enums]
        return Source(
            uri=uri,
            path=path,
            generation=_generation(path),
            extent=Grid(projection, 0, 0, dataset.width, dataset.height),
            dtypes=tuple(_data_type(name, uri) for name in dataset.dtypes),
            no_data=tuple(dataset.nodatavals),
            names=tuple(dataset.descriptions),
            internal_mask=any(MaskFlags.per_dataset in each and MaskFlags.alpha not in each for each in flags),
            tile=dataset.block_shapes[0] if dataset.profile.get("tiled") else None,
        )


def _opened(path: Path, uri: str) -> Any:
    if not path.is_file():
        raise ComputeError(f"Unable to read '{uri}': the object does not exist.")
    try:
        # By this driver alone: other formats, such as VRT, would lead out of the bucket.
        return rasterio.open(path, driver="GTiff")
    except RasterioIOError as error:
        raise ComputeError(f"Unable to read '{uri}': it is not a TIFF image.") from error


def _generation(path: Path) -> int:
    return path.stat().st_mtime_ns // 1000  # in microseconds, as Cloud Storage counts


def _own_crs(dataset: Any, uri: str) -> str:
    if dataset.crs is None:
        raise ComputeError(f"'{uri}' has no coordinate reference system; its tileset must name one.")
    return str(dataset.crs.to_string())


def _transform(dataset: Any, affine: Mapping[str, float] | None) -> Any:
    if affine is None:
        return dataset.transform
    names = {"scaleX": 1.0, "shearX": 0.0, "translateX": 0.0, "shearY": 0.0, "scaleY": 1.0, "translateY": 0.0}
    return invertible(tuple(affine.get(name, default) for name, default in names.items()))


def _check_dimensions(dataset: Any, dimensions: Mapping[str, int] | None, uri: str) -> None:
    wanted = dimensions and (dimensions["width"], dimensions["height"])
    if wanted and wanted != (dataset.width, dataset.height):
        raise ComputeError(
            f"'{uri}' has {dataset.width}x{dataset.height} pixels, but the manifest says {wanted[0]}x{wanted[1]}."
        )


def _data_type(name: str, uri: str) -> DType:
    try:
        dtype = np.dtype(name)
    except TypeError:
        dtype = np.dtype(object)
    if dtype not in DATA_TYPES.values():
        raise ComputeError(f"'{uri}' has pixels of the type {name}, but must have {', '.join(DATA_TYPES)}.")
    return dtype


def _present(values: Values, missing: float | Sequence[float] | None) -> Mask:
    wanted = () if missing is None else np.atleast_1d(missing)
    valid = np.ones(values.shape, np.bool_)
    for value in wanted:
        valid &= ~np.isnan(values) if np.isnan(value) else values != value
    return valid
