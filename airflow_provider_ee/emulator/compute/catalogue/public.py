"""The public catalogue: the synthetic images of known values, and the stand-ins for Google's datasets."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from airflow_provider_ee.emulator.compute.assets import PUBLIC, image_fields
from airflow_provider_ee.emulator.compute.catalogue import synthetic
from airflow_provider_ee.emulator.compute.catalogue.products import PRODUCTS, Product
from airflow_provider_ee.emulator.compute.catalogue.tables import TABLES
from airflow_provider_ee.emulator.compute.catalogue.tiles import WORLD_TILE
from airflow_provider_ee.emulator.compute.images import Collection, Image

__all__ = ["HINT", "catalogue_assets", "find", "find_asset", "is_endless"]

#: What a "not found" of the public catalogue adds.
HINT = (
    "This is an emulator: its public catalogue has EMULATOR/S2, EMULATOR/S2_DAILY, EMULATOR/DEM and stand-ins for "
    f"{', '.join(sorted({**PRODUCTS, **TABLES}))}. Add your own with --catalogue, control.put_image, put_table or "
    "put_collection."
)
_UPDATED = "2025-01-01T00:00:00Z"


def find(name: str) -> Image | Collection | None:
    """Return what the catalogue holds under a full asset name."""
    if not name.startswith(PUBLIC):
        return None
    path = name.removeprefix(PUBLIC)
    if (table := TABLES.get(path)) is not None:
        return table()
    if (product := PRODUCTS.get(path)) is not None:
        return product.single() if product.start is None else product.collection()
    parent, _, index = path.rpartition("/")
    if (product := PRODUCTS.get(parent)) is not None:
        return product.named(index)
    return synthetic.find(name)


def find_asset(name: str) -> dict[str, Any] | None:
    """Return an image of an endless collection as an EarthEngineAsset."""
    parent, _, index = name.removeprefix(PUBLIC).rpartition("/")
    product = PRODUCTS.get(parent) if name.startswith(PUBLIC) else None
    image = product.named(index) if product else None
    return None if image is None or product is None else _image_asset(product, image)


def is_endless(name: str) -> bool:
    """Return whether a collection has more images than can be listed."""
    product = PRODUCTS.get(name.removeprefix(PUBLIC))
    return product is not None and product.start is not None


@lru_cache(maxsize=1)
def catalogue_assets() -> list[dict[str, Any]]:
    """Return the public catalogue as EarthEngineAsset dicts, without the images of endless collections."""
    assets = list(synthetic.catalogue_assets())
    for product in PRODUCTS.values():
        if product.start is None:
            assets.append(_image_asset(product, product.single()))
        else:
            assets.append(_described("IMAGE_COLLECTION", product.id) | _period(product.start, product.end))
    for name, table in TABLES.items():
        assets.append(_described("TABLE", name) | {"featureCount": str(len(table().elements))})
    return assets


def _image_asset(product: Product, image: Image) -> dict[str, Any]:
    one = product.read(str(image.properties["system:index"]))
    grid = product.grid if one is None or one.tile is WORLD_TILE else one.tile.grid
    return _described("IMAGE", image.id or "") | image_fields(image, grid)


def _described(kind: str, path: str) -> dict[str, Any]:
    return {"type": kind, "name": f"{PUBLIC}{path}", "id": path, "updateTime": _UPDATED}


def _period(start: datetime, end: datetime | None) -> dict[str, Any]:
    fields = {"startTime": _text(start)}
    return fields if end is None else fields | {"endTime": _text(end)}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
