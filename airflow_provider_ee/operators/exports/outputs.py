"""What an export has written, and what is exported, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.operators.base.callables import WrappedCallable

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request
    from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

__all__ = ["add_uris", "describe", "file_format", "find_existing", "map_name", "writes_tiles"]

#: A result is kept in Airflow's database: the addresses of more files than this are not part of it.
_MOST_URIS = 1000
_LONGEST_TEXT = 80


def find_existing(operator: EarthEngineExportOperator, destination: Mapping[str, Any], most: int) -> list[str] | None:
    """Return the addresses of the files in Cloud Storage at a destination, or None if there are more.

    Args:
        operator: The export.
        destination: Its `bucket`, `file_name_prefix` and `file_format`.
        most: The most addresses wanted.
    """
    from airflow_provider_ee.client.exports.outputs import find_files

    tiles = writes_tiles(operator)
    with operator.hook.client_of("storage") as storage:
        return storage.run(
            find_files(
                destination["bucket"],
                destination["file_name_prefix"],
                None if tiles else destination.get("file_format"),
                tiles=tiles,
                most=most,
            )
        )


def add_uris(operator: EarthEngineExportOperator, result: dict[str, Any]) -> dict[str, Any]:
    """Return a result with the `uris` of the files in Cloud Storage, if it can be known which there are."""
    from airflow_provider_ee.client.errors import EarthEngineError

    if "bucket" not in result:
        return result
    try:
        uris = find_existing(operator, result, _MOST_URIS)
    except EarthEngineError as error:  # the work is done; that the files cannot be listed does not change it
        operator.log.warning("The result names no files, as they cannot be listed: %s", error)
        return result
    if uris is None:
        operator.log.info("The result names no files: there are too many. They begin with %s.", result["uri_prefix"])
        return result
    for uri in uris:
        operator.log.info("Written: %s", uri)
    return {**result, "uris": uris}


def file_format(request: Request) -> str | None:
    """Return the format of the files that a request asks for, in the words of the REST API."""
    options = [field for field in (request.body or {}).values() if isinstance(field, Mapping)]
    return next((str(field["fileFormat"]) for field in options if "fileFormat" in field), None)


def writes_tiles(operator: EarthEngineExportOperator) -> bool:
    """Return whether an export writes the tiles of a map."""
    return bool({"path", "tile_export_options"} & set(operator.arguments))


def describe(operator: EarthEngineExportOperator) -> str:
    """Return what is exported, as a line of a log says it: `USGS/SRTMGL1_003, region [7, 46, 8, 47], scale 30`."""
    named = {name: getattr(operator, name) for name in operator.arguments}
    what = next(_short(named[name]) for name in ("image", "collection", "classifier", "expression") if name in named)
    details = [f"{name} {_short(named[name])}" for name in ("region", "scale", "crs", "dimensions") if named.get(name)]
    return ", ".join([what, *details])


def _short(value: object) -> str:
    if isinstance(value, WrappedCallable):
        return str(value)
    if isinstance(value, Mapping):
        return f"a {value['type']}" if "type" in value else "an expression"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_TEXT and not text.startswith("{") else f"{text[: _LONGEST_TEXT - 3]}..."


def map_name(operator: EarthEngineExportOperator) -> str | None:
    """Return a short name for one of a mapped task's instances: its function's arguments, or what it writes."""
    values = [value for value in (operator.op_kwargs or {}).values() if isinstance(value, (str, int, float))]
    if values:
        return _short(", ".join(map(str, values)))
    for name in ("file_name_prefix", "path", "asset_id", "table"):
        value = getattr(operator, name, None)
        if isinstance(value, str) and not operator.has_default_prefix:
            return _short(value.rstrip("/").rpartition("/")[2])
    return None
