"""Options of exports as the REST API has them, from users who write them so: checked, and passed on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from airflow_provider_ee.client.arguments.names import destination_asset
from airflow_provider_ee.client.arguments.scalars import mapping
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.fields import Body
from airflow_provider_ee.client.exports.places import big_query_table, bucket_name, drive_name, object_prefix

__all__ = ["ASSET", "BIG_QUERY", "CLOUD_STORAGE", "FEATURE_VIEW", "FILES", "checked_files", "checked_options", "needed"]

#: The fields of options that are destinations.
ASSET = ("earthEngineDestination",)
BIG_QUERY = ("bigqueryDestination",)
CLOUD_STORAGE = ("cloudStorageDestination",)
FEATURE_VIEW = ("featureViewDestination",)
FILES = ("driveDestination", "cloudStorageDestination")


def checked_options(argument: str, options: object, kinds: Collection[str]) -> Body | None:
    """Check that options, or None, have one destination, of a kind that this export can take.

    Args:
        argument: The argument's name.
        options: The options.
        kinds: The fields that are destinations for this export.
    """
    found = mapping(argument, options)
    if found is None:
        return None
    given = [kind for kind in _CHECKS if found.get(kind) is not None]
    if len(given) != 1 or given[0] not in kinds:
        raise InvalidArgument(
            argument, f"it has {' and '.join(given) or 'no destination'}", f"one {' or '.join(kinds)}"
        )
    path, fields = f"{argument}.{given[0]}", found[given[0]]
    if not isinstance(fields, Mapping):
        raise InvalidArgument(path, f"{shown(fields)} holds no fields", "a dict")
    return {**found, given[0]: _CHECKS[given[0]](dict(fields), path)}


def checked_files(
    argument: str, options: object, formats: Collection[str], kinds: Collection[str] = FILES
) -> Body | None:
    """Check options of an export to files, or None: the destination, and a format that it can take."""
    found = checked_options(argument, options, kinds)
    if found and found.get("fileFormat") not in formats:
        raise InvalidArgument(
            f"{argument}.fileFormat", f"{shown(found.get('fileFormat'))} is no format here", ", ".join(formats)
        )
    return found


def needed(argument: str, options: Body | None) -> Body:
    """Check that options were given."""
    if options is None:
        raise InvalidArgument(argument, "it is missing", "a dict of fields of the request")
    return options


def _storage(fields: Body, path: str) -> Body:
    bucket_name(fields.get("bucket"), f"{path}.bucket")
    if fields.get("filenamePrefix") is not None:
        object_prefix(fields["filenamePrefix"], f"{path}.filenamePrefix")
    return fields


def _drive(fields: Body, path: str) -> Body:
    for name in ("folder", "filenamePrefix"):
        if fields.get(name) is not None:
            drive_name(fields[name], f"{path}.{name}")
    return fields


def _asset(fields: Body, path: str) -> Body:
    return {**fields, "name": destination_asset(fields.get("name"), f"{path}.name")}


def _big_query(fields: Body, path: str) -> Body:
    big_query_table(fields.get("table"), f"{path}.table")
    if fields.get("overwrite") and fields.get("append"):
        raise InvalidArgument(f"{path}.append", "it contradicts overwrite", "one of the two")
    return fields


_CHECKS: dict[str, Callable[[Body, str], Body]] = {
    "bigqueryDestination": _big_query,
    "cloudStorageDestination": _storage,
    "driveDestination": _drive,
    "earthEngineDestination": _asset,
    "featureViewDestination": _asset,
}
