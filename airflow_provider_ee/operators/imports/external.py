"""Images that stay in their bucket: an asset only says where the file is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from airflow.sdk import Context

from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.identity import ticket_of
from airflow_provider_ee.operators.base.if_exists import way_with_assets
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.imports.forms import ImageForm

__all__ = ["EarthEngineImportExternalImageOperator"]

_KEY = "earthengine_external_image"


class EarthEngineImportExternalImageOperator(ImageForm, EarthEngineDirectOperator):
    """Make an asset of a cloud-optimised GeoTIFF that stays in Cloud Storage. Returns its `asset_id`.

    The asset is there when Earth Engine answers; nothing runs on. It is of the file as it is now: when another one is
    put in its place, the asset must be made anew. Without Airflow 3.3, which keeps notes over retries, a retry does not
    know an asset again that a killed try has made, and takes it for somebody else's.

    https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`, unless a manifest names it.
        if_exists: What to do if there is such an asset: `fail`, `overwrite` it, or `skip` the work: then the task
            succeeds at once, and its result says `skipped`.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`.
        use_latest_object_version: Whether the asset follows its file, instead of being of the file as it is now. Only
            Google's own client knows of this.
    """

    template_fields: Sequence[str] = (
        *EarthEngineDirectOperator.template_fields,
        "manifest",
        *ImageForm.words,
        "use_latest_object_version",
    )
    template_ext: Sequence[str] = (".json",)

    def __init__(
        self,
        *,
        asset_id: str | None = None,
        if_exists: Literal["fail", "skip", "overwrite"] = "fail",
        overwrite: bool = False,
        use_latest_object_version: bool | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.if_exists = way_with_assets(if_exists, overwrite=overwrite)
        self.use_latest_object_version = use_latest_object_version

    def run(self, hook: EarthEngineHook, context: Context) -> dict[str, Any]:
        """Make the asset."""
        from airflow_provider_ee.client.arguments import names
        from airflow_provider_ee.client.imports.external import create_external_image
        from airflow_provider_ee.client.imports.requests import import_external_image
        from airflow_provider_ee.client.rest import methods

        body = import_external_image(
            **self.said(),
            overwrite=self.if_exists == "overwrite",
            use_latest_object_version=self.use_latest_object_version,
        )
        client, name = hook.client(), body["imageManifest"]["name"]
        store, mark = context.get("task_state_store"), ticket_of(context).marker

        def begin() -> None:
            if store is not None:
                store.set(_KEY, mark)

        created = client.run(
            create_external_image(
                methods.image_import_external(names.project_path(client.project), body=body),
                name,
                if_exists=self.if_exists,
                begun=store is not None and store.get(_KEY) == mark,
                begin=begin,
            )
        )
        if created:
            return {"asset_id": name}
        self.log.info("%s is there already: nothing is made.", name)
        return {"asset_id": name, "skipped": True}
