"""Imports: which files become which asset. Manifests are checked field by field before anything is sent.

https://developers.google.com/earth-engine/guides/image_manifest
https://developers.google.com/earth-engine/guides/table_manifest
"""

from airflow_provider_ee.client.imports.requests import Import, ImportExternalImage, ImportImage, ImportTable

__all__ = ["Import", "ImportExternalImage", "ImportImage", "ImportTable"]
