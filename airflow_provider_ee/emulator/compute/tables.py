"""Tables: features as GeoJSON, and the file behind a table asset with one of them on each line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute.arguments import geometry_from_json
from airflow_provider_ee.emulator.compute.assets import StoredTable
from airflow_provider_ee.emulator.compute.describe import to_json
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.compute.geometry import DEPTHS, Geometry, overlap
from airflow_provider_ee.emulator.compute.images import Collection, Feature

__all__ = [
    "check_places",
    "check_table",
    "columns_of",
    "features_of",
    "open_table",
    "stored_features",
    "to_geojson",
    "write_table",
]

_INDEX = "system:index"
_LONGITUDE_LATITUDE = "EPSG:4326"


def check_table(value: Any, *, max_vertices: int = 0) -> Collection:
    """Return the collection of features that a value has to be."""
    if not isinstance(value, Collection):
        raise ComputeError("The expression does not give a FeatureCollection.")
    # Earth Engine cuts geometries beyond the limit into pieces.
    if max_vertices and any(_vertices(feature.geometry) > max_vertices for feature in value.features):
        raise NotComputed(f"Geometries of more than maxVertices ({max_vertices}) vertices are not cut by the emulator.")
    return replace(value, elements=value.features)


def check_places(collection: Collection) -> None:
    """Raise what an export to an asset raises where a feature has no geometry."""
    if any(feature.geometry is None for feature in collection.features):
        raise ComputeError("Unable to export features with null geometry.")


def _vertices(geometry: Geometry | None) -> int:
    return 0 if geometry is None else _positions(geometry.coordinates, DEPTHS[geometry.type])


def _positions(coordinates: Any, depth: int) -> int:
    return sum(_positions(part, depth - 1) for part in coordinates) if depth else 1


def columns_of(collection: Collection) -> list[str]:
    """Return the properties of a table's first feature, which are its columns: the index, then the others by name."""
    first = next(iter(collection.elements), None)
    names = set() if first is None else set(first.properties) - {_INDEX}
    return [_INDEX, *sorted(names)]


def to_geojson(feature: Feature, crs: str | None = _LONGITUDE_LATITUDE) -> dict[str, Any]:
    """Return a feature as GeoJSON, its geometry carried to a coordinate system; None: as it is."""
    if feature.geometry is not None and crs is not None:
        feature = replace(feature, geometry=feature.geometry.carried(crs))
    described: dict[str, Any] = to_json(feature)
    return described


def write_table(
    collection: Collection,
    name: str,
    target: Path,
    selectors: Sequence[str] = (),
    fields: Mapping[str, Any] | None = None,
) -> StoredTable:
    """Write the features of the table asset called `name` to `target`, and return its record.

    `selectors` are the properties to keep, all where there are none; `fields` are more fields of the asset.
    """
    features = collection.features
    kept = {_INDEX, *selectors}
    lines = [json.dumps(to_geojson(_selected(feature, kept) if selectors else feature, None)) for feature in features]
    with appearing(target) as unfinished:
        unfinished.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    properties = {key: value for key, value in collection.properties.items() if not key.startswith("system:")}
    described = {"featureCount": str(len(features)), "sizeBytes": str(target.stat().st_size), "properties": properties}
    return StoredTable(name, target, {**described, **(fields or {})})


def _selected(feature: Feature, names: set[str]) -> Feature:
    return replace(feature, properties={name: value for name, value in feature.properties.items() if name in names})


def open_table(stored: StoredTable, asset_id: str) -> Collection:
    """Return the features of a stored table."""
    features = [_from_geojson(line) for line in _lines(stored)]
    return Collection(features, asset_id, stored.fields.get("properties", {}), is_table=True)


def features_of(geojson: Any) -> list[Feature]:
    """Return the features of a GeoJSON FeatureCollection."""
    described = geojson.get("features") if isinstance(geojson, Mapping) else None
    if not isinstance(described, list) or not all(isinstance(feature, Mapping) for feature in described):
        raise ComputeError("The file is not a GeoJSON FeatureCollection.")
    return [_from_geojson(feature) for feature in described]


def stored_features(
    stored: StoredTable, region: Mapping[str, Any] | None, wanted: Callable[[Mapping[str, Any]], bool]
) -> list[dict[str, Any]]:
    """Return the features of a stored table as GeoJSON: those near a GeoJSON region that are wanted."""
    place = None if region is None else geometry_from_json(region)
    features: Iterable[Feature] = open_table(stored, stored.name).features
    if place is not None:
        features = (feature for feature in features if feature.geometry and overlap(feature.geometry, place))
    return [shown for shown in map(to_geojson, features) if wanted(_known(shown))]


def _known(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if value is not None}


def _lines(stored: StoredTable) -> list[dict[str, Any]]:
    try:
        text = stored.path.read_text(encoding="utf-8")
    except OSError as error:
        raise ComputeError(f"The features of asset '{stored.name}' cannot be read.") from error
    return [json.loads(line) for line in text.splitlines()]


def _from_geojson(described: Mapping[str, Any]) -> Feature:
    geometry = described.get("geometry")
    properties = dict(described.get("properties") or {})
    if "id" in described:
        properties[_INDEX] = described["id"]
    return Feature(None if geometry is None else geometry_from_json(geometry), properties)
