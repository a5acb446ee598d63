"""Imports of images that stay in their bucket: the asset only refers to the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow.sdk import Context

from airflow_provider_ee.base import arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.identity import ticket_of
from airflow_provider_ee.operators.base.if_exists import check_if_exists, keep_existing
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.imports.base import ManifestBesideTheDag

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.typing import Fields, Flag, Number, OperatorArguments, Text, TextsLike, TimeLike

__all__ = ["EarthEngineImportExternalImageOperator"]

_KEY = "earthengine_external_image"


class EarthEngineImportExternalImageOperator(ManifestBesideTheDag, EarthEngineDirectOperator):
    """Make an asset of a cloud-optimised GeoTIFF that stays in Cloud Storage. Returns its `asset_id`.

    The asset is there when Earth Engine answers; nothing runs on. It is of the file as it is now: when another one is
    put in its place, the asset must be made anew. Without Airflow 3.3, which keeps notes over retries, a retry does not
    know an asset again that a killed try has made, and takes it for somebody else's.

    https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff

    Args:
        manifest: The manifest as a dict or JSON text, or the path of a `.json` file beside the DAG. Or leave it out,
            and give `asset_id`, `uris`, and what else there is to say.
        asset_id: The asset, `projects/<project>/assets/<path>`, unless the manifest names it.
        uris: The address of the file, `gs://<bucket>/<object>`, or those of several.
        bands: The names of the bands: a list, or one text with commas.
        crs: The projection, such as `EPSG:32632`, or WKT, where the file does not say it.
        nodata_value: The number that stands for pixels without a value, for all bands or one for each.
        last_band_alpha: Whether the last band masks the others.
        pyramiding_policy: How overviews are made: `MEAN`, `MODE`, `SAMPLE`, `MIN`, `MAX` or `MEDIAN`, for all bands or
            one for each.
        start_time: When what it shows was, or began: a datetime, or a text such as `2026-01-31`; in UTC unless it says
            so.
        end_time: The first moment after it, in the same forms.
        properties: Texts and numbers by name.
        use_latest_object_version: Whether the asset follows its file, instead of being of the file as it is now.
            Google's own client has this field; the reference of the REST API does not.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and
            say `already_existed` in the result; or `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not
            read the new one: its sharing is not kept.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    if_exists: str
    overwrite: bool

    def __init__(
        self,
        *,
        manifest: Fields | Text | None = None,
        asset_id: Text | None = None,
        uris: TextsLike | None = None,
        bands: TextsLike | None = None,
        crs: Text | None = None,
        nodata_value: Number | Sequence[Number] | None = None,
        last_band_alpha: Flag | None = None,
        pyramiding_policy: TextsLike | None = None,
        start_time: TimeLike | None = None,
        end_time: TimeLike | None = None,
        properties: Fields | None = None,
        use_latest_object_version: Flag | None = None,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
        self.if_exists = check_if_exists(if_exists, ("fail", "overwrite", "ignore", "skip"), overwrite=overwrite)
        self.overwrite = self.if_exists == "overwrite"
        self.check_constants()

    def run(self, hook: EarthEngineHook, context: Context) -> dict[str, Any]:
        """Make the asset."""
        from airflow_provider_ee.client.arguments import names
        from airflow_provider_ee.client.imports.external import create_external_image

        built = self.build({name: value for name, value in self.given().items() if name != "if_exists"})
        client, name = hook.client(), built.destination()["asset_id"]
        store, mark = context.get("task_state_store"), ticket_of(context).marker

        def begin() -> None:
            if store is not None:
                store.set(_KEY, mark)

        created = client.run(
            create_external_image(
                built.request(names.project_path(client.project)),
                name,
                if_exists="ignore" if self.if_exists == "skip" else self.if_exists,
                begun=store is not None and store.get(_KEY) == mark,
                begin=begin,
            )
        )
        return {"asset_id": name} if created else keep_existing(self, name, {"asset_id": name})
