"""Load images, collections, tables and classifiers by their id: from the assets, or from the synthetic catalogue."""

from __future__ import annotations

from airflow_provider_ee.emulator.compute.assets import (
    BIG_QUERY,
    PUBLIC,
    AssetSource,
    StoredClassifier,
    StoredImage,
    StoredRows,
    StoredTable,
    asset_name,
    open_stored,
)
from airflow_provider_ee.emulator.compute.catalogue import public
from airflow_provider_ee.emulator.compute.classification.classifiers import Classifier, open_classifier
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.files.table_rows import open_rows
from airflow_provider_ee.emulator.compute.images import Collection, Image
from airflow_provider_ee.emulator.compute.tables import open_table

__all__ = ["load_classifier", "load_collection", "load_image", "load_rows", "load_table", "stored_image"]

_UNKNOWN = "not found (does not exist or caller does not have access)."


def _unknown(kind: str, asset_id: str) -> ComputeError:
    """Say in Google's words that there is no such asset, and where that may not be what is meant."""
    hint = f" {public.HINT}" if asset_name(asset_id).startswith(PUBLIC) else ""
    return ComputeError(f"{kind} asset '{asset_id}' {_UNKNOWN}{hint}")


def stored_image(name: str, assets: AssetSource) -> Image:
    """Return the image with this full asset name, from the assets or the catalogue."""
    return load_image(name, assets)


def load_image(asset_id: str, assets: AssetSource) -> Image:
    """Return a stored image."""
    found = _found(asset_id, assets)
    if isinstance(found, Image):
        return found
    if found is not None:
        raise ComputeError(f"Asset '{asset_id}' is not an Image.")
    raise _unknown("Image", asset_id)


def load_collection(asset_id: str, assets: AssetSource) -> Collection:
    """Return a stored collection."""
    found = _found(asset_id, assets)
    if isinstance(found, Collection) and not found.is_table:
        return found
    if found is not None:
        raise ComputeError(f"Asset '{asset_id}' is not an ImageCollection.")
    raise _unknown("ImageCollection", asset_id)


def load_table(asset_id: str, assets: AssetSource) -> Collection:
    """Return a stored table."""
    found = _found(asset_id, assets)
    if isinstance(found, Collection) and found.is_table:
        return found
    if found is not None:
        raise ComputeError(f"Collection asset '{asset_id}' is not a table.")
    raise _unknown("Collection", asset_id)


def load_rows(reference: str, geometry_column: str | None, assets: AssetSource) -> Collection:
    """Return a table of BigQuery."""
    stored = assets(f"{BIG_QUERY}{reference}")
    if isinstance(stored, StoredRows):
        return open_rows(stored, geometry_column)
    raise ComputeError(f"Not found: Table {reference}")


def load_classifier(asset_id: str, assets: AssetSource) -> Classifier:
    """Return a stored classifier."""
    found = _found(asset_id, assets)
    if isinstance(found, Classifier):
        return found
    if found is not None:
        raise ComputeError(f"Asset '{asset_id}' is not a Classifier.")
    raise _unknown("Classifier", asset_id)


def _found(asset_id: str, assets: AssetSource) -> Image | Collection | Classifier | None:
    name = asset_name(asset_id)
    stored = assets(name)
    # Somebody's own data go before what the emulator has under the same name.
    if stored is None and (known := public.find(name)) is not None:
        return known
    if isinstance(stored, StoredImage):
        return open_stored(stored)
    if isinstance(stored, StoredTable):
        return open_table(stored, asset_id)
    if isinstance(stored, StoredClassifier):
        return open_classifier(stored)
    if stored is None or isinstance(stored, StoredRows):
        return None
    return Collection([open_stored(image) for image in stored], id=asset_id)
