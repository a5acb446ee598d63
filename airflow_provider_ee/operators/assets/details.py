"""What is known of assets: look at one, list many, change what is written on one.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.base import arguments
from airflow_provider_ee.client.arguments.scalars import choice, flag, optional, texts, whole
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from airflow_provider_ee.typing import Fields, Flag, Number, OperatorArguments, Text, TextsLike, TimeLike

__all__ = ["EarthEngineGetAssetOperator", "EarthEngineListAssetsOperator", "EarthEngineUpdateAssetOperator"]


class EarthEngineGetAssetOperator(EarthEngineDirectOperator):
    """Describe an asset, as `ee.data.getAsset` does. Returns its type, bands, properties, times and size.

    Args:
        asset_id: The asset; a public one will do.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    asset_id: str

    def __init__(
        self,
        *,
        asset_id: Text,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Look at it."""
        return hook.get_asset(self.asset_id)


class EarthEngineListAssetsOperator(EarthEngineDirectOperator):
    """List what is in a folder or an image collection, as `ee.data.listAssets` does. Returns assets, or their names.

    Args:
        parent: The folder or collection, a public one will do; the top of the project's assets if None.
        filter: Which images of a collection, such as `startTime >= "2026-01-01T00:00:00Z" AND properties.CLOUDY < 10`.
            Earth Engine ignores it in folders, so it is refused there.
        recursive: Whether to list what is in the folders and collections found, too.
        types: Which types of assets: `IMAGE`, `IMAGE_COLLECTION`, `TABLE`, `FOLDER`, `CLASSIFIER`, `FEATURE_VIEW`.
        names_only: Whether to return names, over which another task can be mapped.
        limit: The most assets to return.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    parent: str | None
    filter: str | None
    recursive: bool | str
    types: str | Sequence[str] | None
    names_only: bool | str
    limit: int | str | None

    def __init__(
        self,
        *,
        parent: Text | None = None,
        filter: Text | None = None,
        recursive: Flag = False,
        types: TextsLike | None = None,
        names_only: Flag = False,
        limit: Number | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, _: Context) -> list[Any]:
        """List it."""
        from airflow_provider_ee.client.assets.listing import TYPES, list_assets, parent_name

        named = {name: name for name in TYPES}
        names_only = flag("names_only", self.names_only)
        client = hook.client()
        assets = client.run(
            list_assets(
                parent_name(self.parent, client.project),
                types=[choice("types", one, named, "type of asset") for one in texts("types", self.types) or ()],
                recursive=flag("recursive", self.recursive),
                names_only=names_only,
                filter_text=self.filter or None,
                limit=optional(whole, "limit", self.limit, 1, 10**9),
            )
        )
        self.log.info("%d assets.", len(assets))
        return [asset["name"] for asset in assets] if names_only else assets


class EarthEngineUpdateAssetOperator(EarthEngineDirectOperator):
    """Change what is written on an asset, as `earthengine asset set` does. Returns the asset.

    What is not named stays as it is.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        properties: New values by name: texts and numbers, or None to remove a property.
        start_time: A datetime, a text such as `2026-01-31` or `2026-01-31T12:00:00Z`, or an empty text to remove it.
        end_time: The first moment after it, in the same forms.
        title: A title, or an empty text to remove it.
        description: A description, or an empty text to remove it.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    template_fields_renderers: ClassVar[dict[str, str]] = {"properties": "json"}

    asset_id: str
    properties: Mapping[str, str | float | None] | None
    start_time: datetime | str | None
    end_time: datetime | str | None
    title: str | None
    description: str | None

    def __init__(
        self,
        *,
        asset_id: Text,
        properties: Fields | None = None,
        start_time: TimeLike | None = None,
        end_time: TimeLike | None = None,
        title: Text | None = None,
        description: Text | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Change it."""
        from airflow_provider_ee.client.arguments.names import writable_asset
        from airflow_provider_ee.client.assets.fields import asset_update
        from airflow_provider_ee.client.rest import methods

        body = asset_update(
            properties=self.properties,
            start_time=self.start_time,
            end_time=self.end_time,
            title=self.title,
            description=self.description,
        )
        return dict(hook.client().send(methods.assets_patch(writable_asset(self.asset_id), body=body)))
