"""What can be exported in bulk: everything that a single operator exports, with the same arguments."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.client.exports import classifiers, destinations, images, maps, tables, videos
from airflow_provider_ee.client.exports.fields import Body
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Method

__all__ = ["KINDS", "ExportKind", "find_kind"]

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class ExportKind:
    """One kind of export.

    Attributes:
        method: The method that starts it.
        build: Builds the body of the request from the arguments.
        build_destination: Builds the destination of the body from the arguments.
    """

    method: Method
    build: Callable[..., Body]
    build_destination: Callable[[Arguments], Body]

    @property
    def name(self) -> str:
        """What users call it."""
        return self.build.__name__

    @functools.cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters that it takes."""
        return inspect.signature(self.build).parameters

    def destination(self, arguments: Arguments) -> dict[str, Any]:
        """Return where the result is written, for the tasks that read it."""
        return destinations.destination(self.build_destination(arguments))


def find_kind(name: object, argument: str) -> ExportKind:
    """Return a kind of export by its name, which is that of its decorator without `ee_export_`."""
    return KINDS[choice(argument, name, {known: known for known in KINDS}, "kind of export")]


def _prefix(arguments: Arguments, name: str = "file_name_prefix") -> Any:
    return arguments["description"] if arguments.get(name) is None else arguments[name]


def _build_files(arguments: Arguments) -> Body:
    return destinations.cloud_storage(arguments["bucket"], _prefix(arguments))


def _build_tiles(arguments: Arguments) -> Body:
    return destinations.cloud_storage(arguments["bucket"], _prefix(arguments, "path"), "path")


def _build_drive(arguments: Arguments) -> Body:
    return destinations.drive(arguments.get("folder"), _prefix(arguments))


def _build_asset(arguments: Arguments) -> Body:
    return destinations.asset(arguments["asset_id"])


def _build_feature_view(arguments: Arguments) -> Body:
    return destinations.feature_view(arguments["asset_id"])


def _build_big_query(arguments: Arguments) -> Body:
    return destinations.big_query(arguments["table"])


#: By name.
KINDS = MappingProxyType(
    {
        build.__name__: ExportKind(method, build, build_destination)
        for method, build, build_destination in (
            (methods.image_export, images.image_to_cloud_storage, _build_files),
            (methods.image_export, images.image_to_drive, _build_drive),
            (methods.image_export, images.image_to_asset, _build_asset),
            (methods.table_export, tables.table_to_cloud_storage, _build_files),
            (methods.table_export, tables.table_to_drive, _build_drive),
            (methods.table_export, tables.table_to_asset, _build_asset),
            (methods.table_export, tables.table_to_big_query, _build_big_query),
            (methods.table_export, tables.table_to_feature_view, _build_feature_view),
            (methods.map_export, maps.map_to_cloud_storage, _build_tiles),
            (methods.video_export, videos.video_to_cloud_storage, _build_files),
            (methods.video_export, videos.video_to_drive, _build_drive),
            (methods.classifier_export, classifiers.classifier_to_asset, _build_asset),
        )
    }
)
