"""Where exports go: what the operators of a kind of destination have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_ee.operators.base.if_exists import AssetMayExist, check_if_exists, keep_existing
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.outputs import find_existing

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["ToAsset", "ToBigQuery", "ToCloudStorage"]


class ToCloudStorage(EarthEngineExportOperator):
    """An export to files or tiles in Cloud Storage."""

    arguments: ClassVar[tuple[str, ...]] = ()  # `if_exists` is not for Earth Engine

    def __init__(
        self, *, if_exists: Literal["overwrite", "fail", "ignore", "skip"] = "overwrite", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.if_exists = check_if_exists(if_exists, ("overwrite", "fail", "ignore", "skip"))

    def already_done(self, client: Client, request: Request) -> dict[str, Any] | None:  # noqa: ARG002 - Storage is another service
        """Leave alone the files that are there, if so asked."""
        if self.if_exists == "overwrite":
            return None
        result = self.destination(request)
        found = find_existing(self, result, most=1)
        return None if found == [] else keep_existing(self, f"{result['uri_prefix']}...", result)


class ToAsset(AssetMayExist, EarthEngineExportOperator):
    """An export to an asset."""

    arguments: ClassVar[tuple[str, ...]] = ("asset_id", "overwrite")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check_constants()


class ToBigQuery(EarthEngineExportOperator):
    """An export to a BigQuery table."""

    arguments: ClassVar[tuple[str, ...]] = ("table", "overwrite", "append")

    def __init__(
        self,
        *,
        table: str,
        if_exists: Literal["fail", "overwrite", "append", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        append: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.table = table
        allowed = ("fail", "overwrite", "append", "ignore", "skip")
        self.if_exists = check_if_exists(if_exists, allowed, overwrite=overwrite, append=append)
        self.overwrite = self.if_exists == "overwrite"
        self.append = self.if_exists == "append"
        self.check_constants()

    def already_done(self, client: Client, request: Request) -> dict[str, Any] | None:  # noqa: ARG002 - BigQuery is another service
        """Leave alone the table that is there, if so asked."""
        if self.if_exists not in {"ignore", "skip"}:
            return None
        from airflow_provider_ee.client.exports.outputs import table_exists

        result = self.destination(request)
        with self.hook.client_of("bigquery") as big_query:
            exists = big_query.run(table_exists(result["table"]))
        return keep_existing(self, result["table"], result) if exists else None
