"""Exports in the words of the REST API: options that are checked, and passed on."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from airflow_provider_ee.client.arguments.expressions import Expression
from airflow_provider_ee.client.arguments.expressions import expression as read_expression
from airflow_provider_ee.client.arguments.json_values import fields
from airflow_provider_ee.client.arguments.messages import asset, camel_case, choice, many, message, text, whole_number
from airflow_provider_ee.client.arguments.scalars import flag
from airflow_provider_ee.client.arguments.storage import big_query_table, bucket_name, drive_name, object_prefix
from airflow_provider_ee.client.arguments.types import ImageLike
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.base import Body, Export

__all__ = [
    "ASSET",
    "BIG_QUERY",
    "CLOUD_STORAGE",
    "FEATURE_VIEW",
    "FILES",
    "RawExport",
    "destination_options",
    "file_options",
]

#: The fields of options that are destinations.
ASSET = ("earthEngineDestination",)
BIG_QUERY = ("bigqueryDestination",)
CLOUD_STORAGE = ("cloudStorageDestination",)
FEATURE_VIEW = ("featureViewDestination",)
FILES = ("driveDestination", "cloudStorageDestination")

_PERMISSIONS = choice({name: name for name in ("PUBLIC", "DEFAULT_OBJECT_ACL")}, "permission")
_VIEW_PERMISSIONS = choice({"PUBLIC": "PUBLIC"}, "permission")
_DESTINATIONS = {
    "bigqueryDestination": message({"table": big_query_table, "overwrite": flag, "append": flag}, required=("table",)),
    "cloudStorageDestination": message(
        {
            "bucket": bucket_name,
            "filenamePrefix": object_prefix,
            "permissions": _PERMISSIONS,
            "bucketCorsUris": many(text),
        },
        required=("bucket",),
    ),
    "driveDestination": message({"folder": drive_name, "filenamePrefix": drive_name}),
    "earthEngineDestination": message({"name": asset, "overwrite": flag}, required=("name",)),
    "featureViewDestination": message(
        {"name": asset, "assetVersion": whole_number(0), "permissions": _VIEW_PERMISSIONS}, required=("name",)
    ),
}


class RawExport(Export):
    """An export in the words of the REST API.

    Args:
        expression: What is computed.
    """

    expression: ImageLike
    #: The arguments that say where the result goes, of which exactly one is given.
    destinations: ClassVar[tuple[str, ...]]

    def computed(self) -> Expression:
        """Return the expression."""
        return read_expression(self.expression)

    def chosen_destination(self) -> Body:
        """Return the options that say where the result goes, by their field's name."""
        given = [name for name in self.destinations if getattr(self, name) is not None]
        if len(given) != 1:
            problem = f"an export has one destination, and this one has {' and '.join(given) or 'none'}"
            raise InvalidArgument(self.destinations[0], problem, " or ".join(self.destinations))
        return {camel_case(given[0]): getattr(self, given[0])}

    def destination_fields(self) -> Body:
        """Return the options that say where the result goes."""
        [options] = self.chosen_destination().values()
        return dict(options)


def destination_options(argument: str, options: object, kinds: Collection[str]) -> Body | None:
    """Check that options, or None, have one destination, of a kind that this export can take.

    Args:
        argument: The argument's name.
        options: The options.
        kinds: The fields that are destinations for this export.
    """
    found = fields(argument, options)
    if found is None:
        return None
    given = [kind for kind in _DESTINATIONS if found.get(kind) is not None]
    if len(given) != 1 or given[0] not in kinds:
        raise InvalidArgument(
            argument, f"it has {' and '.join(given) or 'no destination'}", f"one {' or '.join(kinds)}"
        )
    [kind] = given
    destination = _DESTINATIONS[kind](f"{argument}.{kind}", found[kind])
    if destination.get("overwrite") and destination.get("append"):
        raise InvalidArgument(f"{argument}.{kind}.append", "it contradicts overwrite", "one of the two")
    return {**found, kind: {name: value for name, value in destination.items() if value is not False}}


def file_options(
    argument: str, options: object, formats: Collection[str], kinds: Collection[str] = FILES
) -> Body | None:
    """Check options of an export to files, or None: the destination, and a format that it can take."""
    found = destination_options(argument, options, kinds)
    if found and found.get("fileFormat") not in formats:
        raise InvalidArgument(
            f"{argument}.fileFormat",
            f"{shown(found.get('fileFormat'))} is not a format of this export",
            ", ".join(formats),
        )
    return found
