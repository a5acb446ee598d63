"""See what assets there are, as flows.

https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/listAssets
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Collection
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.errors import InvalidArgument, NotFound, shown
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Items, Listing, Pages, collect
from airflow_provider_ee.client.rest.request import Request

__all__ = ["CONTAINERS", "TYPES", "Asset", "each_asset", "find_asset", "list_assets", "parent_name"]

#: What Earth Engine calls an EarthEngineAsset; only `name`, `type` and `updateTime` are sure to be in it.
Asset: TypeAlias = dict[str, Any]

TYPES = ("CLASSIFIER", "FEATURE_VIEW", "FOLDER", "IMAGE", "IMAGE_COLLECTION", "TABLE")
CONTAINERS = frozenset({"FOLDER", "IMAGE_COLLECTION"})

#: https://developers.google.com/earth-engine/reference/rest/v1/EarthEngineAssetView
_LARGEST_PAGE, _LARGEST_BASIC_PAGE = 1_000, 10_000

_TOP = re.compile(r"(projects/[^/]+)(?:/assets/?)?")


def parent_name(value: object, project: str, argument: str = "parent") -> str:
    """Return the name of what can be listed: an asset's, or `projects/my-project` for the top of a project's tree.

    Args:
        value: An asset id, a project with or without `/assets`, or None for the project at hand.
        project: The project at hand.
        argument: Who to blame.
    """
    if value is None:
        return names.project_path(project)
    if isinstance(value, str) and (top := _TOP.fullmatch(value)):
        return names.project_path(top[1], argument)
    return names.asset_name(value, argument)


def find_asset(name: str) -> Flow[Asset | None]:
    """Return an asset; None if it does not exist, or the caller may not see it."""
    try:
        return dict((yield methods.assets_get(name)))
    except NotFound:
        return None


def each_asset(
    parent: str,
    *,
    types: Collection[str] = (),
    recursive: bool = False,
    names_only: bool = False,
    filter_text: str | None = None,
    limit: int | None = None,
) -> Listing[Asset]:
    """List what is in a folder or collection, a folder always before what is in it.

    Args:
        parent: Its name, or `projects/my-project` for the top of the tree.
        types: Which types of assets; all of them if empty.
        recursive: Whether to list what is in the folders and collections found, too.
        names_only: Whether the names and types are enough, which makes for larger pages.
        filter_text: Which images of a collection, in Earth Engine's words.
        limit: How many are enough.

    Raises:
        InvalidArgument: There is a filter, but no collection: Earth Engine would ignore it.
    """
    if filter_text is not None:
        yield from _check_collection(parent, filter_text)
    # Of a page, many may be of other types, or folders: a small one would make for many requests.
    page_size = limit if limit is not None and not types and not recursive else None
    missing = math.inf if limit is None else limit
    left = deque([parent])
    while left:
        request = _listing(left.popleft(), names_only=names_only, filter_text=filter_text, page_size=page_size)
        pages = Pages(request, "assets")
        while pages.request:
            assets = [one for one in pages.read((yield pages.request)) if isinstance(one.get("name"), str)]
            left += [asset["name"] for asset in assets if recursive and asset.get("type") in CONTAINERS]
            found = [asset for asset in assets if not types or asset.get("type") in types]
            yield Items(found[: int(min(len(found), missing))])
            missing -= len(found)
            if missing <= 0:
                return


def list_assets(
    parent: str,
    *,
    types: Collection[str] = (),
    recursive: bool = False,
    names_only: bool = False,
    filter_text: str | None = None,
    limit: int | None = None,
) -> Flow[list[Asset]]:
    """Return what `each_asset` lists."""
    return collect(
        each_asset(
            parent, types=types, recursive=recursive, names_only=names_only, filter_text=filter_text, limit=limit
        )
    )


def _check_collection(parent: str, filter_text: str) -> Flow[None]:
    kind = (yield methods.assets_get(parent)).get("type") if "/assets/" in parent else "FOLDER"
    if kind != "IMAGE_COLLECTION":
        raise InvalidArgument("filter", f"{shown(filter_text)} would be ignored in a {kind}", "an image collection's")


def _listing(parent: str, *, names_only: bool, filter_text: str | None, page_size: int | None) -> Request:
    largest = _LARGEST_BASIC_PAGE if names_only else _LARGEST_PAGE
    method = methods.assets_list if "/assets/" in parent else methods.assets_list_roots
    return method(
        parent, pageSize=min(page_size or largest, largest), view="BASIC" if names_only else None, filter=filter_text
    )
