"""Exports: from the arguments of `ee.batch.Export` in snake_case to the body of a request.

    export = ExportImageToDrive(image="USGS/SRTMGL1_003", description="heights", region=[7, 46, 8, 47], scale=30)
    export.request("projects/my-project"), export.destination()

One class for each kind of export, and one module for each kind of thing that is exported. What they share is in the
others:

images, tables, videos, maps, classifiers
├── image_files, feature_views    what the files of an image are like inside; how a feature view is drawn
├── grid                          reproject and clip: crs, scale, region and dimensions
├── destinations                  Cloud Storage, Drive, an asset, BigQuery, a feature view
├── raw                           exports in the words of the REST API
└── base                          what every export takes, the body and the request

https://developers.google.com/earth-engine/guides/exporting
"""

from types import MappingProxyType

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.client.exports.base import Export
from airflow_provider_ee.client.exports.classifiers import ExportClassifier, ExportClassifierToAsset
from airflow_provider_ee.client.exports.images import (
    ExportImage,
    ExportImageToAsset,
    ExportImageToCloudStorage,
    ExportImageToDrive,
)
from airflow_provider_ee.client.exports.maps import ExportMap, ExportMapToCloudStorage
from airflow_provider_ee.client.exports.tables import (
    ExportTable,
    ExportTableToAsset,
    ExportTableToBigQuery,
    ExportTableToCloudStorage,
    ExportTableToDrive,
    ExportTableToFeatureView,
)
from airflow_provider_ee.client.exports.videos import (
    ExportVideo,
    ExportVideoMap,
    ExportVideoToCloudStorage,
    ExportVideoToDrive,
)

__all__ = [
    "EXPORTS",
    "Export",
    "ExportClassifier",
    "ExportClassifierToAsset",
    "ExportImage",
    "ExportImageToAsset",
    "ExportImageToCloudStorage",
    "ExportImageToDrive",
    "ExportMap",
    "ExportMapToCloudStorage",
    "ExportTable",
    "ExportTableToAsset",
    "ExportTableToBigQuery",
    "ExportTableToCloudStorage",
    "ExportTableToDrive",
    "ExportTableToFeatureView",
    "ExportVideo",
    "ExportVideoMap",
    "ExportVideoToCloudStorage",
    "ExportVideoToDrive",
    "find_export",
]

#: The exports of `ee.batch.Export` by what users call them.
EXPORTS = MappingProxyType(
    {
        export.name: export
        for export in (
            ExportImageToCloudStorage,
            ExportImageToDrive,
            ExportImageToAsset,
            ExportTableToCloudStorage,
            ExportTableToDrive,
            ExportTableToAsset,
            ExportTableToBigQuery,
            ExportTableToFeatureView,
            ExportMapToCloudStorage,
            ExportVideoToCloudStorage,
            ExportVideoToDrive,
            ExportClassifierToAsset,
        )
    }
)


def find_export(name: object, argument: str) -> type[Export]:
    """Return an export by its name, which is that of its decorator without `ee_export_`."""
    return EXPORTS[choice(argument, name, {known: known for known in EXPORTS}, "kind of export")]
