"""The emulator's computer: Earth Engine expressions evaluated with numpy, rasters written with rasterio.

Expressions are those of the REST API, as Google's own `ee` package encodes them. What is computed is listed in
`ALGORITHMS` (`algorithms.py` in the source); everything else raises `NotComputed`. Every refusal is a `ComputeError`
whose text is the message that the API would give.

Where the computer is simpler than Earth Engine: masks are on or off, pixels are sampled at the nearest one and
never from a pyramid, regions count the pixels whose centre is inside, polygon edges are straight lines in the
geometry's own coordinates, and geometries are compared by their bounds. Centroids are those of the map in longitude
and latitude. Random columns and samples are random and repeatable, but not the ones that Earth Engine draws.
"""

from __future__ import annotations

from airflow_provider_ee.emulator.compute.assets import (
    BIG_QUERY,
    AssetSource,
    StoredClassifier,
    StoredImage,
    StoredRows,
    StoredTable,
    asset_name,
)
from airflow_provider_ee.emulator.compute.catalogue.loading import stored_image
from airflow_provider_ee.emulator.compute.catalogue.public import HINT as CATALOGUE_HINT
from airflow_provider_ee.emulator.compute.catalogue.public import catalogue_assets, find_asset, is_endless
from airflow_provider_ee.emulator.compute.describe import to_json
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.expression import ALGORITHMS, evaluate
from airflow_provider_ee.emulator.compute.files.copies import copied_image
from airflow_provider_ee.emulator.compute.files.exports import check_export, export_asset, export_image
from airflow_provider_ee.emulator.compute.files.ingestion import check_ingestion, ingest, link_external
from airflow_provider_ee.emulator.compute.files.table_files import FORMATS as TABLE_FORMATS
from airflow_provider_ee.emulator.compute.files.table_files import write_table_file
from airflow_provider_ee.emulator.compute.files.table_imports import read_csv, table_of
from airflow_provider_ee.emulator.compute.files.table_rows import row_columns, table_rows
from airflow_provider_ee.emulator.compute.images import Collection, Feature, Image
from airflow_provider_ee.emulator.compute.pixels.responses import image_pixels
from airflow_provider_ee.emulator.compute.tables import (
    check_places,
    check_table,
    features_of,
    stored_features,
    to_geojson,
    write_table,
)

__all__ = [
    "ALGORITHMS",
    "BIG_QUERY",
    "CATALOGUE_HINT",
    "TABLE_FORMATS",
    "AssetSource",
    "Collection",
    "ComputeError",
    "Feature",
    "Image",
    "NotComputed",
    "StoredClassifier",
    "StoredImage",
    "StoredRows",
    "StoredTable",
    "asset_name",
    "catalogue_assets",
    "check_export",
    "check_ingestion",
    "check_places",
    "check_table",
    "copied_image",
    "evaluate",
    "export_asset",
    "export_image",
    "features_of",
    "find_asset",
    "image_pixels",
    "ingest",
    "is_endless",
    "link_external",
    "read_csv",
    "row_columns",
    "stored_features",
    "stored_image",
    "table_of",
    "table_rows",
    "to_geojson",
    "to_json",
    "write_table",
    "write_table_file",
]
