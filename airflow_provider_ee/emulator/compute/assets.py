"""Stored images and tables: what exports to assets write, how it is described, and how expressions load images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from airflow_provider_ee.emulator.compute.dates import parse_date
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.geometry import rectangle
from airflow_provider_ee.emulator.compute.images import Band, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType, asset_data_type, data_type_of
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster
from airflow_provider_ee.emulator.compute.pixels.sampling import sample

__all__ = [
    "BIG_QUERY",
    "PUBLIC",
    "AssetSource",
    "StoredClassifier",
    "StoredImage",
    "StoredRows",
    "StoredTable",
    "asset_name",
    "grid_fields",
    "image_fields",
    "open_stored",
]

BIG_QUERY = "bigquery:"
PUBLIC = "projects/earthengine-public/assets/"

#: Properties that are fields of their own in an EarthEngineAsset.
_TIMES = {"system:time_start": "startTime", "system:time_end": "endTime"}


@dataclass(frozen=True)
class StoredImage:
    """An image that is an asset: give it back from an `AssetSource` and expressions can load it.

    `fields` are those of an EarthEngineAsset: bands, geometry, properties, sizeBytes. A move of the asset is
    `dataclasses.replace(stored, name=...)`; expressions see the properties that are in `fields` when they load it.

    Its pixels are in the file at `path`, which belongs to the asset; or, without one, they are those of `pixels`: an
    image in somebody's bucket or in the catalogue.
    """

    name: str
    path: Path | None
    fields: Mapping[str, Any]
    pixels: Image | None = None


@dataclass(frozen=True)
class StoredTable:
    """Features that an export or an import wrote to disk, one GeoJSON Feature on each line.

    `fields` are those of an EarthEngineAsset: featureCount, sizeBytes, properties.
    """

    name: str
    path: Path
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class StoredRows:
    """A table of BigQuery: one JSON object on each line, geometries as text."""

    name: str
    path: Path


@dataclass(frozen=True)
class StoredClassifier:
    """The trees of a classifier that an export wrote to disk.

    `fields` are those of an EarthEngineAsset: sizeBytes.
    """

    name: str
    path: Path
    fields: Mapping[str, Any]


#: Gives the stored image, table or classifier of this full asset name, or the images of a stored collection, or None
#: for an unknown name. A table of BigQuery is called `BIG_QUERY` and its name.
#: The synthetic public catalogue needs no source: the computer knows it.
AssetSource = Callable[[str], StoredImage | StoredTable | StoredRows | StoredClassifier | Sequence[StoredImage] | None]


def asset_name(asset_id: str) -> str:
    """Return the full name of an asset id: public ones come without their project."""
    if asset_id.startswith("projects/"):
        return asset_id
    owner = "projects/earthengine-legacy/assets/" if asset_id.startswith("users/") else PUBLIC
    return owner + asset_id


def image_fields(image: Image, grid: Grid) -> dict[str, Any]:
    """Describe an image on its grid by the fields of an EarthEngineAsset."""
    footprint = rectangle(rectangle(grid.bounds, grid.projection.crs).bounds("EPSG:4326"))
    bands = [
        {
            "id": band.id,
            "dataType": asset_data_type(band.raster.dtype),
            "grid": grid_fields(grid),
            "pyramidingPolicy": "MEAN",
        }
        for band in image.bands
    ]
    properties = {key: value for key, value in image.properties.items() if not key.startswith("system:")}
    size = sum(band.raster.dtype.itemsize for band in image.bands) * grid.width * grid.height
    fields = {"bands": bands, "geometry": footprint.to_json(), "properties": properties, "sizeBytes": str(size)}
    for key, name in _TIMES.items():
        if key in image.properties:
            fields[name] = parse_date(image.properties[key]).moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return fields


def grid_fields(grid: Grid) -> dict[str, Any]:
    """Describe a grid as a PixelGrid."""
    a = grid.transform
    names = ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")
    affine = {name: float(value) for name, value in zip(names, a[:6], strict=True)}
    crs = grid.projection.crs
    return {
        "crsCode" if ":" in crs[:12] else "crsWkt": crs,
        "dimensions": {"width": grid.width, "height": grid.height},
        "affineTransform": affine,
    }


def open_stored(stored: StoredImage) -> Image:
    """Return a stored image; its pixels are read when they are asked for, window by window."""
    image = stored.pixels or _read(stored)
    properties = {"system:index": stored.name.rpartition("/")[2], **stored.fields.get("properties", {})}
    for key, name in _TIMES.items():
        if stored.fields.get(name):
            properties[key] = parse_date(stored.fields[name]).millis
    return replace(image, properties=properties, id=stored.name)


def _read(stored: StoredImage) -> Image:
    described = stored.fields["bands"]
    with _opened(stored) as dataset:
        grid = described[0]["grid"]
        projection = Projection(grid.get("crsCode") or grid["crsWkt"], dataset.transform)
        extent = Grid(projection, 0, 0, dataset.width, dataset.height)
        footprint = rectangle(tuple(dataset.bounds), projection.crs)
    bands = tuple(
        Band(band["id"], _raster(stored, number, data_type_of(band["dataType"]), extent))
        for number, band in enumerate(described, start=1)
    )
    return Image(bands, projection, footprint)


def _opened(stored: StoredImage) -> Any:
    try:
        return rasterio.open(stored.path)
    except RasterioIOError as error:
        raise ComputeError(f"The pixels of asset '{stored.name}' cannot be read.") from error


def _raster(stored: StoredImage, number: int, dtype: DType, extent: Grid) -> Raster:
    def compute(grid: Grid, _: Sequence[Plane]) -> Plane:
        with _opened(stored) as dataset:

            def read(column: int, row: int, width: int, height: int) -> Plane:
                window = Window(column, row, width, height)
                values, valid = dataset.read([number, number + dataset.count // 2], window=window)
                return Plane(values, valid != 0)

            return sample(*grid.locate(extent.projection), extent, read)

    return Raster(dtype, compute)
