"""Images: the files are copied into an asset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from airflow_provider_ee.operators.base.if_exists import AssetMayExist
from airflow_provider_ee.operators.imports.forms import ImageForm

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineImportImageOperator"]


class EarthEngineImportImageOperator(ImageForm, AssetMayExist):
    """Import an image from Cloud Storage, as `earthengine upload image` does.

    https://developers.google.com/earth-engine/reference/rest/v1alpha/projects.image/import

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`, unless a manifest names it.
        description: What the operation is called; the task's id if None.
        mode: `VIRTUAL` leaves the file where it is; Earth Engine's default is `INGEST`.
    """

    template_fields: Sequence[str] = (
        *AssetMayExist.template_fields,
        "manifest",
        *ImageForm.words,
        "description",
        "mode",
    )

    def __init__(
        self, *, asset_id: str | None = None, description: str | None = None, mode: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(asset_id=asset_id, **kwargs)
        self.description = description
        self.mode = mode

    def request(self, project: str, _: Context) -> Request:
        """Build the request."""
        from airflow_provider_ee.client.rest import methods

        return methods.image_import(project, body=self._body())

    def destination(self) -> dict[str, Any]:
        """Say which asset it makes."""
        return {"asset_id": self._body()["imageManifest"]["name"]}

    def _body(self) -> dict[str, Any]:
        from airflow_provider_ee.client.imports.requests import import_image

        return import_image(
            **self.said(),
            description=self.task_id if self.description is None else self.description,
            overwrite=self.overwrite,
            mode=self.mode,
        )
