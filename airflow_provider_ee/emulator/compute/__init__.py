"""The emulator's computer: Earth Engine expressions evaluated with numpy, rasters written with rasterio.

Expressions are those of the REST API, as Google's own `ee` package encodes them. What is computed is listed in
`ALGORITHMS` (`table.py` in the source); everything else raises `NotComputed`. Every refusal is a `ComputeError`
whose text is the message that the API would give.

Where the computer is simpler than Earth Engine: masks are on or off, pixels are sampled at the nearest one and
never from a pyramid, regions count the pixels whose centre is inside, polygon edges are straight lines in the
geometry's own coordinates, and geometries are compared by their bounds.
"""

from __future__ import annotations

from airflow_provider_ee.emulator.compute.assets import AssetSource, StoredImage
from airflow_provider_ee.emulator.compute.catalogue import catalogue_assets
from airflow_provider_ee.emulator.compute.describe import to_json
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.exports import check_export, export_asset, export_image
from airflow_provider_ee.emulator.compute.expression import ALGORITHMS, evaluate
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.loading import stored_image
from airflow_provider_ee.emulator.compute.pixels import image_pixels

__all__ = [
    "ALGORITHMS",
    "AssetSource",
    "ComputeError",
    "Image",
    "NotComputed",
    "StoredImage",
    "catalogue_assets",
    "check_export",
    "evaluate",
    "export_asset",
    "export_image",
    "image_pixels",
    "stored_image",
    "to_json",
]
