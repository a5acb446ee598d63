"""Images from manifests: copied into an asset, or left in the bucket for a Cloud-GeoTIFF-backed asset."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.assets import StoredImage, image_fields
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.files.exports import export_asset
from airflow_provider_ee.emulator.compute.files.sources import Locate
from airflow_provider_ee.emulator.compute.files.tilesets import Tileset, open_tileset, surrounding
from airflow_provider_ee.emulator.compute.functions.masks import update_mask
from airflow_provider_ee.emulator.compute.geometry import rectangle
from airflow_provider_ee.emulator.compute.images import Band, Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Projection

__all__ = ["check_ingestion", "ingest", "link_external"]

# Of blocks of these sides, https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff
_TILE_SIDES = (256, 512, 1024, 2048)


@dataclass(frozen=True)
class _Choice:
    """A band of the image: which band of which tileset it is, and what the manifest says of it."""

    name: str
    tileset: Tileset
    index: int
    said: Mapping[str, Any]


def check_ingestion(manifest: Mapping[str, Any], locate: Locate) -> None:
    """Raise what an ingestion would raise, as far as the files can be judged by their heads."""
    _composed(manifest, _tilesets(manifest, locate))


def ingest(manifest: Mapping[str, Any], locate: Locate, target: Path, *, own_names: bool = False) -> StoredImage:
    """Copy the image that a manifest describes.

    Args:
        manifest: An ImageManifest, its URIs complete.
        locate: Where objects are.
        target: The file to write.
        own_names: Whether bands are called as their file calls them, where the manifest gives no names.
    """
    tilesets = _tilesets(manifest, locate)
    image, fields = _composed(manifest, tilesets, names=_encoded_names(tilesets) if own_names else ())
    written = export_asset(image, max_pixels=sys.maxsize, name=manifest["name"], target=target)
    return replace(written, fields=fields)


def link_external(manifest: Mapping[str, Any], locate: Locate, *, pinned: bool) -> StoredImage:
    """Return an image whose pixels stay in the bucket.

    Args:
        manifest: An ImageManifest, its URIs complete.
        locate: Where objects are.
        pinned: Whether the image is of the objects as they are now; a later version of one cannot be read then.
    """
    for tileset in manifest["tilesets"]:
        if len(tileset["sources"]) > 1:
            raise ComputeError(f"Tileset '{tileset['id']}' must have exactly one source, since its image is external.")
    tilesets = _tilesets(manifest, locate, pinned=pinned)
    for tileset in tilesets:
        _check_tiled(tileset)
    image, fields = _composed(manifest, tilesets, names=_encoded_names(tilesets))
    uris = [tileset.first.pinned_uri if pinned else tileset.first.uri for tileset in tilesets]
    return StoredImage(manifest["name"], None, {**fields, "cloudStorageLocation": {"uris": uris}}, image)


def _tilesets(manifest: Mapping[str, Any], locate: Locate, *, pinned: bool = False) -> list[Tileset]:
    return [open_tileset(tileset, locate, pinned=pinned) for tileset in manifest["tilesets"]]


def _check_tiled(tileset: Tileset) -> None:
    tile, uri = tileset.first.tile, tileset.first.uri
    if tile is None:
        raise ComputeError(f"'{uri}' is not a Cloud Optimized GeoTIFF: it is not tiled.")
    if any(side not in _TILE_SIDES for side in tile):
        allowed = ", ".join(map(str, _TILE_SIDES))
        raise ComputeError(f"'{uri}' has tiles of {tile[1]}x{tile[0]} pixels; the sides must be {allowed}.")


def _encoded_names(tilesets: Sequence[Tileset]) -> list[str]:
    """Return the names that the files give to their bands, or none unless each has one of its own."""
    names = [name or "" for tileset in tilesets for name in tileset.first.names]
    return names if all(names) and len(set(names)) == len(names) else []


def _composed(
    manifest: Mapping[str, Any], tilesets: Sequence[Tileset], names: Sequence[str] = ()
) -> tuple[Image, dict[str, Any]]:
    """Return the image of a manifest, with the fields of its asset."""
    mask = next(iter(manifest.get("maskBands", [])), None)
    choices = _choices(manifest, tilesets, mask, names)
    if not choices:
        raise ComputeError("The manifest describes an image without bands.")
    used = list({choice.tileset.id: choice.tileset for choice in choices}.values())
    try:
        extent = surrounding([extent for tileset in used for extent in tileset.extents])
    except NotComputed as error:
        raise NotComputed(f"Tilesets {', '.join(repr(tileset.id) for tileset in used)}: {error}") from error
    crs = extent.projection.crs
    bands = tuple(_band(choice, manifest, tilesets, mask) for choice in choices)
    image = Image(bands, Projection(crs, extent.transform), rectangle(extent.bounds, crs))
    return image, _fields(manifest, choices, image_fields(image, own_grid(image)))


def _choices(
    manifest: Mapping[str, Any], tilesets: Sequence[Tileset], mask: Mapping[str, Any] | None, names: Sequence[str]
) -> list[_Choice]:
    described = manifest.get("bands", [])
    if not described:
        pairs = [(tileset, index) for tileset in tilesets for index in range(_data_bands(tileset, mask))]
        all_named = len(names) == len(pairs)
        return [
            _Choice(names[number] if all_named else f"b{number + 1}", tileset, index, {})
            for number, (tileset, index) in enumerate(pairs)
        ]
    by_id = {tileset.id: tileset for tileset in tilesets}
    return [
        _Choice(band["id"], tileset := by_id[band.get("tilesetId", "")], _index(band, described, tileset), band)
        for band in described
    ]


def _data_bands(tileset: Tileset, mask: Mapping[str, Any] | None) -> int:
    return tileset.count - (mask is not None and mask.get("tilesetId", "") == tileset.id)


def _index(band: Mapping[str, Any], described: Sequence[Mapping[str, Any]], tileset: Tileset) -> int:
    """Return which band of a tileset is meant: the one that is named, or else the next one.

    The guide to manifests names bands without any index, one after the other.
    """
    of_tileset = [each for each in described if each.get("tilesetId", "") == tileset.id]
    counted = not any(each.get("tilesetBandIndex") for each in of_tileset)
    index = of_tileset.index(band) if counted else band.get("tilesetBandIndex", 0)
    if index >= tileset.count:
        raise ComputeError(
            f"Band '{band['id']}' is band {index} of tileset '{tileset.id}', which has {tileset.count} bands only."
        )
    return int(index)


def _band(
    choice: _Choice, manifest: Mapping[str, Any], tilesets: Sequence[Tileset], mask: Mapping[str, Any] | None
) -> Band:
    masked = mask is not None and (not mask.get("bandIds") or choice.name in mask["bandIds"])
    said = choice.said.get("missingData", manifest.get("missingData"))
    missing = None if said is None else said.get("values", [])
    # A mask band is there instead of the file's own mask.
    band = Band(choice.name, choice.tileset.raster(choice.index, missing, internal_mask=not masked))
    if mask is None or not masked:
        return band
    tileset = next(tileset for tileset in tilesets if tileset.id == mask.get("tilesetId", ""))
    last = tileset.count - 1
    if tileset is choice.tileset and tileset.first.dtypes[last] != np.uint8:
        raise ComputeError(
            f"The last band of '{tileset.first.uri}' is a mask of its other bands, so it must be of type UINT8, "
            f"but is {tileset.first.dtypes[last].name.upper()}."
        )
    cover = Band("mask", tileset.raster(last, (), internal_mask=False))
    return update_mask(Image((band,)), Image((cover,))).bands[0]


def _fields(manifest: Mapping[str, Any], choices: Sequence[_Choice], fields: dict[str, Any]) -> dict[str, Any]:
    for band, choice in zip(fields["bands"], choices, strict=True):
        for key in ("pyramidingPolicy", "missingData"):
            if said := choice.said.get(key, manifest.get(key)):
                band[key] = said
    times = {key: manifest[key] for key in ("startTime", "endTime") if key in manifest}
    return {**fields, "properties": dict(manifest.get("properties", {})), **times}
