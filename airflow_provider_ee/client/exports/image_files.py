"""What the files of an image are like inside.

https://developers.google.com/earth-engine/reference/rest/v1/ImageFileExportOptions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.client.arguments.scalars import (
    choice,
    finite,
    flag,
    is_list,
    mapping,
    optional,
    texts,
    whole,
    without_none,
)
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.fields import Body

__all__ = ["FORMATS", "image_files"]

#: What users call a format, and what the API does.
FORMATS = {"GeoTIFF": "GEO_TIFF", "TFRecord": "TF_RECORD_IMAGE"}

_DEFAULT_TILE_SIZE = 256
_LARGEST_TILE_SIZE = 2**15
_LARGEST_INT32 = 2**31 - 1


def image_files(
    destination: Body,
    *,
    file_format: object = None,
    format_options: object = None,
    shard_size: object = None,
    file_dimensions: object = None,
    skip_empty_tiles: object = None,
) -> Body:
    """Build the file options of an image export; `destination` is one field of them."""
    kind = choice("file_format", "GeoTIFF" if file_format is None else file_format, FORMATS, "format for images")
    options = mapping("format_options", format_options or None) or {}
    skips = flag("skip_empty_tiles", skip_empty_tiles)
    if kind == "TF_RECORD_IMAGE":
        for argument, given in (
            ("shard_size", shard_size is not None),
            ("file_dimensions", file_dimensions is not None),
            ("skip_empty_tiles", skips),
        ):
            if given:
                raise InvalidArgument(argument, "it shapes GeoTIFF files", "leave it out with TFRecord")
        return {
            "fileFormat": kind,
            **destination,
            **_if_any("tfRecordOptions", _fields(options, _TF_RECORD, "TFRecord")),
        }
    fields = _fields(options, _GEO_TIFF, "GeoTIFF")
    inner = fields.pop("tileDimensions", None)
    if inner and file_dimensions is not None:
        raise InvalidArgument("format_options.fileDimensions", "it contradicts file_dimensions", "one of the two")
    outer = optional(_sides, "file_dimensions", file_dimensions)
    geo_tiff = {**fields, **_tiles(shard_size, outer or inner), **({"skipEmptyFiles": True} if skips else {})}
    return {"fileFormat": kind, **destination, **_if_any("geoTiffOptions", geo_tiff)}


def _tiles(shard_size: object, file_size: Body | None) -> Body:
    """How a GeoTIFF is cut: into tiles, and into files that are whole tiles wide and high."""
    tile = optional(whole, "shard_size", shard_size, 1, _LARGEST_TILE_SIZE)
    size = tile or _DEFAULT_TILE_SIZE
    if file_size and any(side % size for side in file_size.values()):
        raise InvalidArgument(
            "file_dimensions",
            f"{file_size['width']} x {file_size['height']} are not whole tiles",
            f"multiples of shard_size, which is {size}",
        )
    return without_none(tileSize=tile, tileDimensions=file_size)


def _sides(argument: str, value: object, least: int = 1) -> Body:
    """Read a width and a height; one number is both."""
    sides = value if is_list(value) else (value,)
    if not 1 <= len(sides) <= 2:
        raise InvalidArgument(argument, f"{shown(value)} is no size", "pixels, or (width, height)")
    width, height = (whole(argument, side, least, _LARGEST_INT32) for side in (sides[0], sides[-1]))
    return {"width": width, "height": height}


def _true(argument: str, value: object) -> bool | None:
    """What is false is left out, as the official client does."""
    return flag(argument, value) or None


def _depths(argument: str, value: object) -> dict[str, int]:
    depths = mapping(argument, value) or {}
    return {band: whole(f"{argument}.{band}", depth, 1, _LARGEST_INT32) for band, depth in depths.items()}


def _ratio(argument: str, value: object) -> float:
    ratio = finite(argument, value)
    if not 0 <= ratio <= 1:
        raise InvalidArgument(argument, f"{shown(value)} is out of bounds", "a number from 0 to 1")
    return ratio


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
    spellings = {spelling: key for key in known for spelling in (key, _snake(key))}
    fields: Body = {}
    for spelling, value in options.items():
        argument = f"format_options.{spelling}"
        if spelling not in spellings:
            raise InvalidArgument(argument, f"{kind} files have no such option", ", ".join(known))
        field, read = known[spellings[spelling]]
        if field in fields:
            raise InvalidArgument(argument, "it is there in two spellings", "one of them")
        if value is not None:
            fields |= without_none(**{field: read(argument, value)})
    return fields


def _snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def _if_any(key: str, value: Body) -> Body:
    return {key: value} if value else {}
