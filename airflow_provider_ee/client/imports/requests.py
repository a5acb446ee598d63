"""Bodies of the requests that import, without request ids.

Each takes a manifest, as a dict or JSON text, or the words of `earthengine upload` instead; see `uploads`.
https://developers.google.com/earth-engine/reference/rest/v1/projects.table/import
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import choice, flag, optional, text, without_none
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.images import IMAGE, image_manifest
from airflow_provider_ee.client.imports.tables import TABLE, table_manifest
from airflow_provider_ee.client.imports.uploads import image_upload, table_upload

__all__ = ["import_external_image", "import_image", "import_table"]

Body: TypeAlias = dict[str, Any]

_MODES = {name: name for name in ("INGEST", "VIRTUAL", "IMPORT_MODE_UNSPECIFIED")}


def import_image(
    *,
    manifest: object = None,
    description: object = None,
    overwrite: object = None,
    mode: object = None,
    **words: object,
) -> Body:
    """Build the body of `image:import`.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one of a manifest and words.
    """
    return {
        IMAGE: _either(image_manifest, manifest, image_upload, words),
        **_common(description, overwrite),
        **without_none(mode=optional(choice, "mode", mode, _MODES, "mode of an import")),
    }


def import_table(
    *, manifest: object = None, description: object = None, overwrite: object = None, **words: object
) -> Body:
    """Build the body of `table:import`.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one of a manifest and words.
    """
    return {TABLE: _either(table_manifest, manifest, table_upload, words), **_common(description, overwrite)}


def import_external_image(
    *, manifest: object = None, overwrite: object = None, use_latest_object_version: object = None, **words: object
) -> Body:
    """Build the body of `image:importExternal`.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one of a manifest and words.
    """
    found = _either(image_manifest, manifest, image_upload, words)
    for index, tileset in enumerate(found["tilesets"]):
        if len(tileset["sources"]) > 1:
            # https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff
            path = f"{IMAGE}.tilesets[{index}].sources" if manifest is not None else "uris"
            problem = f"{len(tileset['sources'])} files cannot be one tileset of an image that stays where it is"
            raise InvalidArgument(path, problem, "one file in each tileset")
    latest = optional(flag, "use_latest_object_version", use_latest_object_version)
    return {IMAGE: found, **_common(None, overwrite), **without_none(useLatestObjectVersion=latest)}


def _either(check: Callable[..., Body], manifest: object, build: Callable[..., Body], words: dict[str, object]) -> Body:
    given = without_none(**words)
    if manifest is not None:
        if given:
            raise InvalidArgument("manifest", f"it stands beside {', '.join(sorted(given))}", "one of the two forms")
        return check(manifest)
    for word in ("asset_id", "uris"):
        if word not in given:
            raise InvalidArgument(word, "there is neither that nor a manifest", "a manifest, or asset_id and uris")
    return check(build(**given))


def _common(description: object, overwrite: object) -> Body:
    return without_none(
        description=text("description", description),
        overwrite=optional(flag, "overwrite", overwrite) or None,
    )
