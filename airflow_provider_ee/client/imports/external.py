"""Make an asset of a file that stays where it is, as a flow.

Earth Engine answers as soon as the asset is there, and knows no request again: the request has no id.
https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow_provider_ee.client.assets.listing import find_asset
from airflow_provider_ee.client.assets.tree import once
from airflow_provider_ee.client.errors import AlreadyExists
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.request import Request

__all__ = ["create_external_image"]


def create_external_image(
    request: Request,
    name: str,
    *,
    if_exists: str = "fail",
    begun: bool = False,
    begin: Callable[[], object] = lambda: None,
) -> Flow[bool]:
    """Create an asset, and say whether that was done; an answer that was lost is looked for.

    Args:
        request: A call of `image:importExternal`.
        name: The asset that it makes.
        if_exists: What becomes of an asset of this name: `fail`, `ignore` to leave it as it is, or `overwrite`.
        begun: Whether an earlier try has sent the request when nothing stood in its way: then what is there is its own.
        begin: Told just before the request is sent.

    Raises:
        AlreadyExists: The asset is there already.
    """
    before = yield from find_asset(name)
    if before is not None and if_exists != "overwrite":
        if begun:
            return True
        if if_exists == "ignore":
            return False
        raise AlreadyExists(
            "There is an asset of this name already.", name=name, hint="if_exists says what to do about it."
        )
    version = before and before.get("updateTime")

    def created() -> Flow[dict[str, Any] | None]:
        now = yield from find_asset(name)
        return None if now is None or now.get("updateTime") == version else now

    begin()
    yield from once(request, created)
    return True
