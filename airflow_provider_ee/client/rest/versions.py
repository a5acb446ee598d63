"""Which version of the API a request is sent to: one that has all of its fields.

Earth Engine refuses a field that a version does not have: "Unknown name "overwrite" ...: Cannot find field."
https://developers.google.com/earth-engine/reference/rest
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.rest.request import Request

__all__ = ["FIELDS", "version_for"]

_WITHOUT_BETA = ("v1", "v1alpha")
_OVERWRITE = {"assetExportOptions.earthEngineDestination.overwrite": _WITHOUT_BETA}
_ASSET_TEXTS = ("title", "description")

#: The fields that not every version has, by method and path, with the versions that have them.
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "projects.image.export": _OVERWRITE,
    "projects.table.export": _OVERWRITE,
    "projects.classifier.export": _OVERWRITE,
    "projects.assets.create": dict.fromkeys(_ASSET_TEXTS, ("v1alpha",)),
    "projects.assets.patch": dict.fromkeys((f"asset.{name}" for name in _ASSET_TEXTS), ("v1alpha",))
    # A text that is to be removed is named in the mask alone.
    | dict.fromkeys((f"updateMask.paths.{name}" for name in _ASSET_TEXTS), ("v1alpha",)),
}


def version_for(request: Request, wanted: str | None) -> str:
    """Return the version to send a request to.

    Args:
        request: The request.
        wanted: The version that the caller asks for; None for that of the method, or another one that has its fields.

    Raises:
        InvalidArgument: The version that is asked for does not have one of the request's fields.
    """
    version = request.method.version_for(wanted)
    needed = {path: having for path, having in FIELDS.get(request.method.id, {}).items() if _has(request.body, path)}
    for path, having in needed.items():
        if version not in having and version == wanted:
            name = path.rpartition(".")[2]
            raise InvalidArgument(name, f"{wanted} of Earth Engine's API has no such field", f"api_version {having[0]}")
    if all(version in having for having in needed.values()):
        return version
    return next(one for one in request.method.versions if all(one in having for having in needed.values()))


def _has(part: Any, path: str) -> bool:
    first, _, others = path.partition(".")
    if isinstance(part, list):
        return path in part
    if not isinstance(part, Mapping) or first not in part:
        return False
    return not others or _has(part[first], others)
