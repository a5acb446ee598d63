"""Exports: what is computed becomes files, assets, tables, maps and videos.

https://developers.google.com/earth-engine/guides/exporting
"""

from airflow_provider_ee.operators.exports.classifiers import (
    EarthEngineExportClassifierOperator,
    EarthEngineExportClassifierToAssetOperator,
)
from airflow_provider_ee.operators.exports.images import (
    EarthEngineExportImageOperator,
    EarthEngineExportImageToAssetOperator,
    EarthEngineExportImageToCloudStorageOperator,
    EarthEngineExportImageToDriveOperator,
)
from airflow_provider_ee.operators.exports.maps import (
    EarthEngineExportMapOperator,
    EarthEngineExportMapToCloudStorageOperator,
)
from airflow_provider_ee.operators.exports.tables import (
    EarthEngineExportTableOperator,
    EarthEngineExportTableToAssetOperator,
    EarthEngineExportTableToBigQueryOperator,
    EarthEngineExportTableToCloudStorageOperator,
    EarthEngineExportTableToDriveOperator,
    EarthEngineExportTableToFeatureViewOperator,
)
from airflow_provider_ee.operators.exports.videos import (
    EarthEngineExportVideoMapOperator,
    EarthEngineExportVideoOperator,
    EarthEngineExportVideoToCloudStorageOperator,
    EarthEngineExportVideoToDriveOperator,
)

__all__ = [
    "EarthEngineExportClassifierOperator",
    "EarthEngineExportClassifierToAssetOperator",
    "EarthEngineExportImageOperator",
    "EarthEngineExportImageToAssetOperator",
    "EarthEngineExportImageToCloudStorageOperator",
    "EarthEngineExportImageToDriveOperator",
    "EarthEngineExportMapOperator",
    "EarthEngineExportMapToCloudStorageOperator",
    "EarthEngineExportTableOperator",
    "EarthEngineExportTableToAssetOperator",
    "EarthEngineExportTableToBigQueryOperator",
    "EarthEngineExportTableToCloudStorageOperator",
    "EarthEngineExportTableToDriveOperator",
    "EarthEngineExportTableToFeatureViewOperator",
    "EarthEngineExportVideoMapOperator",
    "EarthEngineExportVideoOperator",
    "EarthEngineExportVideoToCloudStorageOperator",
    "EarthEngineExportVideoToDriveOperator",
]
