"""Where a table export writes: files, a table or a feature view among the assets, or a table of BigQuery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from airflow_provider_ee.emulator.state.switches import Files
from airflow_provider_ee.emulator.state.world import World
from airflow_provider_ee.emulator.storage.bigquery import big_query_table_of
from airflow_provider_ee.emulator.storage.files import FileTarget, asset_page, file_target

__all__ = ["TableAsset", "TableDestination", "TableFile", "table_destination"]

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
        target: Where it is written.
        file_format: The request's fileFormat.
        suffix: What comes after the prefix.
    """

    target: FileTarget
    file_format: str
    suffix: str = ""

    @property
    def uris(self) -> tuple[str, ...]:
        """Where a person finds it."""
        return self.target.uris

    def write(self, table: Collection, selectors: Sequence[str]) -> None:
        """Write the file."""
        self.target.check()
        path = self.target.file("" if self.suffix else _NAMELESS)
        translated(write_table_file, table, self.file_format, path.with_name(path.name + self.suffix), selectors)


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


def table_destination(body: Mapping[str, Any], world: World, user: str) -> TableDestination:
    """Return where an ExportTableRequest wants its table.

    Raises:
        ApiError: The emulator does not write there, or the place is taken.
    """
    if body.get("policy"):
        raise ApiError("UNIMPLEMENTED", "The emulator exports tables without 'policy'; set it on the asset.")
    if "assetExportOptions" in body:
        wanted = body["assetExportOptions"]["earthEngineDestination"]
        return _asset(wanted["name"], "TABLE", world, overwrite=wanted.get("overwrite", False))
    if "featureViewExportOptions" in body:
        return _feature_view(body["featureViewExportOptions"], world)
    if "bigqueryExportOptions" in body:
        return big_query_table_of(body["bigqueryExportOptions"]["bigqueryDestination"], world.root)
    options = body["fileExportOptions"]
    if options["fileFormat"] not in TABLE_FORMATS:
        formats = ", ".join(TABLE_FORMATS)
        raise ApiError("UNIMPLEMENTED", f"The emulator writes tables as {formats}, not as {options['fileFormat']}.")
    target = file_target(options, world, user)
    old_names = target.in_bucket and world.settings.table_file_names is Files.EE_EXPORT
    return TableFile(target, options["fileFormat"], _NAMELESS if old_names else "")


def _asset(
    name: str, kind: str, world: World, *, overwrite: bool, fields: Mapping[str, Any] | None = None
) -> TableAsset:
    world.check_export_place(name, kind, overwrite=overwrite)
    return TableAsset(name, kind, overwrite, world.assets, fields or {})


def _feature_view(options: Mapping[str, Any], world: World) -> TableAsset:
    wanted = options["featureViewDestination"]
    if wanted.get("permissions") == "PUBLIC":
        raise ApiError("UNIMPLEMENTED", "The emulator makes no feature view PUBLIC; set its policy.")
    ingestion = {"ingestionTimeParameters": options.get("ingestionTimeParameters", {})}
    fields = {"featureViewAssetLocation": {"assetOptions": ingestion}}
    return _asset(wanted["name"], "FEATURE_VIEW", world, overwrite=False, fields=fields)
