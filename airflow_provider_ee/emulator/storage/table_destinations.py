"""Where a table export writes: files, a table or a feature view among the assets, or a table of BigQuery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from airflow_provider_ee.emulator.compute import (
    TABLE_FORMATS,
    Collection,
    check_places,
    write_table,
    write_table_file,
)
from airflow_provider_ee.emulator.computing import translated
from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.assets import Assets
from airflow_provider_ee.emulator.storage.bigquery import big_query_table_of
from airflow_provider_ee.emulator.storage.destinations import asset_page, place_of

__all__ = ["TableAsset", "TableDestination", "TableFile", "table_destination_of"]

# Seen in public code for objects whose prefix names no file.
_NAMELESS = "ee_export"


class TableDestination(Protocol):
    """A place for a table."""

    @property
    def uris(self) -> tuple[str, ...]:
        """Where a person finds the result."""

    def write(self, table: Collection, selectors: Sequence[str]) -> None:
        """Write the table here, or of each feature only the properties that are selected.

        Raises:
            ApiError: The table cannot be written, or the place is taken by now.
        """


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file.

    Args:
        target: The path without its suffix.
        file_format: The request's fileFormat.
        uris: Where a person finds it.
    """

    target: Path
    file_format: str
    uris: tuple[str, ...]

    def write(self, table: Collection, selectors: Sequence[str]) -> None:
        """Write the file."""
        translated(write_table_file, table, self.file_format, self.target, selectors)


@dataclass(frozen=True, slots=True)
class TableAsset:
    """An asset.

    Args:
        name: Its full name.
        kind: TABLE or FEATURE_VIEW.
        overwrite: Whether an asset of this name is replaced.
        assets: The tree that it goes into.
        fields: What is known of the asset beside its features.
    """

    name: str
    kind: str
    overwrite: bool
    assets: Assets
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def uris(self) -> tuple[str, ...]:
        """The asset's page in the Code Editor."""
        return asset_page(self.name)

    def write(self, table: Collection, selectors: Sequence[str]) -> None:
        """Write what was exported, which has to have a place on Earth."""
        translated(check_places, table)
        self.put(table, selectors)

    def put(self, table: Collection, selectors: Sequence[str] = ()) -> None:
        """Write the features and put the asset into the tree."""
        path = self.assets.file_path(self.name, ".ndjson")
        stored = translated(write_table, table, self.name, path, selectors, self.fields)
        self.assets.put(stored, self.kind, overwrite=self.overwrite)


def table_destination_of(body: Mapping[str, Any], root: Path, assets: Assets) -> TableDestination:
    """Return where an ExportTableRequest wants its table.

    Raises:
        ApiError: The emulator does not write there, or the place is taken.
    """
    if body.get("policy"):
        raise ApiError("UNIMPLEMENTED", "The emulator exports tables without 'policy'; set it on the asset.")
    if "assetExportOptions" in body:
        wanted = body["assetExportOptions"]["earthEngineDestination"]
        return _asset(wanted["name"], "TABLE", assets, overwrite=wanted.get("overwrite", False))
    if "featureViewExportOptions" in body:
        return _feature_view(body["featureViewExportOptions"], assets)
    if "bigqueryExportOptions" in body:
        return big_query_table_of(body["bigqueryExportOptions"]["bigqueryDestination"], root)
    options = body["fileExportOptions"]
    if options["fileFormat"] not in TABLE_FORMATS:
        formats = ", ".join(TABLE_FORMATS)
        raise ApiError("UNIMPLEMENTED", f"The emulator writes tables as {formats}, not as {options['fileFormat']}.")
    place = place_of(options, root)
    return TableFile(place.file(_NAMELESS), options["fileFormat"], place.uris)


def _asset(
    name: str, kind: str, assets: Assets, *, overwrite: bool, fields: Mapping[str, Any] | None = None
) -> TableAsset:
    assets.check_place(name, kind, overwrite=overwrite)
    return TableAsset(name, kind, overwrite, assets, fields or {})


def _feature_view(options: Mapping[str, Any], assets: Assets) -> TableAsset:
    wanted = options["featureViewDestination"]
    if wanted.get("permissions") == "PUBLIC":
        raise ApiError("UNIMPLEMENTED", "The emulator makes no feature view PUBLIC; set its policy.")
    ingestion = {"ingestionTimeParameters": options.get("ingestionTimeParameters", {})}
    fields = {"featureViewAssetLocation": {"assetOptions": ingestion}}
    return _asset(wanted["name"], "FEATURE_VIEW", assets, overwrite=False, fields=fields)
