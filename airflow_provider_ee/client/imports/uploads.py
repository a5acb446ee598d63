"""The short form of a manifest: the words of the command `earthengine upload`.

https://developers.google.com/earth-engine/guides/command_line#upload
"""

from __future__ import annotations

from typing import Any

from airflow_provider_ee.client.arguments.messages import Kind, asset, camel_case, number, properties, uri, word
from airflow_provider_ee.client.arguments.scalars import flag, is_list, optional, texts, without_none
from airflow_provider_ee.client.arguments.times import check_period, moment
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.imports.images import PYRAMIDING
from airflow_provider_ee.client.imports.tables import COLUMN_TYPES, SOURCE_FIELDS

__all__ = ["image_upload", "table_upload"]

_TILESET = "ts"
_TF_RECORD = (".tfrecord", ".tfrecord.gz")


def image_upload(
    *,
    asset_id: object,
    uris: object,
    bands: object = None,
    pyramiding_policy: object = None,
    nodata_value: object = None,
    last_band_alpha: object = None,
    crs: object = None,
    start_time: object = None,
    end_time: object = None,
    properties: object = None,
) -> dict[str, Any]:
    """Return the manifest that `earthengine upload image` sends.

    Raises:
        InvalidArgument: An argument is wrong, or contradicts another.
    """
    alpha = optional(flag, "last_band_alpha", last_band_alpha)
    if alpha and nodata_value is not None:
        raise InvalidArgument("nodata_value", "last_band_alpha says what is masked", "either of the two")
    policies = _several("pyramiding_policy", pyramiding_policy, PYRAMIDING)
    missing = [{"values": [value]} for value in _several("nodata_value", nodata_value, number())]
    ids = texts("bands", bands) or []
    for argument, values in (("pyramiding_policy", policies), ("nodata_value", missing)):
        ids = _as_many(argument, ids, len(values))
    described: list[dict[str, Any]] = [
        {"id": name, "tilesetId": _TILESET, "tilesetBandIndex": index} for index, name in enumerate(ids)
    ]
    for_all = _spread("pyramidingPolicy", policies, described) | _spread("missingData", missing, described)
    projection = without_none(crs=optional(word, "crs", crs))
    return {
        **_asset(asset_id, start_time, end_time, properties),
        "tilesets": [{"id": _TILESET, "sources": _image_sources(uris), **projection}],
        **({"bands": described} if described else {}),
        **for_all,
        **({"maskBands": [{"tilesetId": _TILESET}]} if alpha else {}),
    }


def table_upload(
    *,
    asset_id: object,
    uris: object,
    charset: object = None,
    max_error_meters: object = None,
    max_vertices: object = None,
    crs: object = None,
    geodesic: object = None,
    primary_geometry_column: object = None,
    x_column: object = None,
    y_column: object = None,
    date_format: object = None,
    csv_delimiter: object = None,
    csv_qualifier: object = None,
    column_data_types: object = None,
    start_time: object = None,
    end_time: object = None,
    properties: object = None,
) -> dict[str, Any]:
    """Return the manifest that `earthengine upload table` sends; of several files, each is a source.

    Raises:
        InvalidArgument: An argument is wrong.
    """
    words = {
        "charset": charset,
        "max_error_meters": max_error_meters,
        "max_vertices": max_vertices,
        "crs": crs,
        "geodesic": geodesic,
        "primary_geometry_column": primary_geometry_column,
        "x_column": x_column,
        "y_column": y_column,
        "date_format": date_format,
        "csv_delimiter": csv_delimiter,
        "csv_qualifier": csv_qualifier,
    }
    fields = {camel_case(argument): (argument, value) for argument, value in words.items() if value is not None}
    options = {field: SOURCE_FIELDS[field](argument, value) for field, (argument, value) in fields.items()}
    overrides = optional(COLUMN_TYPES, "column_data_types", column_data_types)
    return {
        **_asset(asset_id, start_time, end_time, properties),
        "sources": [{"uris": [address], **options} for address in _uris(uris)],
        **({"columnDataTypeOverrides": overrides} if overrides else {}),
    }


def _asset(asset_id: object, start_time: object, end_time: object, values: object) -> dict[str, Any]:
    start, end = optional(moment, "start_time", start_time), optional(moment, "end_time", end_time)
    check_period(start, end, "start_time", "end_time")
    return {
        "name": asset("asset_id", asset_id),
        "properties": properties("properties", {} if values is None else values),
        **without_none(startTime=start, endTime=end),
    }


def _uris(value: object) -> list[str]:
    """Check the addresses of one file or of several."""
    addresses = value if is_list(value) else [value]
    if not addresses:
        raise InvalidArgument("uris", "it names no file", "one address, or a list of addresses")
    found = [uri(f"uris[{index}]" if is_list(value) else "uris", one) for index, one in enumerate(addresses)]
    for one in found:
        if "*" in one:
            # The command lists the bucket to find out which they are; Earth Engine itself knows no patterns.
            raise InvalidArgument("uris", f"{shown(one)} is a pattern", "the address of each file")
    return found


def _image_sources(uris: object) -> list[dict[str, Any]]:
    """Return a source for each file; those of TFRecord are one, with the file that says how they fit together."""
    addresses = _uris(uris)
    if any(address.lower().endswith(_TF_RECORD) for address in addresses):
        return [{"uris": addresses}]
    return [{"uris": [address]} for address in addresses]


def _several(argument: str, value: object, kind: Kind) -> list[Any]:
    """Check one value, a list of values, or one text with commas."""
    if value is None:
        return []
    values = value.split(",") if isinstance(value, str) else value if is_list(value) else [value]
    return [kind(argument, one.strip() if isinstance(one, str) else one) for one in values]


def _as_many(argument: str, bands: list[str], count: int) -> list[str]:
    """Return as many bands as there are values for bands; one value is for all of them."""
    if count <= 1 or len(bands) == count:
        return bands
    if bands:
        raise InvalidArgument(argument, f"it has {count} values for {len(bands)} bands", "one value, or one per band")
    return [f"b{index + 1}" for index in range(count)]


def _spread(field: str, values: list[Any], bands: list[dict[str, Any]]) -> dict[str, Any]:
    """Give each band its value; return what is said of all of them, if there is only one."""
    if len(values) == 1:
        return {field: values[0]}
    for band, value in zip(bands, values, strict=False):
        band[field] = value
    return {}
