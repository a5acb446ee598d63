"""What to do when the result of an operation is there already."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.operators.base.operation import EarthEngineOperationOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client

__all__ = ["AssetMayExist", "checked_if_exists", "way_with_assets"]


def checked_if_exists(value: str, allowed: Collection[str] = ("fail", "skip", "overwrite")) -> str:
    """Check the argument `if_exists`."""
    if value not in allowed:
        raise InvalidArgument("if_exists", f"{shown(value)} is none of the ways", " or ".join(allowed))
    return value


def way_with_assets(if_exists: str, *, overwrite: bool) -> str:
    """Check `if_exists` of an asset together with `overwrite`, which is the same in the words of `ee`."""
    if overwrite and if_exists == "skip":
        raise InvalidArgument("overwrite", "it contradicts if_exists='skip'", "one of the two")
    return "overwrite" if overwrite else checked_if_exists(if_exists)


class AssetMayExist(EarthEngineOperationOperator):
    """An operation that makes an asset.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is such an asset: `fail`, `overwrite` it, or `skip` the work: then the task
            succeeds at once, and its result says `skipped`.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`.
    """

    def __init__(
        self,
        *,
        asset_id: str,
        if_exists: Literal["fail", "skip", "overwrite"] = "fail",
        overwrite: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.if_exists = way_with_assets(if_exists, overwrite=overwrite)
        self.overwrite = self.if_exists == "overwrite"

    def already_done(self, client: Client) -> dict[str, Any] | None:
        """Skip what is there, if so asked."""
        from airflow_provider_ee.client.errors import NotFound
        from airflow_provider_ee.client.rest import methods

        place = self.destination()
        if place["asset_id"] != self.asset_id:
            self.log.warning("%s is an id of before Cloud projects, for %s.", self.asset_id, place["asset_id"])
        if self.if_exists != "skip":
            return None
        try:
            client.send(methods.assets_get(place["asset_id"]))
        except NotFound:
            return None
        self.log.info("%s is there already: nothing is started.", place["asset_id"])
        return {**place, "skipped": True}

    def destination(self) -> dict[str, Any]:
        """Say which asset it makes."""
        from airflow_provider_ee.client.arguments.names import destination_asset

        return {"asset_id": destination_asset(self.asset_id)}
