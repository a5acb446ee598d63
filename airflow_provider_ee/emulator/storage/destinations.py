"""Where exports write: a bucket or a Drive folder under the root; and the places of images, files and assets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from airflow_provider_ee.emulator.compute import export_asset, export_image
from airflow_provider_ee.emulator.computing import translated
from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.state.assets import Assets
from airflow_provider_ee.emulator.state.ledger import digest

__all__ = ["AssetPlace", "Destination", "Files", "Place", "asset_page", "destination_of", "place_of"]

# Seen in public code for a prefix that ends in "/": the object is named by its offsets alone.
_NAMELESS = "0000000000-0000000000"
_TILE_SIZE = 256


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket or a Drive folder, and the prefix of the names in it.

    Args:
        folder: The bucket's or Drive folder's directory under the root.
        prefix: The request's filenamePrefix; empty where it has none.
        uris: Where a person finds the result; Earth Engine gives pages for people, not gs:// names.
    """

    folder: Path
    prefix: str
    uris: tuple[str, ...]

    def file(self, nameless: str) -> Path:
        """Return the path of a file without its suffix.

        Args:
            nameless: What the service calls a file whose prefix is empty or ends in "/".
        """
        return self.folder / (self.prefix + (nameless if not self.prefix or self.prefix.endswith("/") else ""))


def place_of(options: Mapping[str, Any], root: Path) -> Place:
    """Return where file options, with a cloudStorageDestination or a driveDestination, want the files."""
    if "cloudStorageDestination" in options:
        wanted = options["cloudStorageDestination"]
        bucket = wanted["bucket"]
        folder, page = root / "gs" / bucket, f"console.developers.google.com/storage/browser/{bucket}"
    else:
        wanted = options["driveDestination"]
        name = wanted.get("folder", "")
        folder, page = root / "drive" / name, f"drive.google.com/#folders/{digest(name)}"
    return Place(folder, wanted.get("filenamePrefix", ""), (f"https://{page}",))


def asset_page(name: str) -> tuple[str, ...]:
    """Return the page of an asset in the Code Editor."""
    return (f"https://code.earthengine.google.com/?asset={name}",)


class Destination(Protocol):
    """A place for an image."""

    @property
    def uris(self) -> tuple[str, ...]:
        """Where a person finds the result."""

    def write(self, image: Any, grid: Mapping[str, Any] | None, max_pixels: int) -> None:
        """Compute the image and write it here.

        Raises:
            ApiError: The computer refused, or the place is taken by now.
        """


@dataclass(frozen=True, slots=True)
class Files:
    """GeoTIFF files.

    Args:
        target: The path without its suffix.
        options: The request's fileExportOptions.
        uris: Where a person finds them.
    """

    target: Path
    options: Mapping[str, Any]
    uris: tuple[str, ...]

    def write(self, image: Any, grid: Mapping[str, Any] | None, max_pixels: int) -> None:
        """Compute the image and write the files."""
        translated(export_image, image, grid=grid, file_options=self.options, max_pixels=max_pixels, target=self.target)


@dataclass(frozen=True, slots=True)
class AssetPlace:
    """An asset.

    Args:
        name: Its full name.
        overwrite: Whether an image of this name is replaced.
        assets: The tree that it goes into.
    """

    name: str
    overwrite: bool
    assets: Assets

    @property
    def uris(self) -> tuple[str, ...]:
        """The asset's page in the Code Editor."""
        return asset_page(self.name)

    def write(self, image: Any, grid: Mapping[str, Any] | None, max_pixels: int) -> None:
        """Compute the image and put the asset into the tree."""
        path = self.assets.raster_path(self.name)
        stored = translated(export_asset, image, grid=grid, max_pixels=max_pixels, name=self.name, target=path)
        self.assets.put(stored, overwrite=self.overwrite)


def destination_of(body: Mapping[str, Any], root: Path, assets: Assets) -> Destination:
    """Return where an ExportImageRequest wants its image.

    Raises:
        ApiError: The emulator does not write there, or the place is taken.
    """
    if "assetExportOptions" in body:
        wanted = body["assetExportOptions"]["earthEngineDestination"]
        overwrite = wanted.get("overwrite", False)
        assets.check_place(wanted["name"], "IMAGE", overwrite=overwrite)
        return AssetPlace(wanted["name"], overwrite, assets)
    options = body["fileExportOptions"]
    if options["fileFormat"] != "GEO_TIFF":
        raise ApiError("UNIMPLEMENTED", f"The emulator writes GEO_TIFF files only, not {options['fileFormat']}.")
    _check_tiles(options.get("geoTiffOptions", {}))
    place = place_of(options, root)
    return Files(place.file(_NAMELESS), options, place.uris)


def _check_tiles(options: Mapping[str, Any]) -> None:
    tile_size = options.get("tileSize", _TILE_SIZE)
    for side, length in options.get("tileDimensions", {}).items():
        if length % tile_size:
            field = f"fileExportOptions.geoTiffOptions.tileDimensions.{side}"
            raise invalid(field, f"{length} is not a multiple of tileSize, which is {tile_size}.")
