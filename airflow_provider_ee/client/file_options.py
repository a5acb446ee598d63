"""Where the files of an export go, and what they are like inside.

https://developers.google.com/earth-engine/reference/rest/v1/ImageFileExportOptions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from airflow_provider_ee.client.checks import finite, is_list, mapping, whole, without_none
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["cloud_storage_destination", "image_file_options"]

Body: TypeAlias = dict[str, Any]

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_LONGEST_OBJECT_NAME = 1024
_DEFAULT_TILE_SIZE = 256

_IMAGE_FORMATS = {"GEOTIFF": "GEO_TIFF", "TFRECORD": "TF_RECORD_IMAGE"}

#: The keys of `format_options`, as `ee` spells them, and the fields of the request that they become.
_GEO_TIFF_OPTIONS = {"cloudOptimized": "cloudOptimized", "noData": "noData", "metadataKeys": "metadataKeys"}
_TF_RECORD_OPTIONS = {
    "patchDimensions": "tileDimensions",
    "kernelSize": "marginDimensions",
    "compressed": "compress",
    "maxFileSize": "maxSizeBytes",
    "defaultValue": "defaultValue",
    "tensorDepths": "tensorDepths",
    "sequenceData": "sequenceData",
    "collapseBands": "collapseBands",
    "maskedThreshold": "maxMaskedRatio",
}


def image_file_options(
    destination: Body,
    *,
    file_format: object = None,
    format_options: object = None,
    shard_size: object = None,
    file_dimensions: object = None,
    skip_empty_tiles: object = None,
) -> Body:
    """Build the file options of an image export; `destination` is one field of them."""
    name = str(file_format or "GeoTIFF")
    kind = _IMAGE_FORMATS.get(name.upper().replace("_", "").removesuffix("IMAGE"))
    if kind is None:
        raise InvalidArgument("file_format", f"{shown(file_format)} is no format for images", "GeoTIFF or TFRecord")
    options = dict(mapping("format_options", format_options) or {})
    if kind == "TF_RECORD_IMAGE":
        for argument, value in (("shard_size", shard_size), ("file_dimensions", file_dimensions)):
            if value is not None:
                raise InvalidArgument(argument, "it shapes GeoTIFF files", "leave it out with TFRecord")
        if skip_empty_tiles:
            raise InvalidArgument("skip_empty_tiles", "it shapes GeoTIFF files", "leave it out with TFRecord")
        return {"fileFormat": kind, **destination, **_if_any("tfRecordOptions", _tf_record_options(options))}
    if file_dimensions is None:
        file_dimensions = options.pop("fileDimensions", options.pop("file_dimensions", None))
    geo_tiff = {
        **_renamed(options, _GEO_TIFF_OPTIONS, kind),
        **_tiles(shard_size, file_dimensions),
        **({"skipEmptyFiles": True} if skip_empty_tiles else {}),
    }
    if "noData" in geo_tiff:
        geo_tiff["noData"] = {"floatValue": finite("format_options.noData", geo_tiff["noData"])}
    if isinstance(geo_tiff.get("metadataKeys"), str):
        geo_tiff["metadataKeys"] = [geo_tiff["metadataKeys"]]
    return {"fileFormat": kind, **destination, **_if_any("geoTiffOptions", geo_tiff)}


def cloud_storage_destination(bucket: object, prefix: object, prefix_argument: str = "file_name_prefix") -> Body:
    """Build a destination in Cloud Storage."""
    if not isinstance(bucket, str) or not _BUCKET.fullmatch(bucket):
        raise InvalidArgument(
            "bucket", f"{shown(bucket)} is no bucket name", "the bare name, without gs:// and without a path"
        )
    if not isinstance(prefix, str) or not prefix or len(prefix.encode()) > _LONGEST_OBJECT_NAME:
        raise InvalidArgument(prefix_argument, f"{shown(prefix)} is no object name", "1 to 1024 bytes of text")
    if prefix.startswith("/") or any(ord(character) < 32 for character in prefix):
        raise InvalidArgument(
            prefix_argument, f"{shown(prefix)} is no object name", "no leading slash, no control codes"
        )
    return {"cloudStorageDestination": {"bucket": bucket, "filenamePrefix": prefix}}


def _tiles(shard_size: object, file_dimensions: object) -> Body:
    """How a GeoTIFF is cut: into tiles, and into files that are whole tiles wide and high."""
    tile = None if shard_size is None else whole("shard_size", shard_size, 1, 2**15)
    if file_dimensions is None:
        return without_none(tileSize=tile)
    sides = file_dimensions if is_list(file_dimensions) else (file_dimensions, file_dimensions)
    if len(sides) != 2:
        raise InvalidArgument("file_dimensions", f"{shown(file_dimensions)} is no size", "pixels, or (width, height)")
    width, height = (whole("file_dimensions", side, 1, 2**31 - 1) for side in sides)
    size = tile or _DEFAULT_TILE_SIZE
    if width % size or height % size:
        raise InvalidArgument(
            "file_dimensions", f"{width} x {height} are not whole tiles", f"multiples of shard_size, which is {size}"
        )
    return without_none(tileSize=tile, tileDimensions={"width": width, "height": height})


def _tf_record_options(options: Body) -> Body:
    found = _renamed(options, _TF_RECORD_OPTIONS, "TFRecord")
    for field in ("tileDimensions", "marginDimensions"):
        if field in found:
            sides = found[field]
            if not is_list(sides) or len(sides) != 2:
                raise InvalidArgument(f"format_options.{field}", f"{shown(sides)} is no size", "[width, height]")
            found[field] = {"width": sides[0], "height": sides[1]}
    if "maxSizeBytes" in found:
        found["maxSizeBytes"] = str(whole("format_options.maxFileSize", found["maxSizeBytes"], 1, 2**63 - 1))
    return found


def _renamed(options: Body, fields: Mapping[str, str], kind: str) -> Body:
    """Turn format options, in the spelling of `ee` or in snake_case, into fields of the request."""
    known = {spelling: field for key, field in fields.items() for spelling in (key, _snake(key))}
    unknown = [key for key in options if key not in known]
    if unknown:
        raise InvalidArgument(
            f"format_options.{unknown[0]}", f"{kind} files have no such option", ", ".join(sorted(fields))
        )
    return {known[key]: value for key, value in options.items() if value is not None}


def _snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def _if_any(key: str, value: Body) -> Body:
    return {key: value} if value else {}
