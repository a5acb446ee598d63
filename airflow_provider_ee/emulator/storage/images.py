"""Where an image export writes: files, or an asset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from airflow_provider_ee.emulator.compute import export_asset, export_image
from airflow_provider_ee.emulator.computing import translated
from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.state.assets import Assets
from airflow_provider_ee.emulator.state.world import World
from airflow_provider_ee.emulator.storage.files import FileTarget, asset_page, file_target

__all__ = ["ImageAsset", "ImageDestination", "ImageFiles", "image_destination"]

# Seen in public code for a prefix that ends in "/": the object is named by its offsets alone.
_NAMELESS = "0000000000-0000000000"
_TILE_SIZE = 256


class ImageDestination(Protocol):
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
class ImageFiles:
    """GeoTIFF or NPY files.

    Args:
        target: Where they are written.
        options: The request's fileExportOptions.
    """

    target: FileTarget
    options: Mapping[str, Any]

    @property
    def uris(self) -> tuple[str, ...]:
        """Where a person finds them."""
        return self.target.uris

    def write(self, image: Any, grid: Mapping[str, Any] | None, max_pixels: int) -> None:
        """Compute the image and write the files."""
        self.target.check()
        path = self.target.file(_NAMELESS)
        translated(export_image, image, grid=grid, file_options=self.options, max_pixels=max_pixels, target=path)


@dataclass(frozen=True, slots=True)
class ImageAsset:
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


def image_destination(body: Mapping[str, Any], world: World, user: str) -> ImageDestination:
    """Return where an ExportImageRequest wants its image.

    Raises:
        ApiError: The emulator does not write there, or the place is taken.
    """
    if "assetExportOptions" in body:
        wanted = body["assetExportOptions"]["earthEngineDestination"]
        overwrite = wanted.get("overwrite", False)
        world.check_export_place(wanted["name"], "IMAGE", overwrite=overwrite)
        return ImageAsset(wanted["name"], overwrite, world.assets)
    options = body["fileExportOptions"]
    if options["fileFormat"] == "NPY" and not world.settings.npy_exports:
        raise invalid("fileExportOptions.fileFormat", "NPY is not a format of exports.")
    if options["fileFormat"] not in ("GEO_TIFF", "NPY"):
        raise ApiError("UNIMPLEMENTED", f"The emulator writes GEO_TIFF and NPY files, not {options['fileFormat']}.")
    _check_tiles(options.get("geoTiffOptions", {}))
    return ImageFiles(file_target(options, world, user), options)


def _check_tiles(options: Mapping[str, Any]) -> None:
    tile_size = options.get("tileSize", _TILE_SIZE)
    for side, length in options.get("tileDimensions", {}).items():
        if length % tile_size:
            field = f"fileExportOptions.geoTiffOptions.tileDimensions.{side}"
            raise invalid(field, f"{length} is not a multiple of tileSize, which is {tile_size}.")
