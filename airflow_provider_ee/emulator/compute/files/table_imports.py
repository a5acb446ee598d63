"""Tables read from CSV files as a table manifest's source describes them.

A column of GeoJSON or WKT is the geometry, else two columns of x and y are points; a table may have neither.
A column is of numbers when all of its values are.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute.arguments import geometry_from_json
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.files.wkt import geojson_of_wkt
from airflow_provider_ee.emulator.compute.geometry import DEPTHS, Geometry
from airflow_provider_ee.emulator.compute.images import Collection, Feature
from airflow_provider_ee.emulator.compute.pixels.grids import parse_crs
from airflow_provider_ee.emulator.compute.tables import check_table

__all__ = ["read_csv", "table_of"]

_INDEX = "system:index"
Row = dict[str, str]


def read_csv(path: Path, source: Mapping[str, Any], types: Mapping[str, str]) -> list[Feature]:
    """Return the features of a CSV file.

    `types` are the columns' COLUMN_DATA_TYPE_ names without this prefix, for those that are not as they look.
    """
    if not path.is_file():
        raise ComputeError(f"Unable to read '{source['uris'][0]}': the object does not exist.")
    rows = _rows(path, source)
    names = list(rows[0]) if rows else []
    place, used = _placing(rows, names, source)
    columns = {
        name: _typed(name, [row[name] for row in rows], types.get(name, "")) for name in names if name not in used
    }
    features = [
        Feature(place(row), {name: values[number] for name, values in columns.items() if values[number] is not None})
        for number, row in enumerate(rows)
    ]
    check_table(Collection(features), max_vertices=source.get("maxVertices", 0))
    return features


def table_of(features: Iterable[Feature], properties: Mapping[str, Any]) -> Collection:
    """Return the table of imported features, counted as Earth Engine counts those it ingests."""
    counted = [
        Feature(feature.geometry, {**feature.properties, _INDEX: f"{number:020x}"})
        for number, feature in enumerate(features)
    ]
    return Collection(counted, properties=properties)


def _rows(path: Path, source: Mapping[str, Any]) -> list[Row]:
    try:
        with path.open(encoding=source.get("charset") or "UTF-8", newline="") as file:
            lines = list(
                csv.reader(
                    file,
                    delimiter=source.get("csvDelimiter") or ",",
                    quotechar=source.get("csvQualifier") or '"',
                    strict=True,
                )
            )
    except (csv.Error, ValueError, LookupError) as error:
        raise ComputeError(f"'{source['uris'][0]}' cannot be read as CSV: {error}.") from error
    header, *rest = lines or [[]]
    for number, line in enumerate(rest, start=2):
        if line and len(line) != len(header):
            raise ComputeError(
                f"'{source['uris'][0]}' has {len(line)} values in record {number}, but {len(header)} columns."
            )
    return [dict(zip(header, line, strict=True)) for line in rest if line]


def _placing(
    rows: Sequence[Row], names: Sequence[str], source: Mapping[str, Any]
) -> tuple[Callable[[Row], Geometry | None], set[str]]:
    """Return what finds a row's geometry, and the columns that hold nothing else."""
    crs = source.get("crs") or "EPSG:4326"
    parse_crs(crs)
    column = source.get("primaryGeometryColumn") or next((name for name in names if _is_geometry(rows, name)), None)
    if column is not None:
        _check_columns([column], names, source)
        return lambda row: _shape(row[column], crs), {column}
    x, y = source.get("xColumn") or "longitude", source.get("yColumn") or "latitude"
    if source.get("xColumn") or source.get("yColumn"):
        _check_columns([x, y], names, source)
    if x in names and y in names:
        return lambda row: _point(row[x], row[y], crs), set()
    return lambda _: None, set()


def _check_columns(wanted: Sequence[str], names: Sequence[str], source: Mapping[str, Any]) -> None:
    for name in wanted:
        if names and name not in names:
            raise ComputeError(f"'{source['uris'][0]}' has no column '{name}'; it has {', '.join(names)}.")


def _is_geometry(rows: Sequence[Row], name: str) -> bool:
    first = next((row[name] for row in rows if row[name].strip()), "")
    return _geojson(first) is not None


def _geojson(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return geojson_of_wkt(text)
    try:
        described = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return described if isinstance(described, dict) and described.get("type") in DEPTHS else None


def _shape(text: str, crs: str) -> Geometry | None:
    if not text.strip():
        return None
    described = _geojson(text)
    if described is None:
        raise ComputeError(f"'{text[:80]}' is neither GeoJSON nor WKT.")
    if not described.get("coordinates"):
        return None
    return geometry_from_json({"crs": {"type": "name", "properties": {"name": crs}}, **described})


def _point(x: str, y: str, crs: str) -> Geometry | None:
    if not x.strip() or not y.strip():
        return None
    place = [_number(x), _number(y)]
    if None in place:
        raise ComputeError(f"'{x[:40]}', '{y[:40]}' are no coordinates.")
    return Geometry.of("Point", place, crs)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _typed(name: str, texts: Sequence[str], kind: str) -> list[Any]:
    """Return a column's values; empty ones are missing."""
    if kind == "STRING":
        return [text or None for text in texts]
    values = [_number(text) if text.strip() else None for text in texts]
    wrong = [text for text, value in zip(texts, values, strict=True) if text.strip() and value is None]
    if kind in ("NUMERIC", "LONG"):
        wrong += [] if kind == "NUMERIC" else [str(value) for value in values if value is not None and value % 1]
        if wrong:
            raise ComputeError(f"Column '{name}': '{wrong[0][:80]}' is not of the type {kind}.")
        return [int(value) if kind == "LONG" and value is not None else value for value in values]
    return [text or None for text in texts] if wrong else list(values)
