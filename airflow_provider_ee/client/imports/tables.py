"""Manifests of tables.

https://developers.google.com/earth-engine/reference/rest/v1/TableManifest
"""

from __future__ import annotations

from typing import Any

from airflow_provider_ee.client.arguments.messages import (
    Kind,
    anything,
    asset,
    character,
    choice,
    many,
    message,
    number,
    properties,
    table,
    text,
    uri,
    whole_number,
    word,
)
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.arguments.times import check_period, moment
from airflow_provider_ee.client.imports.reading import read_manifest

__all__ = ["COLUMN_TYPES", "SOURCE_FIELDS", "TABLE", "table_manifest"]

#: Where the manifest stands in the request: every path begins with it.
TABLE = "tableManifest"


def _column_types(prefix: str) -> Kind:
    names = ("STRING", "NUMERIC", "LONG", "UNSPECIFIED")
    return table(choice({name: f"{prefix}{name}" for name in names}, "data type of a column"))


COLUMN_TYPES = _column_types("COLUMN_DATA_TYPE_")

#: What is said of a file beside its address.
SOURCE_FIELDS: dict[str, Kind] = {
    "charset": word,
    "maxErrorMeters": number(0),
    "maxVertices": whole_number(0),
    "crs": word,
    "geodesic": flag,
    "primaryGeometryColumn": text,
    "xColumn": text,
    "yColumn": text,
    "dateFormat": word,
    "csvDelimiter": character,
    "csvQualifier": character,
    "simplifyErrorMeters": number(0),
}
_SOURCE = message({"uris": many(word, least=1, most=1), **SOURCE_FIELDS}, required=("uris",))
_MANIFEST = message(
    {
        "name": asset,
        "uriPrefix": text,
        "sources": many(_SOURCE, least=1),
        "startTime": moment,
        "endTime": moment,
        "properties": properties,
        "columnDataTypeOverrides": COLUMN_TYPES,
        "csvColumnDataTypeOverrides": _column_types("CSV_COLUMN_DATA_TYPE_"),
        "memo": text,
        "policy": anything,
    },
    required=("name", "sources"),
)


def table_manifest(value: object, argument: str = "manifest") -> dict[str, Any]:
    """Return a manifest as the API takes it.

    Args:
        value: A dict or JSON text.
        argument: The user's word for it.

    Raises:
        InvalidArgument: A field is wrong; its path says which.
    """
    found: dict[str, Any] = _MANIFEST(TABLE, read_manifest(value, argument))
    for index, source in enumerate(found["sources"]):
        uri(f"{TABLE}.sources[{index}].uris[0]", found.get("uriPrefix", "") + source["uris"][0])
    check_period(found.get("startTime"), found.get("endTime"), f"{TABLE}.startTime", f"{TABLE}.endTime")
    return found
