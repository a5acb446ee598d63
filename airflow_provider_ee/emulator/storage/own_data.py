"""A user's own data under any id, those of Google's catalogue too: images, tables and collections from files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute import asset_name, features_of, ingest, read_csv, table_of, write_table
from airflow_provider_ee.emulator.computing import translated
from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.schemas.common import ASSET_NAME
from airflow_provider_ee.emulator.state.asset import Asset
from airflow_provider_ee.emulator.state.world import World

__all__ = ["load_catalogue", "put_collection", "put_image", "put_table"]

_IMAGES = (".tif", ".tiff")
_TABLES = (".csv", ".geojson", ".json")
#: In the folder of a collection: what is known of its images, by the names of their files without suffix.
_COLLECTION = "collection.json"


def put_image(world: World, asset_id: str, path: Path, fields: Mapping[str, Any]) -> Asset:
    """Put a GeoTIFF under an id.

    Args:
        world: The state behind the API.
        asset_id: The id, such as `USGS/SRTMGL1_003`, or a full name.
        path: The file, which is copied.
        fields: Fields of an image manifest: `startTime`, `endTime`, `properties`, `bands` and so on.

    Raises:
        ApiError: The id cannot be one, or the file is no image.
    """
    name, path = _name(asset_id), Path(path)
    if not path.is_file():
        raise ApiError("INVALID_ARGUMENT", f"There is no file {path}.")
    source = {"uris": [f"gs://own-data/{path.name}"]}
    manifest = {"name": name, "tilesets": [{"id": "", "sources": [source]}], **fields}
    stored = translated(ingest, manifest, lambda _: path, world.assets.raster_path(name), own_names=True)
    return world.assets.put_own(stored, "IMAGE")


def put_table(world: World, asset_id: str, path: Path, properties: Mapping[str, Any]) -> Asset:
    """Put a CSV or GeoJSON file under an id.

    Args:
        world: The state behind the API.
        asset_id: The id, or a full name.
        path: The file; a CSV has its places as `table:import` finds them.
        properties: The properties of the table.

    Raises:
        ApiError: The id cannot be one, or the file is no table.
    """
    name, path = _name(asset_id), Path(path)
    if path.suffix == ".csv":
        features = translated(read_csv, path, {"uris": [str(path)]}, {})
    else:
        features = translated(features_of, _json(path))
    table = table_of(features, properties)
    return world.assets.put_own(translated(write_table, table, name, world.assets.file_path(name, ".ndjson")), "TABLE")


def put_collection(world: World, asset_id: str, folder: Path) -> Asset:
    """Put the GeoTIFFs of a folder under an id, as a collection.

    Args:
        world: The state behind the API.
        asset_id: The id, or a full name.
        folder: Its files are the images, by their names without suffix. A file `collection.json` in it gives each of
            them fields of an image manifest, such as `{"20240101": {"startTime": "2024-01-01T00:00:00Z"}}`.

    Raises:
        ApiError: The id cannot be one, or a file is no image.
    """
    name, folder = _name(asset_id), Path(folder)
    described = _json(folder / _COLLECTION) if (folder / _COLLECTION).is_file() else {}
    collection = world.assets.put_own(Asset(name, "IMAGE_COLLECTION", world.clock()), "IMAGE_COLLECTION")
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in _IMAGES):
        put_image(world, f"{name}/{path.stem}", path, described.get(path.stem, {}))
    return collection


def load_catalogue(world: World, folder: Path) -> list[str]:
    """Put every file below a folder under the id that its path is; return the ids.

    `USGS/SRTMGL1_003.tif` is the image `USGS/SRTMGL1_003`, `FAO/GAUL/2015/level0.geojson` a table; a folder with a
    file `collection.json` is a collection.

    Raises:
        ApiError: A file is neither an image nor a table, or a path cannot be an id.
    """
    loaded = []
    for path in sorted(folder.rglob("*")):
        asset_id = path.relative_to(folder).with_suffix("").as_posix()
        if path.is_dir():
            if (path / _COLLECTION).is_file():
                put_collection(world, path.relative_to(folder).as_posix(), path)
                loaded.append(path.relative_to(folder).as_posix())
            continue
        if (path.parent / _COLLECTION).is_file() or path.name.startswith("."):
            continue
        if path.suffix.lower() in _IMAGES:
            put_image(world, asset_id, path, {})
        elif path.suffix.lower() in _TABLES:
            put_table(world, asset_id, path, {})
        else:
            raise ApiError("INVALID_ARGUMENT", f"{path} is neither an image ({', '.join(_IMAGES)}) nor a table.")
        loaded.append(asset_id)
    return loaded


def _name(asset_id: str) -> str:
    name: str = ASSET_NAME.read(asset_name(asset_id), "asset_id")
    return name


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise ApiError("INVALID_ARGUMENT", f"{path} cannot be read as JSON: {fault}") from fault
