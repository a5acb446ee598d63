"""Table manifests: what Earth Engine checks of one when it is submitted, before any file is opened."""

from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.schemas.objects import check_uri

__all__ = ["column_types", "read_table_manifest"]

_MANIFEST = "tableManifest"
# What changes the features and is not computed; leaving it out silently would give another table.
_NOT_COMPUTED = ("dateFormat", "simplifyErrorMeters")


def read_table_manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with its URIs complete.

    Raises:
        ApiError: It contradicts itself, or asks for what the emulator does not compute.
    """
    if manifest.get("policy"):
        raise ApiError("UNIMPLEMENTED", f"The emulator imports tables without '{_MANIFEST}.policy'; set it afterwards.")
    sources = [
        _source(source, manifest.get("uriPrefix", ""), f"{_MANIFEST}.sources[{index}]")
        for index, source in enumerate(manifest["sources"])
    ]
    return {**manifest, "sources": sources}


def _source(source: Mapping[str, Any], prefix: str, path: str) -> dict[str, Any]:
    uri = check_uri(prefix + source["uris"][0], f"{path}.uris[0]")
    if not uri.lower().endswith(".csv"):
        raise ApiError("UNIMPLEMENTED", f"The emulator imports tables from .csv objects only, not from '{uri}'.")
    for name in _NOT_COMPUTED:
        if source.get(name):
            raise ApiError("UNIMPLEMENTED", f"The emulator does not compute '{path}.{name}'.")
    for name in ("csvDelimiter", "csvQualifier"):
        if len(source.get(name) or ",") != 1 or source.get(name) in ("\n", "\r"):
            raise invalid(f"{path}.{name}", f"{source[name]!r:.40} is not one character, such as ','.")
    return {**source, "uris": [uri]}


def column_types(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the types that a manifest gives to columns: STRING, NUMERIC or LONG."""
    overrides = {**manifest.get("csvColumnDataTypeOverrides", {}), **manifest.get("columnDataTypeOverrides", {})}
    return {column: name.rpartition("_")[2] for column, name in overrides.items()}
