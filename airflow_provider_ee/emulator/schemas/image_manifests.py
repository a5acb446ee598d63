"""Image manifests: what Earth Engine checks of one when it is submitted, before any file is opened."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.schemas.objects import check_uri

__all__ = ["read_image_manifest"]

_MANIFEST = "imageManifest"

# What changes the pixels and is not computed; leaving it out silently would give another image.
_NOT_COMPUTED = ("footprint", "skipMetadataRead", "minTileAreaRatio")
_NOT_COMPUTED_OF_TILESETS = ("subdatasetPrefix", "subdatasetSuffix")


def read_image_manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with its URIs complete and its times in UTC.

    Raises:
        ApiError: It contradicts itself, or asks for what the emulator does not compute.
    """
    _refuse(manifest, _NOT_COMPUTED, _MANIFEST)
    tilesets = [
        _tileset(tileset, manifest.get("uriPrefix", ""), f"{_MANIFEST}.tilesets[{index}]")
        for index, tileset in enumerate(manifest["tilesets"])
    ]
    _check_unique((tileset["id"] for tileset in tilesets), "tilesets", "id")
    _check_bands(manifest, {tileset["id"] for tileset in tilesets})
    _check_properties(manifest.get("properties", {}))
    return {**manifest, "tilesets": tilesets, **_times(manifest)}


def _refuse(message: Mapping[str, Any], fields: Iterable[str], path: str) -> None:
    for field in fields:
        if message.get(field):
            raise ApiError("UNIMPLEMENTED", f"The emulator does not compute '{path}.{field}'.")


def _tileset(tileset: Mapping[str, Any], prefix: str, path: str) -> dict[str, Any]:
    _refuse(tileset, _NOT_COMPUTED_OF_TILESETS, path)
    sources = tileset.get("sources", [])
    if not sources:
        raise invalid(f"{path}.sources", "a tileset needs at least one source.")
    complete = [_source(source, prefix, f"{path}.sources[{index}]") for index, source in enumerate(sources)]
    return {**tileset, "id": tileset.get("id", ""), "sources": complete}


def _source(source: Mapping[str, Any], prefix: str, path: str) -> dict[str, Any]:
    uris = source.get("uris", [])
    if not uris:
        raise invalid(f"{path}.uris", "a source needs the URI of its file.")
    complete = [check_uri(prefix + uri, f"{path}.uris[{index}]") for index, uri in enumerate(uris)]
    if len(complete) > 1:
        raise ApiError("UNIMPLEMENTED", f"The emulator reads one GeoTIFF per source: '{path}.uris' has sidecars.")
    return {**source, "uris": complete}


def _check_bands(manifest: Mapping[str, Any], tilesets: set[str]) -> None:
    bands = manifest.get("bands", [])
    for index, band in enumerate(bands):
        path = f"{_MANIFEST}.bands[{index}]"
        if not band.get("id"):
            raise invalid(f"{path}.id", "a band needs a name.")
        _check_known(band.get("tilesetId", ""), tilesets, f"{path}.tilesetId")
    _check_unique((band["id"] for band in bands), "bands", "id")
    masks = manifest.get("maskBands", [])
    if len(masks) > 1:
        raise invalid(f"{_MANIFEST}.maskBands", f"{len(masks)} mask bands, but at most one may be here.")
    for mask in masks:
        _check_known(mask.get("tilesetId", ""), tilesets, f"{_MANIFEST}.maskBands[0].tilesetId")
        for index, name in enumerate(mask.get("bandIds", []) if bands else []):
            _check_known(name, {band["id"] for band in bands}, f"{_MANIFEST}.maskBands[0].bandIds[{index}]")


def _check_known(name: str, known: set[str], path: str) -> None:
    if name not in known:
        raise invalid(path, f"{name!r} is not one of {', '.join(map(repr, sorted(known)))}.")


def _check_unique(names: Iterable[str], field: str, key: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise invalid(f"{_MANIFEST}.{field}", f"{times} of them have the {key} {name!r}; it must be unique.")


def _check_properties(properties: Mapping[str, Any]) -> None:
    for name, value in properties.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise invalid(f"{_MANIFEST}.properties.{name}", "a property is a number or a string.")


def _times(manifest: Mapping[str, Any]) -> dict[str, str]:
    times = {field: _moment(manifest[field], field) for field in ("startTime", "endTime") if field in manifest}
    if len(times) == 2 and times["endTime"] < times["startTime"]:
        raise invalid(f"{_MANIFEST}.endTime", "the end is before the start.")
    return {field: _written(moment) for field, moment in times.items()}


def _moment(text: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise invalid(f"{_MANIFEST}.{field}", f"{text!r} is no moment: {fault}.") from fault


def _written(moment: datetime) -> str:
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
