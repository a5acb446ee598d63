"""The tree of assets: create folders and image collections, copy, move, delete.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow.sdk import Context

from airflow_provider_ee.base import arguments
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.if_exists import check_if_exists, run_unless_exists
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator, read_guard

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from airflow_provider_ee.client.rest.flows import Flow
    from airflow_provider_ee.typing import Fields, Flag, OperatorArguments, Text, TextsLike, TimeLike

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
        asset_id: The asset, `projects/<project>/assets/<path>`.
        parents: Whether the folders above it are created too, as by `mkdir -p`.
        if_exists: What to do if there is an asset of that name: `fail`; `ignore`: succeed without any work; or `skip`
            the task.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    _kind: ClassVar[str] = "FOLDER"

    asset_id: str
    parents: bool | str
    if_exists: str

    def __init__(
        self,
        *,
        asset_id: Text,
        parents: Flag = True,
        if_exists: Literal["fail", "ignore", "skip"] = "fail",
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
        self.if_exists = check_if_exists(self.if_exists, ("fail", "ignore", "skip"))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Create it."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.tree import create_asset

        name = destination_asset(self.asset_id)
        fields, parents = self._fields(), flag("parents", self.parents)

        def create(if_exists: str) -> Flow[dict[str, Any]]:
            return create_asset(name, self._kind, fields, parents=parents, if_exists=if_exists)

        return run_unless_exists(hook.client(), self.if_exists, create)

    def _fields(self) -> dict[str, Any]:
        return {}


class EarthEngineCreateImageCollectionOperator(EarthEngineCreateFolderOperator):
    """Create an image collection, as `earthengine create collection` does. Returns the asset.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        properties: Texts and numbers by name.
        start_time: The time of the first image: a datetime, or a text such as `2026-01-31` or `2026-01-31T12:00:00Z`.
        end_time: The first moment after the last image.
        parents: Whether the folders above it are created too, as by `mkdir -p`.
        if_exists: What to do if there is an asset of that name: `fail`; `ignore`: succeed without any work; or `skip`
            the task.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    template_fields_renderers: ClassVar[dict[str, str]] = {"properties": "json"}
    _kind: ClassVar[str] = "IMAGE_COLLECTION"

    properties: Mapping[str, str | float] | None
    start_time: datetime | str | None
    end_time: datetime | str | None

    def __init__(
        self,
        *,
        asset_id: Text,
        properties: Fields | None = None,
        start_time: TimeLike | None = None,
        end_time: TimeLike | None = None,
        parents: Flag = True,
        if_exists: Literal["fail", "ignore", "skip"] = "fail",
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def _fields(self) -> dict[str, Any]:
        from airflow_provider_ee.client.assets.fields import collection_fields

        return collection_fields(properties=self.properties, start_time=self.start_time, end_time=self.end_time)


class EarthEngineCopyAssetOperator(EarthEngineDirectOperator):
    """Copy an asset, as `earthengine cp` does. Returns the copy.

    Args:
        source: The asset to begin with; to copy, a public one will do.
        destination: Its new name, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is an asset of that name: `fail`; `overwrite` it; `ignore`: succeed without any
            work; or `skip` the task.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    source: str
    destination: str
    if_exists: str

    def __init__(
        self,
        *,
        source: Text,
        destination: Text,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
        self.if_exists = check_if_exists(self.if_exists, ("fail", "overwrite", "ignore", "skip"))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Copy it."""
        from airflow_provider_ee.client.arguments.names import asset_name, destination_asset
        from airflow_provider_ee.client.assets.tree import copy_asset

        source, destination = asset_name(self.source, "source"), destination_asset(self.destination, "destination")
        _refuse_same(source, destination)
        return run_unless_exists(
            hook.client(), self.if_exists, lambda if_exists: copy_asset(source, destination, if_exists=if_exists)
        )


class EarthEngineMoveAssetOperator(EarthEngineDirectOperator):
    """Move an asset, with all that is in it, as `earthengine mv` does. Returns the asset under its new name.

    Earth Engine cannot move one asset over another.

    Args:
        source: The asset to begin with; to copy, a public one will do.
        destination: Its new name, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is an asset of that name: `fail`; `ignore`: succeed without any work; or `skip`
            the task.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    source: str
    destination: str
    if_exists: str

    def __init__(
        self,
        *,
        source: Text,
        destination: Text,
        if_exists: Literal["fail", "ignore", "skip"] = "fail",
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
        self.if_exists = check_if_exists(self.if_exists, ("fail", "ignore", "skip"))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Move it."""
        from airflow_provider_ee.client.arguments.names import destination_asset, writable_asset
        from airflow_provider_ee.client.assets.tree import move_asset

        source, destination = (
            writable_asset(self.source, "source"),
            destination_asset(self.destination, "destination"),
        )
        _refuse_same(source, destination)
        return run_unless_exists(
            hook.client(), self.if_exists, lambda if_exists: move_asset(source, destination, if_exists=if_exists)
        )


class EarthEngineDeleteAssetOperator(EarthEngineDirectOperator):
    """Delete an asset, as `earthengine rm` does. Returns the names of all that was deleted, or would be.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        recursive: Whether a folder or collection is deleted with all that is in it.
        dry_run: Whether to delete nothing, and only say what would be deleted.
        ignore_missing: Whether it is no error if there is no such asset.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    asset_id: str
    recursive: bool | str
    dry_run: bool | str  # type: ignore[assignment]  # Airflow 3 calls its method of this name nowhere
    ignore_missing: bool | str

    def __init__(
        self,
        *,
        asset_id: Text,
        recursive: Flag = False,
        dry_run: Flag = False,
        ignore_missing: Flag = False,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, _: Context) -> list[str]:
        """Delete it, what is in it first."""
        from airflow_provider_ee.client.arguments.names import writable_asset
        from airflow_provider_ee.client.assets.tree import delete_asset

        return hook.client().run(
            delete_asset(
                writable_asset(self.asset_id),
                recursive=read_guard("recursive", self.recursive),
                dry_run=read_guard("dry_run", self.dry_run),
                ignore_missing=flag("ignore_missing", self.ignore_missing),
                tell=self.log.info,
            )
        )


def _refuse_same(source: str, destination: str) -> None:
    if source == destination:
        raise InvalidArgument("destination", f"{destination} is the source", "another name")
