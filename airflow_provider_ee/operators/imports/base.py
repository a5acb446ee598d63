"""What every import does: build its request from a manifest, or from the arguments of `earthengine upload`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.base import FilesBesideTheDag, TemplatedArguments
from airflow_provider_ee.operators.base.if_exists import AssetMayExist

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Method, Request

__all__ = ["ImportOperator", "ManifestBesideTheDag"]


class ManifestBesideTheDag(TemplatedArguments, FilesBesideTheDag):
    """An operator whose argument `manifest` may be the name of a file beside the DAG."""

    template_ext: Sequence[str] = (".json",)
    file_arguments: ClassVar[tuple[str, ...]] = ("manifest",)
    template_fields_renderers: ClassVar[dict[str, str]] = dict.fromkeys(
        ("manifest", "properties", "column_data_types"), "json"
    )

    def given(self) -> dict[str, Any]:
        """Return the arguments of which the request is made."""
        return {name: getattr(self, name) for name in self.arguments}


class ImportOperator(AssetMayExist, ManifestBesideTheDag):
    """Import files of Cloud Storage as an asset, wait until it is there, return its id."""

    arguments: ClassVar[tuple[str, ...]] = ("asset_id", "overwrite")
    #: The field of the request that holds the manifest.
    manifest_field: ClassVar[str]
    description: str | None

    @property
    @abstractmethod
    def method(self) -> Method:
        """The method that starts it."""

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """Build the body of the request."""

    def request(self, project: str, _: Context) -> Request:
        """Build the request."""
        return self.method(project, body=self.body())

    def destination(self) -> dict[str, Any]:
        """Say which asset it makes."""
        return {"asset_id": self.body()[self.manifest_field]["name"]}

    def given(self) -> dict[str, Any]:
        """Return the arguments of which the request is made."""
        return {**super().given(), "description": self.task_id if self.description is None else self.description}
