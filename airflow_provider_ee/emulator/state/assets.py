"""The tree of assets of every project, beside the public catalogue. No HTTP."""

import copy
import dataclasses
import shutil
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute import (
    CATALOGUE_HINT,
    StoredClassifier,
    StoredImage,
    StoredTable,
    copied_image,
    find_asset,
    is_endless,
    stored_image,
)
from airflow_provider_ee.emulator.envelope import ApiError, name_of_status
from airflow_provider_ee.emulator.schemas.naming import check_new_name
from airflow_provider_ee.emulator.state.asset import PUBLIC, Asset, is_root, parent_of
from airflow_provider_ee.emulator.state.asset_tree import AssetTree
from airflow_provider_ee.emulator.state.clocks import Clock
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.switches import AssetIds

__all__ = ["Assets"]

# What a caller may change of an asset; the rest belongs to Earth Engine.
_CHANGEABLE = ("title", "description", "startTime", "endTime", "properties")


class Assets:
    """All assets.

    Every method may be called from any thread.

    Args:
        folder: Where rasters and tables are kept.
        clock: Seconds since 1970.
        catalogue: The public assets, as the API shows them; nobody can change them.
        settings: Gives the settings of this moment.
    """

    def __init__(
        self, folder: Path, clock: Clock, catalogue: Sequence[Mapping[str, Any]], settings: Callable[[], Settings]
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.RLock()
        self._settings = settings
        self._assets = AssetTree()
        self._public = AssetTree(map(_public, catalogue))

    def clear(self) -> None:
        """Forget every asset except the public ones. Their files stay on disk."""
        with self._lock:
            self._assets.clear()

    def any_of(self, project: str) -> bool:
        """Return whether a project has assets."""
        with self._lock:
            return self._assets.any_of(project)

    def get(self, name: str) -> Asset:
        """Return an asset.

        Raises:
            ApiError: There is none of this name.
        """
        with self._lock:
            found = self._find(name)
        if found is None:
            raise _missing(name)
        return found

    def children(self, parent: str) -> list[Asset]:
        """Return what is directly in a folder or collection, by name.

        Raises:
            ApiError: There is no such folder or collection.
        """
        with self._lock:
            asset = self.get(parent)
            if not asset.container:
                raise ApiError("INVALID_ARGUMENT", f"Asset '{parent}' is not a folder or collection.")
            own, public = self._assets.children(parent), self._public.children(parent)
            if is_endless(parent) and not own:
                raise ApiError(
                    "UNIMPLEMENTED",
                    f"The emulator does not list the images of '{asset.shown()['id']}', which are endless: load it "
                    "as a collection, and filter it.",
                )
            if not (own and public):
                return own or public
            merged = {child.name: child for child in (*public, *own)}
            return [merged[name] for name in sorted(merged)]

    def create(self, name: str, kind: str, fields: Mapping[str, Any], *, overwrite: bool = False) -> Asset:
        """Make an asset without pixels.

        Raises:
            ApiError: Its place is taken, or its parent cannot hold it.
        """
        with self._lock:
            self.check_place(name, kind, overwrite=overwrite)
            asset = Asset(name, kind, self._clock(), copy.deepcopy(dict(fields)))
            self._assets.put(asset)
            return asset

    def check_place(self, name: str, kind: str, *, overwrite: bool = False, taken: bool = True) -> None:
        """Check that an asset could be made here.

        Args:
            name: The asset.
            kind: Its type.
            overwrite: Whether an asset of this name would be replaced.
            taken: Whether it matters that there is an asset of this name.

        Raises:
            ApiError: Its place is taken, or its parent cannot hold it.
        """
        with self._lock:
            if name.startswith(f"{PUBLIC}/") or is_root(name):
                raise _missing(name)
            if self._settings().asset_ids is AssetIds.STRICT:
                check_new_name(name)
            parent = self._find(parent_of(name))
            if parent is None:
                raise _missing(parent_of(name))
            if not parent.container or (parent.type == "IMAGE_COLLECTION" and kind != "IMAGE"):
                raise ApiError("INVALID_ARGUMENT", f"Asset '{parent.name}' is {parent.type} and cannot hold {kind}.")
            present = self._assets.get(name)
            if taken and present is not None and (not overwrite or present.container):
                status = self._settings().cannot_overwrite_status
                raise ApiError(name_of_status(status), f"Cannot overwrite asset '{name}'.", status=status)

    def raster_path(self, name: str) -> Path:
        """Return a path for a new raster."""
        return self.file_path(name, ".tif")

    def file_path(self, name: str, suffix: str) -> Path:
        """Return a path for a new file; no two assets share one, so an old one can be read until it is replaced."""
        return self._folder / f"{name}-{uuid.uuid4().hex[:8]}{suffix}"

    def put(
        self, stored: StoredImage | StoredTable | StoredClassifier, kind: str = "IMAGE", *, overwrite: bool = False
    ) -> Asset:
        """Add an image or a table that an export or an import wrote.

        Raises:
            ApiError: Its place is taken, or its parent cannot hold it.
        """
        with self._lock:
            try:
                self.check_place(stored.name, kind, overwrite=overwrite)
            except ApiError:
                if stored.path is not None:
                    stored.path.unlink(missing_ok=True)
                raise
            self._forget_file(self._assets.get(stored.name))
            asset = Asset(stored.name, kind, self._clock(), copy.deepcopy(dict(stored.fields)), stored)
            self._assets.put(asset)
            return asset

    def put_own(self, made: StoredImage | StoredTable | StoredClassifier | Asset, kind: str) -> Asset:
        """Add an asset wherever its name says, in the public catalogue too, in the place of what is there."""
        with self._lock:
            self._forget_file(self._assets.get(made.name))
            if not isinstance(made, Asset):
                made = Asset(made.name, kind, self._clock(), copy.deepcopy(dict(made.fields)), made)
            self._assets.put(made)
            return made

    def source(self, name: str) -> "StoredImage | StoredTable | StoredClassifier | Sequence[StoredImage] | None":
        """Return the raster of an image, those of a collection, or a table, for expressions that load it."""
        with self._lock:
            asset = self._assets.get(name)
            if asset is None:
                return None
            if asset.type == "IMAGE_COLLECTION":
                return [raster for child in self.children(name) if isinstance(raster := _stored(child), StoredImage)]
            # A feature view is for maps: no expression loads one.
            return None if asset.type == "FEATURE_VIEW" else _stored(asset)

    def patch(self, name: str, changes: Mapping[str, Any], paths: Sequence[str]) -> Asset:
        """Change fields of an asset.

        Args:
            name: The asset.
            changes: The new values, in the form of an EarthEngineAsset.
            paths: What to change; a property alone as `properties.NAME`, which is removed when it has no new value.
                Without any, the times and the properties are replaced.

        Raises:
            ApiError: The asset is missing or public, or a path cannot be changed.
        """
        with self._lock:
            asset = self._own(name)
            for path in paths or ("startTime", "endTime", "properties"):
                top, _, key = path.partition(".")
                # Google's own client writes every name of a property in quotes, as protobuf does odd ones.
                top, key = _camel(top), key.removeprefix('"').removesuffix('"')
                if top not in _CHANGEABLE or (key and top != "properties"):
                    raise ApiError(
                        "INVALID_ARGUMENT", f"updateMask: '{path}' cannot be changed; {', '.join(_CHANGEABLE)} can."
                    )
                target = asset.fields.setdefault("properties", {}) if key else asset.fields
                value = changes.get("properties", {}).get(key) if key else changes.get(top)
                if value is None:
                    target.pop(key or top, None)
                else:
                    target[key or top] = value
            asset.updated = self._clock()
            return asset

    def copy(self, source: str, destination: str, band_ids: Sequence[str] = (), *, overwrite: bool = False) -> Asset:
        """Copy an image or a table.

        Args:
            source: The asset.
            destination: The copy.
            band_ids: The bands of an image to copy; none for all.
            overwrite: Whether an asset of the destination's name is replaced.

        Raises:
            ApiError: The source cannot be copied, or the destination's place is taken.
            ComputeError: The image has no such band.
        """
        if (image := self._image(source)) is not None:
            self.check_place(destination, "IMAGE", overwrite=overwrite)
            # Without the lock: it takes a while, and its file is nobody else's yet.
            copied = copied_image(image, destination, self.raster_path(destination), band_ids)
            return self.put(copied, overwrite=overwrite)
        with self._lock:
            asset = self.get(source)
            if asset.container:
                raise ApiError("INVALID_ARGUMENT", f"Asset '{source}' is {asset.type} and cannot be copied.")
            if band_ids:
                raise ApiError("INVALID_ARGUMENT", f"Asset '{source}' has no stored bands to choose from.")
            if asset.stored is None or asset.stored.path is None:
                return self.create(destination, asset.type, asset.fields, overwrite=overwrite)
            self.check_place(destination, asset.type, overwrite=overwrite)
            path = self.file_path(destination, asset.stored.path.suffix)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset.stored.path, path)
            stored = dataclasses.replace(asset.stored, name=destination, path=path, fields=asset.fields)
            return self.put(stored, asset.type, overwrite=overwrite)

    def move(self, source: str, destination: str) -> Asset:
        """Move an asset, and what is in it.

        Raises:
            ApiError: The source is missing or public, or the destination's place is taken.
        """
        with self._lock:
            asset = self._own(source)
            if destination.startswith(f"{source}/"):
                raise ApiError("INVALID_ARGUMENT", f"Cannot move asset '{source}' into itself.")
            self.check_place(destination, asset.type)
            moved = [name for name in self._assets if name == source or name.startswith(f"{source}/")]
            for name in moved:
                found = self._assets.remove(name)
                found.name = destination + name.removeprefix(source)
                self._assets.put(found)
            asset.updated = self._clock()
            return asset

    def delete(self, name: str) -> None:
        """Remove an asset, and its file.

        Raises:
            ApiError: The asset is missing, public or not empty.
        """
        with self._lock:
            asset = self._own(name)
            if asset.container and self.children(name):
                raise ApiError("FAILED_PRECONDITION", f"Asset '{name}' is not empty; delete what is in it first.")
            self._forget_file(asset)
            self._assets.remove(name)

    def set_policy(self, name: str, policy: Mapping[str, Any]) -> Asset:
        """Replace who may do what with an asset.

        Raises:
            ApiError: The asset is missing or public, or somebody else has changed the policy since it was read.
        """
        with self._lock:
            asset = self._own(name)
            if policy.get("etag") and policy["etag"] != asset.policy()["etag"]:
                raise ApiError(
                    "ABORTED",
                    "There were concurrent policy changes. "
                    "Please retry the whole read-modify-write with exponential backoff.",
                )
            asset.bindings = list(policy.get("bindings", []))
            return asset

    def _find(self, name: str) -> Asset | None:
        if is_root(name):
            return Asset(name, "FOLDER", 0.0)
        return self._assets.get(name) or self._public.get(name) or _image_of_endless(name)

    def _own(self, name: str) -> Asset:
        asset = self._assets.get(name)
        if asset is None or name.startswith(f"{PUBLIC}/"):
            raise _missing(name)
        return asset

    def _image(self, name: str) -> StoredImage | None:
        """Return an image, one of the catalogue too; None for an asset that has no stored pixels."""
        with self._lock:
            asset = self.get(name)
            stored = _stored(asset)
        if stored is None and name.startswith(f"{PUBLIC}/") and asset.type == "IMAGE":
            return StoredImage(name, None, asset.fields, stored_image(name, self.source))
        return stored if isinstance(stored, StoredImage) else None

    def _forget_file(self, asset: Asset | None) -> None:
        if asset is not None and asset.stored is not None and asset.stored.path is not None:
            asset.stored.path.unlink(missing_ok=True)


def _stored(asset: Asset) -> StoredImage | StoredTable | StoredClassifier | None:
    """Return an asset's raster or features under the name and with the fields that the asset has now."""
    if asset.stored is None:
        return None
    return dataclasses.replace(asset.stored, name=asset.name, fields=asset.fields)


def _public(shown: Mapping[str, Any]) -> Asset:
    fields = {key: value for key, value in shown.items() if key not in ("name", "type", "id", "updateTime")}
    return Asset(shown["name"], shown["type"], 0.0, fields)


def _image_of_endless(name: str) -> Asset | None:
    shown = find_asset(name)
    return _public(shown) if shown else None


def _missing(name: str) -> ApiError:
    hint = f" {CATALOGUE_HINT}" if name.startswith(f"{PUBLIC}/") else ""
    return ApiError("NOT_FOUND", f"Asset '{name}' does not exist or doesn't allow this operation.{hint}")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
