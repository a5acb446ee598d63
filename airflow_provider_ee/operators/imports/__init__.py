"""Imports: files in Cloud Storage become assets.

https://developers.google.com/earth-engine/guides/image_upload
https://developers.google.com/earth-engine/guides/table_upload
"""

from airflow_provider_ee.operators.imports.external import EarthEngineImportExternalImageOperator
from airflow_provider_ee.operators.imports.images import EarthEngineImportImageOperator
from airflow_provider_ee.operators.imports.tables import EarthEngineImportTableOperator

__all__ = [
    "EarthEngineImportExternalImageOperator",
    "EarthEngineImportImageOperator",
    "EarthEngineImportTableOperator",
]
