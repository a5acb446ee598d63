"""Load images and collections by their id: from the assets, or from the synthetic public catalogue."""

from __future__ import annotations

from airflow_provider_ee.emulator.compute import catalogue
from airflow_provider_ee.emulator.compute.assets import AssetSource, StoredImage, asset_name, open_stored
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.images import Collection, Image

__all__ = ["load_collection", "load_image", "stored_image"]

_UNKNOWN = "not found (does not exist or caller does not have access)."


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
    raise ComputeError(f"Image asset '{asset_id}' {_UNKNOWN}")


def load_collection(asset_id: str, assets: AssetSource) -> Collection:
    """Return a stored collection."""
    found = _found(asset_id, assets)
    if isinstance(found, Collection):
        return found
    if found is not None:
        raise ComputeError(f"Asset '{asset_id}' is not an ImageCollection.")
    raise ComputeError(f"ImageCollection asset '{asset_id}' {_UNKNOWN}")


def _found(asset_id: str, assets: AssetSource) -> Image | Collection | None:
    name = asset_name(asset_id)
    if (public := catalogue.find(name)) is not None:
        return public
    stored = assets(name)
    if isinstance(stored, StoredImage):
        return open_stored(stored)
    return None if stored is None else Collection([open_stored(image) for image in stored], id=asset_id)
