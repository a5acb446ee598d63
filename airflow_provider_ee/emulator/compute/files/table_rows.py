"""Rows of a table export to BigQuery: one JSON object on each line, the geometry as GeoJSON text in the column `geo`.

So BigQuery itself loads newline-delimited JSON into a GEOGRAPHY column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from airflow_provider_ee.emulator.compute.arguments import geometry_from_json
from airflow_provider_ee.emulator.compute.assets import StoredRows
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.images import Collection, Feature
from airflow_provider_ee.emulator.compute.tables import columns_of, to_geojson

__all__ = ["open_rows", "row_columns", "table_rows"]

_GEOMETRY = "geo"
_NAME = re.compile(r"[A-Za-z_]\w{0,299}", re.ASCII)


def row_columns(collection: Collection, selectors: Sequence[str]) -> list[str]:
    """Return the columns: those selected, or the first feature's properties and its geometry.

    Earth Engine's own properties have a colon in their names, which no column of BigQuery has; they are left out
    unless they are selected, and then refused as any other invalid name.
    """
    selected = [_GEOMETRY if name == ".geo" else name for name in selectors]
    names = [name for name in columns_of(collection) if not name.startswith("system:")]
    columns = selected or [*names, _GEOMETRY]
    for name in columns:
        if not _NAME.fullmatch(name):
            raise ComputeError(
                f'Invalid field name "{name[:80]}". Fields must contain only letters, numbers, and underscores, '
                "start with a letter or underscore, and be at most 300 characters long."
            )
    return columns


def table_rows(collection: Collection, columns: Sequence[str]) -> str:
    """Return the rows of a table as text."""
    return "".join(f"{json.dumps(_row(feature, columns))}\n" for feature in collection.features)


def open_rows(stored: StoredRows, geometry_column: str | None) -> Collection:
    """Return the features of a table.

    Without the name of a column, the geometry is the one that an export has written, if there is one.
    """
    column = geometry_column or _GEOMETRY
    rows = [json.loads(line) for line in stored.path.read_text(encoding="utf-8").splitlines()]
    if geometry_column and rows and geometry_column not in rows[0]:
        raise ComputeError(f"Table '{stored.name}' has no column '{geometry_column}'.")
    return Collection([_feature(row, column, index) for index, row in enumerate(rows)], is_table=True)


def _feature(row: dict[str, Any], column: str, index: int) -> Feature:
    place = row.pop(column, None)
    geometry = None if place is None else geometry_from_json(json.loads(place))
    return Feature(geometry, {"system:index": str(index), **row})


def _row(feature: Feature, columns: Sequence[str]) -> dict[str, Any]:
    shown = to_geojson(feature)
    place = None if shown["geometry"] is None else json.dumps(shown["geometry"])
    values = {**shown["properties"], _GEOMETRY: place}
    return {name: values.get(name) for name in columns}
