"""Files of table exports: CSV, GeoJSON and KML, in longitude and latitude.

Columns are the properties of the first feature, as Earth Engine takes them; `selectors` name others.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.compute.images import Collection
from airflow_provider_ee.emulator.compute.tables import columns_of, to_geojson

__all__ = ["FORMATS", "write_table_file"]

GEOMETRY = ".geo"
_INDEX = "system:index"
#: What Earth Engine writes into a CSV for a feature without a geometry.
_NO_PLACE = {"type": "MultiPoint", "coordinates": []}


def write_table_file(collection: Collection, file_format: str, target: Path, selectors: Sequence[str]) -> Path:
    """Write a table export to a file and return it.

    `target` is the destination without the suffix, `file_format` one of `FORMATS`.
    """
    suffix, text = FORMATS[file_format]
    path = target.with_name(f"{target.name}{suffix}")
    with appearing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        text(collection, selectors, file)
    return path


def _csv(collection: Collection, selectors: Sequence[str], file: Any) -> None:
    columns = list(selectors) or [*columns_of(collection), GEOMETRY]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for feature in map(to_geojson, collection.features):
        place = json.dumps(feature["geometry"] or _NO_PLACE, separators=(",", ":"))
        values = {**feature["properties"], _INDEX: feature.get("id"), GEOMETRY: place}
        writer.writerow([_cell(values.get(column)) for column in columns])


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict | bool) else value


def _geojson(collection: Collection, selectors: Sequence[str], file: Any) -> None:
    features = [_narrowed(to_geojson(feature), selectors) for feature in collection.features]
    json.dump({"type": "FeatureCollection", "features": features}, file)


def _narrowed(feature: dict[str, Any], selectors: Sequence[str]) -> dict[str, Any]:
    if not selectors:
        return feature
    values = {name: feature["properties"].get(name) for name in selectors if name not in (GEOMETRY, _INDEX)}
    return {**feature, "properties": values}


def _kml(collection: Collection, selectors: Sequence[str], file: Any) -> None:
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = ET.SubElement(root, "Document")
    for feature in collection.features:
        shown = _narrowed(to_geojson(feature), selectors)
        placemark = ET.SubElement(document, "Placemark", id=str(shown.get("id", "")))
        data = ET.SubElement(placemark, "ExtendedData")
        for name, value in shown["properties"].items():
            if value is not None:
                ET.SubElement(ET.SubElement(data, "Data", name=name), "value").text = str(_cell(value))
        if shown["geometry"] is not None:
            _add_shape(placemark, shown["geometry"]["type"], shown["geometry"]["coordinates"])
    file.write(ET.tostring(root, encoding="unicode", xml_declaration=True))


def _add_shape(parent: ET.Element, kind: str, coordinates: Any) -> None:
    if kind.startswith("Multi"):
        several = ET.SubElement(parent, "MultiGeometry")
        for part in coordinates:
            _add_shape(several, kind.removeprefix("Multi"), part)
        return
    shape = ET.SubElement(parent, kind)
    if kind != "Polygon":
        _add_positions(shape, [coordinates] if kind == "Point" else coordinates)
        return
    for number, ring in enumerate(coordinates):
        boundary = ET.SubElement(shape, "innerBoundaryIs" if number else "outerBoundaryIs")
        _add_positions(ET.SubElement(boundary, "LinearRing"), ring)


def _add_positions(shape: ET.Element, positions: Sequence[Sequence[float]]) -> None:
    ET.SubElement(shape, "coordinates").text = " ".join(f"{x},{y}" for x, y in positions)


#: The file formats that are written, with their suffixes.
FORMATS: dict[str, tuple[str, Callable[[Collection, Sequence[str], Any], None]]] = {
    "CSV": (".csv", _csv),
    "GEO_JSON": (".geojson", _geojson),
    "KML": (".kml", _kml),
}
