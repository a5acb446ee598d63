"""What a version of the API lacks, and bodies without the fields that are not known.

v1 has what Google's own JavaScript client sends. https://developers.google.com/earth-engine/reference/rest
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from airflow_provider_ee.emulator.schemas.kinds import Kind, Many, Message, Table, unknown_field

__all__ = ["check_version", "known_part", "lacks"]


class _Since(NamedTuple):
    """A field of a method's body, and the versions that have it."""

    method: str
    path: str
    versions: tuple[str, ...]


_DESTINATION = "assetExportOptions.earthEngineDestination.overwrite"
_FIELDS = (
    *(_Since(f"projects.{kind}.export", _DESTINATION, ("v1", "v1alpha")) for kind in ("image", "table", "classifier")),
    *(_Since("projects.assets.create", name, ("v1alpha",)) for name in ("title", "description")),
    *(_Since("projects.assets.patch", f"asset.{name}", ("v1alpha",)) for name in ("title", "description")),
)
_METHODS = {"projects.assets.listImages": ("v1alpha",)}


def lacks(version: str, method: str) -> bool:
    """Return whether a version does not have a method."""
    return version not in _METHODS.get(method, (version,))


def check_version(version: str, method: str, body: Mapping[str, Any]) -> None:
    """Check that a version has every field of a body.

    Raises:
        ApiError: It lacks one.
    """
    for field in _FIELDS:
        if field.method != method or version in field.versions:
            continue
        *parents, last = field.path.split(".")
        place: Any = body
        for parent in parents:
            place = place.get(parent, {}) if isinstance(place, Mapping) else {}
        if isinstance(place, Mapping) and last in place:
            raise unknown_field(last, ".".join(parents))


def known_part(kind: Kind, value: Any) -> Any:
    """Return a value without the fields that its messages do not have."""
    if isinstance(kind, Message) and isinstance(value, Mapping):
        return {key: known_part(kind.fields[key], item) for key, item in value.items() if key in kind.fields}
    if isinstance(kind, Many) and isinstance(value, list):
        return [known_part(kind.item, item) for item in value]
    if isinstance(kind, Table) and isinstance(value, Mapping):
        return {key: known_part(kind.item, item) for key, item in value.items()}
    return value
