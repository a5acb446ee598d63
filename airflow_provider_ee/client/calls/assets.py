"""Look at assets and change them, in the words of the operators. Flows, which check their arguments first.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.scalars import choice, flag, optional, texts, whole
from airflow_provider_ee.client.assets import tree
from airflow_provider_ee.client.assets.access import AccessChange, Policy, set_access
from airflow_provider_ee.client.assets.fields import asset_update, collection_fields
from airflow_provider_ee.client.assets.listing import TYPES, Asset, each_asset, parent_name
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports import requests as imports
from airflow_provider_ee.client.imports.external import create_external_image
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Listing

if TYPE_CHECKING:
    from airflow_provider_ee.client.arguments.types import Flag, Number, Texts, TimeLike

__all__ = [
    "ImportExternalImage",
    "copy_asset",
    "create_folder",
    "create_image_collection",
    "delete_asset",
    "get_asset",
    "list_assets",
    "move_asset",
    "set_asset_access",
    "update_asset",
]

_TYPES = {name: name for name in TYPES}


class ImportExternalImage(imports.ImportExternalImage):
    """Make an image asset of files in Cloud Storage that stay where they are, and return it."""

    def flow(self, project: str) -> Flow[Asset]:
        """Make it, once: an answer that was lost is looked for."""
        name = self.destination()["asset_id"]
        request = self.request(names.project_path(project))
        yield from create_external_image(request, name, if_exists="overwrite" if self.overwrite else "fail")
        return (yield from get_asset(project, name))


def get_asset(project: str, asset_id: str) -> Flow[Asset]:
    """Describe an asset, as `ee.data.getAsset` does: its type, bands, properties, times and size.

    Args:
        project: The project that is billed.
        asset_id: The asset, such as `USGS/SRTMGL1_003` or `projects/my-project/assets/path`.
    """
    return dict((yield methods.assets_get(names.asset_name(asset_id))))


def list_assets(
    project: str,
    parent: str | None = None,
    *,
    filter: str | None = None,  # noqa: A002  # Earth Engine's own word
    recursive: Flag = False,
    types: Texts | None = None,
    limit: Number | None = None,
) -> Listing[Asset]:
    """List what is in a folder or an image collection, as `ee.data.listAssets` does, page by page.

    Args:
        project: The project that is billed.
        parent: The folder or collection; the top of the project's tree if None.
        filter: Which images of a collection, such as `startTime >= "2026-01-01T00:00:00Z" AND properties.CLOUDY < 10`.
        recursive: Whether to list what is in the folders and collections found, too.
        types: Which types of assets: `IMAGE`, `IMAGE_COLLECTION`, `TABLE`, `FOLDER`, `CLASSIFIER`, `FEATURE_VIEW`.
        limit: The most assets.
    """
    return each_asset(
        parent_name(parent, project),
        types=[choice("types", one, _TYPES, "type of asset") for one in texts("types", types) or ()],
        recursive=flag("recursive", recursive),
        filter_text=filter or None,
        limit=optional(whole, "limit", limit, 1, 10**9),
    )


def create_folder(
    project: str,
    asset_id: str,
    *,
    parents: Flag = True,
    if_exists: Literal["fail", "ignore"] = "fail",
) -> Flow[Asset]:
    """Create a folder, as `earthengine create folder` does, and return it.

    Args:
        project: The project that is billed.
        asset_id: The folder, `projects/<project>/assets/<path>`.
        parents: Whether the folders above it are created too.
        if_exists: What to do if there is one: `fail`, or `ignore` that and return it.
    """
    return (yield from _create(asset_id, "FOLDER", {}, parents, if_exists))


def create_image_collection(
    project: str,
    asset_id: str,
    *,
    parents: Flag = True,
    if_exists: Literal["fail", "ignore"] = "fail",
    properties: Mapping[str, str | Number] | None = None,
    start_time: TimeLike | None = None,
    end_time: TimeLike | None = None,
) -> Flow[Asset]:
    """Create an image collection, as `earthengine create collection` does, and return it.

    Args:
        project: The project that is billed.
        asset_id: The collection, `projects/<project>/assets/<path>`.
        parents: Whether the folders above it are created too.
        if_exists: What to do if there is one: `fail`, or `ignore` that and return it.
        properties: Texts and numbers by name.
        start_time: The time of its first image: a datetime, or text such as `2026-01-31` or `2026-01-31T12:00:00Z`.
        end_time: The first moment after its last image.
    """
    fields = collection_fields(properties=properties, start_time=start_time, end_time=end_time)
    return (yield from _create(asset_id, "IMAGE_COLLECTION", fields, parents, if_exists))


def copy_asset(
    project: str,
    source: str,
    destination: str,
    *,
    if_exists: Literal["fail", "ignore", "overwrite"] = "fail",
) -> Flow[Asset]:
    """Copy an asset, as `earthengine cp` does, and return the copy.

    Args:
        project: The project that is billed.
        source: What to copy.
        destination: The copy, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is an asset of that name: `fail`, `ignore` that and return it, or `overwrite` it.
    """
    names_ = names.asset_name(source, "source"), names.destination_asset(destination, "destination")
    return (yield from tree.copy_asset(*_two(*names_), if_exists=_if_exists(if_exists, "fail", "ignore", "overwrite")))


def move_asset(
    project: str,
    source: str,
    destination: str,
    *,
    if_exists: Literal["fail", "ignore"] = "fail",
) -> Flow[Asset]:
    """Move an asset, with all that is in it, as `earthengine mv` does, and return it under its new name.

    Args:
        project: The project that is billed.
        source: What to move, `projects/<project>/assets/<path>`.
        destination: Its new name.
        if_exists: What to do if there is an asset of that name: `fail`, or `ignore` that and return it.
    """
    names_ = names.destination_asset(source, "source"), names.destination_asset(destination, "destination")
    return (yield from tree.move_asset(*_two(*names_), if_exists=_if_exists(if_exists, "fail", "ignore")))


def delete_asset(
    project: str,
    asset_id: str,
    *,
    recursive: Flag = False,
    dry_run: Flag = False,
    ignore_missing: Flag = False,
) -> Flow[list[str]]:
    """Delete an asset, as `earthengine rm` does, and return the names of all that was deleted, or would be.

    Args:
        project: The project that is billed.
        asset_id: What to delete, `projects/<project>/assets/<path>`.
        recursive: Whether a folder or collection is deleted with all that is in it.
        dry_run: Whether to delete nothing.
        ignore_missing: Whether it is no error if there is none.
    """
    return (
        yield from tree.delete_asset(
            names.destination_asset(asset_id),
            recursive=flag("recursive", recursive),
            dry_run=flag("dry_run", dry_run),
            ignore_missing=flag("ignore_missing", ignore_missing),
        )
    )


def update_asset(
    project: str,
    asset_id: str,
    *,
    properties: Mapping[str, str | Number | None] | None = None,
    start_time: TimeLike | None = None,
    end_time: TimeLike | None = None,
    title: str | None = None,
    description: str | None = None,
) -> Flow[Asset]:
    """Change what is written on an asset, as `earthengine asset set` does, and return it. The rest stays as it is.

    Args:
        project: The project that is billed.
        asset_id: The asset, `projects/<project>/assets/<path>`.
        properties: New values by name: texts and numbers, or None to remove a property.
        start_time: A datetime, text such as `2026-01-31` or `2026-01-31T12:00:00Z`, or an empty text to remove it.
        end_time: The first moment after it, in the same forms.
        title: A title, or an empty text to remove it.
        description: A description, or an empty text to remove it.
    """
    body = asset_update(
        properties=properties, start_time=start_time, end_time=end_time, title=title, description=description
    )
    return dict((yield methods.assets_patch(names.destination_asset(asset_id), body=body)))


def set_asset_access(
    project: str,
    asset_id: str,
    *,
    public: Flag | None = None,
    readers: Texts | None = None,
    writers: Texts | None = None,
    owners: Texts | None = None,
    mode: Literal["add", "remove", "replace"] = "add",
) -> Flow[Policy]:
    """Share an asset, or end that, as `earthengine acl` does, and return its IAM policy.

    Args:
        project: The project that is billed.
        asset_id: The asset, `projects/<project>/assets/<path>`.
        public: Whether everybody may read it; as it is if None.
        readers: Who may read it: e-mail addresses, or `group:EMAIL`, `domain:example.org`, `serviceAccount:EMAIL`.
        writers: Who may change it.
        owners: Who may share it.
        mode: `add` or `remove` these, or `replace` by them all who are in the same role; `[]` leaves nobody there.
    """
    change = AccessChange.of(
        mode=mode, public=optional(flag, "public", public), readers=readers, writers=writers, owners=owners
    )
    return (yield from set_access(names.destination_asset(asset_id), change))


def _create(asset_id: str, kind: str, fields: Mapping[str, Any], parents: Flag, if_exists: str) -> Flow[Asset]:
    return (
        yield from tree.create_asset(
            names.destination_asset(asset_id),
            kind,
            fields,
            parents=flag("parents", parents),
            if_exists=_if_exists(if_exists, "fail", "ignore"),
        )
    )


def _if_exists(value: str, *allowed: str) -> str:
    return choice("if_exists", value, {name: name for name in allowed}, "reaction to an asset that exists")


def _two(source: str, destination: str) -> tuple[str, str]:
    if source == destination:
        raise InvalidArgument("destination", f"{destination} is the source", "another name")
    return source, destination
