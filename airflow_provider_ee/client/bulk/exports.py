"""What can be exported in bulk: everything that a single operator exports, in the same words."""

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

__all__ = ["EXPORTS", "Export", "export"]

Words = Mapping[str, Any]


@dataclass(frozen=True)
class Export:
    """One kind of export.

    Attributes:
        method: The method that starts it.
        build: Builds the body of the request from the words.
        place: Says where it goes, from the words.
    """

    method: Method
    build: Callable[..., Body]
    place: Callable[[Words], Body]

    @property
    def name(self) -> str:
        """What users call it."""
        return self.build.__name__

    @functools.cached_property
    def words(self) -> Mapping[str, inspect.Parameter]:
        """The words that it knows."""
        return inspect.signature(self.build).parameters

    def destination(self, words: Words) -> dict[str, Any]:
        """Say what names the result, for those who go on with it."""
        return destinations.destination(self.place(words))


def export(name: object, argument: str) -> Export:
    """Return an export by its name, which is that of its decorator without `ee_export_`."""
    return EXPORTS[choice(argument, name, {known: known for known in EXPORTS}, "kind of export")]


def _prefix(words: Words, word: str = "file_name_prefix") -> Any:
    return words["description"] if words.get(word) is None else words[word]


def _to_files(words: Words) -> Body:
    return destinations.cloud_storage(words["bucket"], _prefix(words))


def _to_tiles(words: Words) -> Body:
    return destinations.cloud_storage(words["bucket"], _prefix(words, "path"), "path")


def _to_drive(words: Words) -> Body:
    return destinations.drive(words.get("folder"), _prefix(words))


def _to_asset(words: Words) -> Body:
    return destinations.asset(words["asset_id"])


def _to_feature_view(words: Words) -> Body:
    return destinations.feature_view(words["asset_id"])


def _to_big_query(words: Words) -> Body:
    return destinations.big_query(words["table"])


#: By name.
EXPORTS = MappingProxyType(
    {
        build.__name__: Export(method, build, place)
        for method, build, place in (
            (methods.image_export, images.image_to_cloud_storage, _to_files),
            (methods.image_export, images.image_to_drive, _to_drive),
            (methods.image_export, images.image_to_asset, _to_asset),
            (methods.table_export, tables.table_to_cloud_storage, _to_files),
            (methods.table_export, tables.table_to_drive, _to_drive),
            (methods.table_export, tables.table_to_asset, _to_asset),
            (methods.table_export, tables.table_to_big_query, _to_big_query),
            (methods.table_export, tables.table_to_feature_view, _to_feature_view),
            (methods.map_export, maps.map_to_cloud_storage, _to_tiles),
            (methods.video_export, videos.video_to_cloud_storage, _to_files),
            (methods.video_export, videos.video_to_drive, _to_drive),
            (methods.classifier_export, classifiers.classifier_to_asset, _to_asset),
        )
    }
)
