"""The tree of assets: create folders and image collections, copy, move, delete.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow.sdk import Context

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.if_exists import checked_if_exists
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator, decided

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "EarthEngineCopyAssetOperator",
    "EarthEngineCreateFolderOperator",
    "EarthEngineCreateImageCollectionOperator",
    "EarthEngineDeleteAssetOperator",
    "EarthEngineMoveAssetOperator",
]


class EarthEngineCreateFolderOperator(EarthEngineDirectOperator):
    """Create a folder, as `earthengine create folder` does. Returns the asset.

    Args:
        asset_id: The folder, `projects/<project>/assets/<path>`.
        parents: Whether the folders above it are created too, as by `mkdir -p`.
        if_exists: What to do if there is one: `fail`, or `skip` the work.
    """

    template_fields: Sequence[str] = (*EarthEngineDirectOperator.template_fields, "asset_id")
    _kind: ClassVar[str] = "FOLDER"

    def __init__(
        self, *, asset_id: str, parents: bool = True, if_exists: Literal["fail", "skip"] = "fail", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.parents = parents
        self.if_exists = checked_if_exists(if_exists, ("fail", "skip"))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Create it."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.tree import create_asset

        name = destination_asset(self.asset_id)
        return hook.client().run(
            create_asset(name, self._kind, self._fields(), parents=self.parents, if_exists=self.if_exists)
        )

    def _fields(self) -> dict[str, Any]:
        return {}


class EarthEngineCreateImageCollectionOperator(EarthEngineCreateFolderOperator):
    """Create an image collection, as `earthengine create collection` does. Returns the asset.

    Args:
        asset_id: The collection, `projects/<project>/assets/<path>`.
        parents: Whether the folders above it are created too, as by `mkdir -p`.
        if_exists: What to do if there is one: `fail`, or `skip` the work.
        properties: Texts and numbers by name.
        start_time: The time of its first image: a datetime, or text such as `2026-01-31` or `2026-01-31T12:00:00Z`.
        end_time: The first moment after its last image.
    """

    template_fields: Sequence[str] = (
        *EarthEngineCreateFolderOperator.template_fields,
        "properties",
        "start_time",
        "end_time",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"properties": "json"}
    _kind: ClassVar[str] = "IMAGE_COLLECTION"

    def __init__(
        self,
        *,
        properties: Mapping[str, str | float] | None = None,
        start_time: datetime | str | None = None,
        end_time: datetime | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.properties = properties
        self.start_time = start_time
        self.end_time = end_time

    def _fields(self) -> dict[str, Any]:
        from airflow_provider_ee.client.assets.fields import collection_fields

        return collection_fields(properties=self.properties, start_time=self.start_time, end_time=self.end_time)


class EarthEngineCopyAssetOperator(EarthEngineDirectOperator):
    """Copy an asset, as `earthengine cp` does. Returns the copy.

    Args:
        source: What to copy; a public asset will do.
        destination: The copy, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is an asset of that name: `fail`, `skip` the work, or `overwrite` it.
    """

    template_fields: Sequence[str] = (*EarthEngineDirectOperator.template_fields, "source", "destination")

    def __init__(
        self,
        *,
        source: str,
        destination: str,
        if_exists: Literal["fail", "skip", "overwrite"] = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.destination = destination
        self.if_exists = checked_if_exists(if_exists)

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Copy it."""
        from airflow_provider_ee.client.arguments.names import asset_name, destination_asset
        from airflow_provider_ee.client.assets.tree import copy_asset

        source, destination = asset_name(self.source, "source"), destination_asset(self.destination, "destination")
        return hook.client().run(copy_asset(source, _elsewhere(source, destination), if_exists=self.if_exists))


class EarthEngineMoveAssetOperator(EarthEngineDirectOperator):
    """Move an asset, with all that is in it, as `earthengine mv` does. Returns the asset under its new name.

    Earth Engine cannot move one asset over another.

    Args:
        source: What to move, `projects/<project>/assets/<path>`.
        destination: Its new name.
        if_exists: What to do if there is an asset of that name: `fail`, or `skip` the work, so that a task that ran
            before does no harm.
    """

    template_fields: Sequence[str] = (*EarthEngineDirectOperator.template_fields, "source", "destination")

    def __init__(
        self, *, source: str, destination: str, if_exists: Literal["fail", "skip"] = "fail", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.destination = destination
        self.if_exists = checked_if_exists(if_exists, ("fail", "skip"))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Move it."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.tree import move_asset

        source, destination = (
            destination_asset(self.source, "source"),
            destination_asset(self.destination, "destination"),
        )
        return hook.client().run(move_asset(source, _elsewhere(source, destination), if_exists=self.if_exists))


class EarthEngineDeleteAssetOperator(EarthEngineDirectOperator):
    """Delete an asset, as `earthengine rm` does. Returns the names of all that was deleted, or would be.

    Args:
        asset_id: What to delete, `projects/<project>/assets/<path>`.
        recursive: Whether a folder or collection is deleted with all that is in it. A template may say it.
        dry_run: Whether to delete nothing. A template may say it, as `true` or `false`.
        ignore_missing: Whether it is no error if there is none.
    """

    template_fields: Sequence[str] = (*EarthEngineDirectOperator.template_fields, "asset_id", "recursive", "dry_run")

    def __init__(
        self,
        *,
        asset_id: str,
        recursive: bool | str = False,
        dry_run: bool | str = False,
        ignore_missing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.recursive = recursive
        self.dry_run = dry_run  # type: ignore[assignment,method-assign]  # Airflow 3 calls its method of this name nowhere
        self.ignore_missing = ignore_missing

    def run(self, hook: EarthEngineHook, _: Context) -> list[str]:
        """Delete it, what is in it first."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.tree import delete_asset

        return hook.client().run(
            delete_asset(
                destination_asset(self.asset_id),
                recursive=decided("recursive", self.recursive),
                dry_run=decided("dry_run", self.dry_run),
                ignore_missing=self.ignore_missing,
                tell=self.log.info,
            )
        )


def _elsewhere(source: str, destination: str) -> str:
    if source == destination:
        raise InvalidArgument("destination", f"{destination} is the source", "another name")
    return destination
