"""What every import does: build its request from a manifest, or from the arguments of `earthengine upload`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.operators.base.built import BuiltByClient
from airflow_provider_ee.operators.base.if_exists import AssetMayExist

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["ImportOperator", "ManifestBesideTheDag"]


class ManifestBesideTheDag(BuiltByClient):
    """An operator whose argument `manifest` may be the name of a file beside the DAG."""

    client_module = "imports"
    template_ext: Sequence[str] = (".json",)
    file_arguments: ClassVar[tuple[str, ...]] = ("manifest",)
    template_fields_renderers: ClassVar[dict[str, str]] = dict.fromkeys(
        ("manifest", "properties", "column_data_types"), "json"
    )


class ImportOperator(AssetMayExist, ManifestBesideTheDag):
    """Import files of Cloud Storage as an asset, wait until it is there, return its id."""

    arguments: ClassVar[tuple[str, ...]] = ("asset_id", "overwrite")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check_constants()

    def request(self, project: str, _: Context) -> Request:
        """Build the request."""
        request: Request = self.build(self.given()).request(project)
        return request

    def destination(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - from the arguments
        """Say which asset it makes."""
        destination: dict[str, Any] = self.build(self.given()).destination()
        return destination
