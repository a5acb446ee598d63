"""Where exports go: what the operators of a kind of destination have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.operators.base.if_exists import AssetMayExist, checked_if_exists
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client

__all__ = ["ToAsset", "ToBigQuery", "ToCloudStorage"]


class ToCloudStorage(EarthEngineExportOperator):
    """An export to files or tiles in Cloud Storage."""

    arguments: ClassVar[tuple[str, ...]] = ()  # `if_exists` is not for Earth Engine

    def __init__(
        self,
        *,
        if_exists: Literal["overwrite", "skip"] = "overwrite",
        gcp_conn_id: str = "google_cloud_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.if_exists = checked_if_exists(if_exists, ("overwrite", "skip"))
        self.gcp_conn_id = gcp_conn_id

    def already_done(self, client: Client) -> dict[str, Any] | None:  # noqa: ARG002 - Storage is another service
        """Skip what is there, if so asked."""
        place = self.destination()
        if self.if_exists != "skip" or not self._any_file(place):
            return None
        self.log.info("There are files that begin with %s already: nothing is started.", place["uri_prefix"])
        return {**place, "skipped": True}

    def _any_file(self, place: Mapping[str, Any]) -> bool:
        from airflow.sdk import ObjectStoragePath

        folder, _, beginning = place["uri_prefix"].rpartition("/")
        path = ObjectStoragePath(folder, conn_id=self.gcp_conn_id)
        return path.exists() and any(file.name.startswith(beginning) for file in path.iterdir())


class ToAsset(AssetMayExist, EarthEngineExportOperator):
    """An export to an asset."""

    arguments: ClassVar[tuple[str, ...]] = ("asset_id", "overwrite")


class ToBigQuery(EarthEngineExportOperator):
    """An export to a BigQuery table."""

    arguments: ClassVar[tuple[str, ...]] = ("table", "overwrite", "append")

    def __init__(
        self,
        *,
        table: str,
        if_exists: Literal["fail", "skip", "overwrite", "append"] = "fail",
        overwrite: bool = False,
        append: bool = False,
        gcp_conn_id: str = "google_cloud_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.table = table
        self.if_exists = checked_if_exists(if_exists, ("fail", "skip", "overwrite", "append"))
        self.overwrite = overwrite or if_exists == "overwrite"
        self.append = append or if_exists == "append"
        if self.overwrite + self.append + (if_exists == "skip") > 1:
            raise InvalidArgument("if_exists", "it contradicts overwrite or append", "one of them")
        self.gcp_conn_id = gcp_conn_id

    def already_done(self, client: Client) -> dict[str, Any] | None:  # noqa: ARG002 - BigQuery is another service
        """Skip what is there, if so asked."""
        place = self.destination()
        if self.if_exists != "skip" or not self._is_there(*place["table"].split(".")):
            return None
        self.log.info("%s is there already: nothing is started.", place["table"])
        return {**place, "skipped": True}

    def _is_there(self, project: str, dataset: str, table: str) -> bool:
        try:
            from airflow.providers.google.cloud.hooks.bigquery import BigQueryHook
        except ImportError:
            missing = "the Google provider, which could look for the table, is not installed"
            allowed = "pip install apache-airflow-providers-google, or another value"
            raise InvalidArgument("if_exists", missing, allowed) from None
        hook = BigQueryHook(gcp_conn_id=self.gcp_conn_id, impersonation_chain=self.impersonation_chain)
        return bool(hook.table_exists(dataset_id=dataset, table_id=table, project_id=project))
