"""Manifests of images.

https://developers.google.com/earth-engine/reference/rest/v1alpha/ImageManifest
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from airflow_provider_ee.client.arguments.messages import (
    asset,
    choice,
    many,
    message,
    number,
    properties,
    text,
    uri,
    whole_number,
    word,
)
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.arguments.times import check_period, moment
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.imports.reading import read_manifest

__all__ = ["IMAGE", "PYRAMIDING", "image_manifest"]

#: Where the manifest stands in the request: every path begins with it.
IMAGE = "imageManifest"

PYRAMIDING = choice(
    {name: name for name in ("MEAN", "MODE", "SAMPLE", "MIN", "MAX", "MEDIAN", "PYRAMIDING_POLICY_UNSPECIFIED")},
    "pyramiding policy",
)

#: The guide writes FLOAT32 and FLOAT64 where the reference writes FLOAT and DOUBLE.
_DATA_TYPE = choice(
    {name: name for name in ("INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "FLOAT", "DOUBLE")}
    | {"FLOAT32": "FLOAT", "FLOAT64": "DOUBLE", "DATA_TYPE_UNSPECIFIED": "DATA_TYPE_UNSPECIFIED"},
    "data type",
)
_MISSING_DATA = message({"values": many(number(), least=1)})
_SOURCE = message(
    {
        "uris": many(word, least=1),
        "affineTransform": message(
            dict.fromkeys(("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY"), number())
        ),
        "dimensions": message({"width": whole_number(1), "height": whole_number(1)}, required=("width", "height")),
    },
    required=("uris",),
)
_TILESET = message(
    {
        "id": text,
        "sources": many(_SOURCE, least=1),
        "dataType": _DATA_TYPE,
        "crs": word,
        "subdatasetPrefix": text,
        "subdatasetSuffix": text,
    },
    required=("sources",),
)
_BAND = message(
    {
        "id": word,
        "tilesetId": text,
        "tilesetBandIndex": whole_number(0),
        "missingData": _MISSING_DATA,
        "pyramidingPolicy": PYRAMIDING,
    },
    required=("id",),
)
_POINT = message({"x": number(), "y": number()}, required=("x", "y"))
_MANIFEST = message(
    {
        "name": asset,
        "uriPrefix": text,
        "tilesets": many(_TILESET, least=1),
        "bands": many(_BAND),
        "maskBands": many(message({"tilesetId": text, "bandIds": many(word)}), most=1),
        "footprint": message({"points": many(_POINT), "bandId": text}),
        "missingData": _MISSING_DATA,
        "pyramidingPolicy": PYRAMIDING,
        "startTime": moment,
        "endTime": moment,
        "properties": properties,
        "skipMetadataRead": flag,
        "memo": text,
        "minTileAreaRatio": number(0),
    },
    required=("name", "tilesets"),
)


def image_manifest(value: object, argument: str = "manifest") -> dict[str, Any]:
    """Return a manifest as the API takes it.

    Args:
        value: A dict or JSON text.
        argument: The user's word for it.

    Raises:
        InvalidArgument: A field is wrong, or contradicts another; the path of the field says which.
    """
    found: dict[str, Any] = _MANIFEST(IMAGE, read_manifest(value, argument))
    for path, address in _addresses(found):
        uri(path, found.get("uriPrefix", "") + address)
    tilesets = [tileset.get("id", "") for tileset in found["tilesets"]]
    _check_unique(f"{IMAGE}.tilesets", tilesets)
    _check_bands(found, tilesets)
    check_period(found.get("startTime"), found.get("endTime"), f"{IMAGE}.startTime", f"{IMAGE}.endTime")
    return found


def _addresses(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for tileset_at, tileset in enumerate(found["tilesets"]):
        for source_at, source in enumerate(tileset["sources"]):
            for uri_at, address in enumerate(source["uris"]):
                yield f"{IMAGE}.tilesets[{tileset_at}].sources[{source_at}].uris[{uri_at}]", address


def _check_bands(found: Mapping[str, Any], tilesets: Collection[str]) -> None:
    """Check that every tileset and band that is referred to exists.

    A tileset without an id has the empty one. Bands that are not named are called by Earth Engine.
    """
    bands, masks = found.get("bands", []), found.get("maskBands", [])
    ids = [band["id"] for band in bands]
    _check_unique(f"{IMAGE}.bands", ids)
    for field, entries in (("bands", bands), ("maskBands", masks)):
        for index, entry in enumerate(entries):
            _check_known(f"{IMAGE}.{field}[{index}].tilesetId", entry.get("tilesetId", ""), tilesets)
    if not bands:
        return
    for mask_at, mask in enumerate(masks):
        for index, band in enumerate(mask.get("bandIds", [])):
            _check_known(f"{IMAGE}.maskBands[{mask_at}].bandIds[{index}]", band, ids)
    if found.get("footprint", {}).get("bandId"):
        _check_known(f"{IMAGE}.footprint.bandId", found["footprint"]["bandId"], ids)


def _check_unique(path: str, ids: list[str]) -> None:
    for index, one in enumerate(ids):
        if (first := ids.index(one)) < index:
            raise InvalidArgument(
                f"{path}[{index}].id", f"{shown(one)} is also the id of {path}[{first}]", "another id"
            )


def _check_known(path: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise InvalidArgument(path, f"there is no {shown(name)}", f"one of {shown(list(known))}")
