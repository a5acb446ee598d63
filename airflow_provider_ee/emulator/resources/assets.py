"""projects.assets: the tree, IAM policies, and pixels of stored images."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from airflow_provider_ee.emulator.compute import image_pixels, stored_image
from airflow_provider_ee.emulator.computing import computed
from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.http.pages import page_size, read_token, write_token
from airflow_provider_ee.emulator.schemas.common import ASSET_ID, ASSET_NAME
from airflow_provider_ee.emulator.schemas.naming import check_properties
from airflow_provider_ee.emulator.state import asset_filters
from airflow_provider_ee.emulator.state.asset import Asset
from airflow_provider_ee.emulator.state.asset_regions import touching
from airflow_provider_ee.emulator.state.switches import Keys

__all__ = [
    "copy",
    "create",
    "delete",
    "get",
    "get_iam_policy",
    "get_pixels",
    "list_images",
    "listing",
    "move",
    "patch",
    "set_iam_policy",
    "test_iam_permissions",
]

_LARGEST_BASIC_PAGE = 10_000
_LARGEST_FULL_PAGE = 1_000


async def get(call: Call) -> dict[str, Any]:
    """Answer assets.get."""
    return call.world.assets.get(call.name.rstrip("/")).shown()


async def create(call: Call) -> dict[str, Any]:
    """Answer assets.create: folders and image collections."""
    asset_id, body = ASSET_ID.read(call.query.get("assetId", ""), "assetId"), call.body
    kind = body["type"]
    if kind not in ("FOLDER", "IMAGE_COLLECTION"):
        raise ApiError("UNIMPLEMENTED", f"The emulator creates FOLDER and IMAGE_COLLECTION only, not {kind}.")
    fields = {key: body[key] for key in ("startTime", "endTime", "properties", "title", "description") if key in body}
    _check_properties(call, fields)
    if kind == "FOLDER" and fields:
        raise invalid(f"asset.{next(iter(fields))}", "a FOLDER takes no other field than its type.")
    overwrite = call.query.get("overwrite") == "true"
    name = f"{call.name}/assets/{asset_id}"
    return call.world.assets.create(name, kind, fields, overwrite=overwrite).shown()


async def patch(call: Call) -> dict[str, Any]:
    """Answer assets.patch."""
    mask, asset = call.body.get("updateMask", []), call.body.get("asset", {})
    _check_properties(call, asset)
    return call.world.assets.patch(call.name, asset, mask).shown()


def _check_properties(call: Call, asset: Mapping[str, Any]) -> None:
    if call.world.settings.property_keys is Keys.STRICT:
        check_properties(asset.get("properties", {}), "asset.properties")


async def copy(call: Call) -> dict[str, Any]:
    """Answer assets.copy."""
    body = call.body
    copied: Asset = await computed(
        call.world.assets.copy,
        call.name,
        body["destinationName"],
        body.get("bandIds", []),
        overwrite=body.get("overwrite", False),
    )
    return copied.shown()


async def move(call: Call) -> dict[str, Any]:
    """Answer assets.move."""
    return call.world.assets.move(call.name, call.body["destinationName"]).shown()


async def delete(call: Call) -> dict[str, Any]:
    """Answer assets.delete."""
    call.world.assets.delete(call.name)
    return {}


async def listing(call: Call) -> dict[str, Any]:
    """Answer projects.listAssets and projects.assets.listAssets."""
    parent = call.name.rstrip("/")
    parent = parent if "/assets" in parent else f"{parent}/assets"
    view = _view(call)
    children = call.world.assets.children(parent)
    # The API ignores filter and view where the parent is a folder.
    if call.world.assets.get(parent).type != "IMAGE_COLLECTION":
        return _page(call, "assets", children, basic=False)
    fits = asset_filters.parse(call.query.get("filter", ""))
    return _page(call, "assets", [child for child in children if fits(child.shown())], basic=view.startswith("BASIC"))


async def list_images(call: Call) -> dict[str, Any]:
    """Answer assets.listImages, which the reference of v1alpha describes: listAssets with a filter in parts."""
    query = call.query
    terms = [query["filter"]] if query.get("filter") else []
    terms += [f'startTime >= "{query["startTime"]}"'] if "startTime" in query else []
    terms += [f'endTime < "{query["endTime"]}"'] if "endTime" in query else []
    predicates = [asset_filters.parse(" AND ".join(terms))]
    if "region" in query:
        predicates.append(touching(query["region"], "region"))
    images = [
        child
        for child in call.world.assets.children(call.name.rstrip("/"))
        if child.type == "IMAGE" and all(fits(child.shown()) for fits in predicates)
    ]
    return _page(call, "images", images, basic=_view(call).startswith("BASIC"))


def _view(call: Call) -> str:
    view = call.query.get("view", "FULL")
    if view not in ("FULL", "BASIC", "BASIC_SYNC", "EARTH_ENGINE_ASSET_VIEW_UNSPECIFIED"):
        raise invalid("view", f"{view!r} is not one of FULL, BASIC.")
    return view


def _page(call: Call, key: str, assets: Sequence[Asset], *, basic: bool) -> dict[str, Any]:
    """Return the part of a listing that the request asks for, and the token of the next one."""
    size = page_size(
        call.query, default=_LARGEST_FULL_PAGE, largest=_LARGEST_BASIC_PAGE if basic else _LARGEST_FULL_PAGE
    )
    token = call.query.get("pageToken", "")
    start = read_token(token) if token else 0
    answer: dict[str, Any] = {key: [asset.shown(basic=basic) for asset in assets[start : start + size]]}
    if start + size < len(assets):
        answer["nextPageToken"] = write_token(start + size)
    return answer


async def get_pixels(call: Call) -> Response:
    """Answer assets.getPixels."""
    call.world.assets.get(ASSET_NAME.read(call.name, "name"))
    image = await computed(stored_image, call.name, call.world.stored)
    body, content_type = await computed(
        image_pixels,
        image,
        grid=call.body.get("grid"),
        region=call.body.get("region"),
        band_ids=call.body.get("bandIds"),
        file_format=call.body.get("fileFormat", "AUTO_JPEG_PNG"),
        visualization=call.body.get("visualizationOptions"),
    )
    return Response(body, media_type=content_type)


async def get_iam_policy(call: Call) -> dict[str, Any]:
    """Answer assets.getIamPolicy."""
    return call.world.assets.get(call.name).policy()


async def set_iam_policy(call: Call) -> dict[str, Any]:
    """Answer assets.setIamPolicy, which replaces the whole policy."""
    return call.world.assets.set_policy(call.name, call.body["policy"]).policy()


async def test_iam_permissions(call: Call) -> dict[str, Any]:
    """Answer assets.testIamPermissions; for an asset that is missing, nothing is permitted."""
    try:
        call.world.assets.get(call.name)
    except ApiError:
        return {}
    return {"permissions": [name for name in call.body["permissions"] if name not in call.caller.missing]}
