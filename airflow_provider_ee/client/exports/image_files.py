"""What the files of an image are like inside.

https://developers.google.com/earth-engine/reference/rest/v1/ImageFileExportOptions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.messages import snake_case
from airflow_provider_ee.client.arguments.scalars import (
    choice,
    finite,
    flag,
    items,
    mapping,
    optional,
    texts,
    whole,
    without_none,
)
from airflow_provider_ee.client.arguments.types import Fields, Flag, Number, SizeLike
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.base import LARGEST_INT32, Body
from airflow_provider_ee.client.exports.grid import OnGrid

__all__ = ["FORMATS", "LARGEST_TILE_SIZE", "ImageFiles"]

#: What users call a format, and what the API does. That an export may be NPY is known from Google's own client alone.
FORMATS = {"GeoTIFF": "GEO_TIFF", "TFRecord": "TF_RECORD_IMAGE", "NUMPY": "NPY"}

_DEFAULT_TILE_SIZE = 256
LARGEST_TILE_SIZE = 2**15


class ImageFiles(OnGrid):
    """The files of an image.

    Args:
        shard_size: Pixels on a side of the tiles in which the image is computed and stored.
        file_dimensions: Pixels on a side of each file, or (width, height), if it is to be cut into several.
        skip_empty_tiles: Whether files without any data are left out.
        file_format: `GeoTIFF`, `TFRecord` or `NUMPY`.
        format_options: For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.
    """

    shard_size: Number | None = argument(whole, 1, LARGEST_TILE_SIZE, default=None)
    file_dimensions: SizeLike | None = None
    skip_empty_tiles: Flag = argument(flag, default=False)
    file_format: str | None = argument(choice, FORMATS, "format for images", default="GeoTIFF")
    format_options: Fields | None = None

    def fields(self) -> Body:
        """Return the limit of pixels, the destination and the format."""
        options = mapping("format_options", self.format_options, least=0) or {}
        inside = self._geo_tiff(options) if self.file_format == "GEO_TIFF" else self._of_another_format(options)
        files = {"fileFormat": self.file_format, **self.destination_fields(), **inside}
        return {"maxPixels": self.max_pixels, "fileExportOptions": files}

    def _of_another_format(self, options: Fields) -> Body:
        for name in ("shard_size", "file_dimensions", "skip_empty_tiles"):
            if getattr(self, name) is not None and getattr(self, name) is not False:
                raise InvalidArgument(name, "it shapes GeoTIFF files", "leave it out with another format")
        if self.file_format == "NPY":
            return _fields(options, {}, "NUMPY")
        return _if_any("tfRecordOptions", _fields(options, _TF_RECORD, "TFRecord"))

    def _geo_tiff(self, options: Fields) -> Body:
        fields = _fields(options, _GEO_TIFF, "GeoTIFF")
        inner = fields.pop("tileDimensions", None)
        if inner and self.file_dimensions is not None:
            raise InvalidArgument("format_options.fileDimensions", "it contradicts file_dimensions", "one of the two")
        outer = optional(_sides, "file_dimensions", self.file_dimensions)
        skips = {"skipEmptyFiles": True} if self.skip_empty_tiles else {}
        return _if_any("geoTiffOptions", {**fields, **_tiles(self.shard_size, outer or inner), **skips})


def _tiles(shard_size: Any, file_size: Body | None) -> Body:
    """How a GeoTIFF is cut: into tiles, and into files that are whole tiles wide and high."""
    size = shard_size or _DEFAULT_TILE_SIZE
    if file_size and any(side % size for side in file_size.values()):
        raise InvalidArgument(
            "file_dimensions",
            f"{file_size['width']} x {file_size['height']} are not whole tiles",
            f"multiples of shard_size, which is {size}",
        )
    return without_none(tileSize=shard_size, tileDimensions=file_size)


def _sides(argument: str, value: object, least: int = 1) -> Body:
    """Read a width and a height; one number is both."""
    listed = items(value)
    sides = [value] if listed is None else listed
    if not 1 <= len(sides) <= 2:
        raise InvalidArgument(argument, f"{shown(value)} is not a valid size", "pixels, or (width, height)")
    width, height = (whole(argument, side, least, LARGEST_INT32) for side in (sides[0], sides[-1]))
    return {"width": width, "height": height}


def _true(argument: str, value: object) -> bool | None:
    """What is false is left out, as the official client does."""
    return flag(argument, value) or None


def _depths(argument: str, value: object) -> dict[str, int]:
    depths = mapping(argument, value) or {}
    return {band: whole(f"{argument}.{band}", depth, 1, LARGEST_INT32) for band, depth in depths.items()}


def _ratio(argument: str, value: object) -> float:
    return finite(argument, value, least=0, most=1)


#: The keys of `format_options`, as `ee` spells them: the fields of the request, and how each is read.
_GEO_TIFF: Mapping[str, tuple[str, Callable[[str, Any], Any]]] = {
    "cloudOptimized": ("cloudOptimized", _true),
    "fileDimensions": ("tileDimensions", _sides),
    "metadataKeys": ("metadataKeys", texts),
    "noData": ("noData", lambda argument, value: {"floatValue": finite(argument, value)}),
}
_TF_RECORD: Mapping[str, tuple[str, Callable[[str, Any], Any]]] = {
    "collapseBands": ("collapseBands", _true),
    "compressed": ("compress", _true),
    "defaultValue": ("defaultValue", finite),
    "kernelSize": ("marginDimensions", lambda argument, value: _sides(argument, value, 0)),
    "maskedThreshold": ("maxMaskedRatio", _ratio),
    "maxFileSize": ("maxSizeBytes", lambda argument, value: str(whole(argument, value, 1, 2**63 - 1))),
    "patchDimensions": ("tileDimensions", _sides),
    "sequenceData": ("sequenceData", _true),
    "tensorDepths": ("tensorDepths", _depths),
}


def _fields(options: Mapping[str, Any], known: Mapping[str, tuple[str, Callable[[str, Any], Any]]], kind: str) -> Body:
    """Turn format options, in the spelling of `ee` or in snake_case, into fields of the request."""
    spellings = {spelling: key for key in known for spelling in (key, snake_case(key))}
    fields: Body = {}
    for spelling, value in options.items():
        argument = f"format_options.{spelling}"
        if spelling not in spellings:
            raise InvalidArgument(argument, f"{kind} files have no such option", ", ".join(known) or "none")
        field, read = known[spellings[spelling]]
        if field in fields:
            raise InvalidArgument(argument, "it is there in two spellings", "one of them")
        if value is not None:
            fields |= without_none(**{field: read(argument, value)})
    return fields


def _if_any(key: str, value: Body) -> Body:
    return {key: value} if value else {}
