"""What is known of assets: look at one, list many, change what is written on one.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.client.arguments.scalars import choice, optional, texts, whole
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["EarthEngineGetAssetOperator", "EarthEngineListAssetsOperator", "EarthEngineUpdateAssetOperator"]


class EarthEngineGetAssetOperator(EarthEngineDirectOperator):
    """Describe an asset, as `ee.data.getAsset` does. Returns its type, bands, properties, times and size.

    Args:
        asset_id: The asset; a public one will do.
    """

    template_fields: Sequence[str] = (*EarthEngineDirectOperator.template_fields, "asset_id")

    def __init__(self, *, asset_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Look at it."""
        return hook.get_asset(self.asset_id)


class EarthEngineListAssetsOperator(EarthEngineDirectOperator):
    """List what is in a folder or an image collection, as `ee.data.listAssets` does. Returns assets, or their names.

    Args:
        parent: The folder or collection, a public one will do; by default the top of the project's tree.
        filter: Which images of a collection, such as `startTime >= "2026-01-01T00:00:00Z" AND properties.CLOUDY < 10`.
            Earth Engine ignores it in folders, so it is refused there.
        recursive: Whether to list what is in the folders and collections found, too.
        types: Which types of assets: `IMAGE`, `IMAGE_COLLECTION`, `TABLE`, `FOLDER`, `CLASSIFIER`, `FEATURE_VIEW`.
        names_only: Whether to return names, such as another task is mapped over.
        limit: How many are enough.
    """

    template_fields: Sequence[str] = (
        *EarthEngineDirectOperator.template_fields,
        "parent",
        "filter",
        "types",
        "limit",
    )

    def __init__(
        self,
        *,
        parent: str | None = None,
        filter: str | None = None,  # noqa: A002  # Earth Engine's own word
        recursive: bool = False,
        types: str | Sequence[str] | None = None,
        names_only: bool = False,
        limit: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.parent = parent
        self.filter = filter
        self.recursive = recursive
        self.types = types
        self.names_only = names_only
        self.limit = limit

    def run(self, hook: EarthEngineHook, _: Context) -> list[Any]:
        """List it."""
        from airflow_provider_ee.client.assets.listing import TYPES, list_assets, parent_name

        named = {name: name for name in TYPES}
        client = hook.client()
        assets = client.run(
            list_assets(
                parent_name(self.parent, client.project),
                types=[choice("types", one, named, "type of asset") for one in texts("types", self.types) or ()],
                recursive=self.recursive,
                names_only=self.names_only,
                filter_text=self.filter or None,
                limit=optional(whole, "limit", self.limit, 1, 10**9),
            )
        )
        self.log.info("%d assets.", len(assets))
        return [asset["name"] for asset in assets] if self.names_only else assets


class EarthEngineUpdateAssetOperator(EarthEngineDirectOperator):
    """Change what is written on an asset, as `earthengine asset set` does. Returns the asset.

    What is not named stays as it is.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        properties: New values by name: texts and numbers, or None to remove a property.
        start_time: A datetime, text such as `2026-01-31` or `2026-01-31T12:00:00Z`, or an empty text to remove it.
        end_time: The first moment after it, in the same forms.
        title: A title, or an empty text to remove it.
        description: A description, or an empty text to remove it.
    """

    template_fields: Sequence[str] = (
        *EarthEngineDirectOperator.template_fields,
        "asset_id",
        "properties",
        "start_time",
        "end_time",
        "title",
        "description",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"properties": "json"}

    def __init__(
        self,
        *,
        asset_id: str,
        properties: Mapping[str, str | float | None] | None = None,
        start_time: datetime | str | None = None,
        end_time: datetime | str | None = None,
        title: str | None = None,
        description: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.properties = properties
        self.start_time = start_time
        self.end_time = end_time
        self.title = title
        self.description = description

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Change it."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.fields import asset_update
        from airflow_provider_ee.client.rest import methods

        body = asset_update(
            properties=self.properties,
            start_time=self.start_time,
            end_time=self.end_time,
            title=self.title,
            description=self.description,
        )
        return dict(hook.client().send(methods.assets_patch(destination_asset(self.asset_id), body=body)))
