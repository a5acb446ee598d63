"""Features as the text of a file, a page at a time: GeoJSON, NDJSON (a feature on each line), CSV.

CSV has the columns of Earth Engine's own exports: `system:index`, the properties, and the geometry as GeoJSON in
`.geo`. https://developers.google.com/earth-engine/guides/exporting_tables
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest, shown

__all__ = ["FeatureText", "file_format", "selected"]

_FORMATS = {"GeoJSON": "GEO_JSON", "CSV": "CSV", "NDJSON": "NDJSON"}
_SUFFIXES = {
    ".geojson": "GEO_JSON",
    ".json": "GEO_JSON",
    ".csv": "CSV",
    ".ndjson": "NDJSON",
    ".jsonl": "NDJSON",
    ".geojsonl": "NDJSON",
}
_INDEX, _GEOMETRY = "system:index", ".geo"


def file_format(path: str, given: object = None) -> str:
    """Return `GEO_JSON`, `CSV` or `NDJSON`: what a user says, or else what the name of the file says.

    Raises:
        InvalidArgument: The format is unknown.
    """
    if given is not None:
        return choice("file_format", given, _FORMATS, "format of features")
    for suffix, known in _SUFFIXES.items():
        if path.lower().endswith(suffix):
            return known
    raise InvalidArgument(
        "file_format", f"the name of {shown(path)} does not say it", f"{', '.join(_FORMATS)}, or a name in {_endings()}"
    )


def selected(feature: Mapping[str, Any], selectors: Sequence[str] | None) -> dict[str, Any]:
    """Return a feature with no other properties than these; all of them if None."""
    properties = feature.get("properties") or {}
    if selectors is not None:
        properties = {key: properties[key] for key in selectors if key in properties}
    return {**feature, "properties": properties}


class FeatureText:
    """Writes one table; memory is needed for a page.

    Args:
        form: `GEO_JSON`, `CSV` or `NDJSON`.
        selectors: The properties to write, for CSV in this order; all of them if None.

    Attributes:
        number: How many features were written.
    """

    def __init__(self, form: str, selectors: Sequence[str] | None = None) -> None:
        self.number = 0
        self._form = form
        self._selectors = selectors
        self._unseen = set(selectors or ()) - {_INDEX, _GEOMETRY}
        self._columns = list(selectors) if selectors is not None else None

    def page(self, features: Sequence[Mapping[str, Any]]) -> str:
        """Return the text of some more features.

        Raises:
            InvalidRequest: A feature has a property for which CSV has no column.
        """
        found = [selected(feature, self._selectors) for feature in features]
        for feature in found:
            self._unseen -= feature["properties"].keys()
        text = self._rows(found) if self._form == "CSV" else self._objects(found)
        self.number += len(found)
        return text

    def end(self) -> str:
        """Return the text after the last feature.

        Raises:
            InvalidRequest: There are features, but none has a property that was asked for.
        """
        if self.number and self._unseen:
            raise InvalidRequest(f"selectors: no feature has a property {', '.join(sorted(self._unseen))}.")
        if self._form == "GEO_JSON":
            return "\n]}\n" if self.number else '{"type": "FeatureCollection", "features": []}\n'
        return ""

    def _objects(self, features: Iterable[Mapping[str, Any]]) -> str:
        lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
        if self._form == "NDJSON":
            return "".join(f"{line}\n" for line in lines)
        before = ",\n" if self.number else '{"type": "FeatureCollection", "features": [\n'
        return before + ",\n".join(lines) if lines else ""

    def _rows(self, features: Sequence[Mapping[str, Any]]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if self._columns is None and features:
            properties = dict.fromkeys(key for feature in features for key in feature["properties"])
            self._columns = [_INDEX, *(key for key in properties if key not in {_INDEX, _GEOMETRY}), _GEOMETRY]
        if not self.number and self._columns:
            writer.writerow(self._columns)
        writer.writerows(self._row(feature) for feature in features)
        return text.getvalue()

    def _row(self, feature: Mapping[str, Any]) -> list[Any]:
        geometry = feature.get("geometry")
        values = {
            _INDEX: feature.get("id"),
            _GEOMETRY: None if geometry is None else json.dumps(geometry),
            **{
                key: json.dumps(one) if isinstance(one, (dict, list)) else one
                for key, one in feature["properties"].items()
            },
        }
        columns = self._columns or []
        if self._selectors is None and (late := values.keys() - set(columns)):
            raise InvalidRequest(
                f"Feature {feature.get('id')} has a property {', '.join(sorted(late))}, but those before had none.",
                hint="Say in selectors which columns a CSV file is to have, or write NDJSON.",
            )
        return [values.get(column) for column in columns]


def _endings() -> str:
    return ", ".join(_SUFFIXES)
