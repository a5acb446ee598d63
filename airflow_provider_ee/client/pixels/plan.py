"""Turn what a user asks for into what is fetched: which image, which bands of which types, on which grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments.on_empty import report_empty
from airflow_provider_ee.client.arguments.scalars import finite, flag, texts
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.arguments import GridArguments
from airflow_provider_ee.client.pixels.grids.coordinates import metres_per_unit, project_bounds, region_bounds
from airflow_provider_ee.client.pixels.grids.cover import grid_of_pixels, grid_of_region
from airflow_provider_ee.client.pixels.grids.footprint import describe_miss
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType
from airflow_provider_ee.client.pixels.images import MASK_BAND, Band, Image, describe_bands, select_bands
from airflow_provider_ee.client.pixels.npy import Pixels
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["Masks", "Plan", "plan_pixels"]

#: For so many seconds a download goes on with the tiles of an earlier one. A stored image that was written anew has
#: another version; an expression is computed from whatever its collections hold at the time.
_STORED_LIFETIME, _COMPUTED_LIFETIME = 7 * 86400.0, 86400.0


@dataclass(frozen=True)
class Masks:
    """What is written for pixels without a value.

    Attributes:
        nodata: The value that stands for none.
        band: Whether a band says where there are values.
    """

    nodata: float | None = None
    band: bool = False

    @classmethod
    def of(cls, nodata: object, mask_band: object) -> Masks:
        """Check the arguments `nodata` and `mask_band`, of which at most one may be given."""
        with_band = flag("mask_band", mask_band)
        if with_band and nodata is not None:
            raise InvalidArgument(
                "mask_band", "it contradicts nodata, with which every pixel has a value", "one of them"
            )
        return cls(None if nodata is None else finite("nodata", nodata), with_band)

    def has_values(self, pixels: Pixels, band_ids: Sequence[str]) -> bool:
        """Whether any pixel of some bands has a value; without nodata and mask, whether any is not 0."""
        if self.nodata is not None:
            return bool((pixels != self.nodata).any())
        if self.band:
            return MASK_BAND in band_ids and bool(pixels[band_ids.index(MASK_BAND)].any())
        return bool(pixels.any())

    def describe_empty(self, where: str) -> str:
        """Return a sentence that says what is known when no pixel has a value."""
        if self.nodata is not None or self.band:
            return f"No pixel has a value {where}: the image has no data there."
        return f"Every pixel is 0 {where}: the image has no data there, or is 0; nodata or mask_band tells which."


@dataclass(frozen=True)
class Plan:
    """What is fetched.

    Attributes:
        image: The image.
        grid: Its pixels.
        bands: Its bands.
        masks: What is written for pixels without a value.
        version: When the asset was written, if it is one.
        on_empty: What to do when no pixel has a value; `ignore` when that has been reported.
        lifetime: For how many seconds tiles that have arrived may be used.
    """

    image: Image
    grid: PixelGrid
    bands: tuple[BandType, ...]
    masks: Masks
    version: str
    on_empty: str
    lifetime: float

    @property
    def band_ids(self) -> list[str]:
        """The names of its bands."""
        return [band.id for band in self.bands]

    def order(self) -> dict[str, Any]:
        """Return all that its pixels depend on, as plain JSON."""
        return {
            "asset": self.image.asset,
            "expression": self.image.expression,
            "grid": self.grid.fields(),
            "bands": [[band.id, band.dtype] for band in self.bands],
            "version": self.version,
        }

    def report_empty(self) -> None:
        """Warn that no pixel has a value, or fail, as `on_empty` says."""
        bounds = ", ".join(f"{side:.12g}" for side in self.grid.bounds)
        report_empty(self.on_empty, self.masks.describe_empty(f"within [{bounds}] of {self.grid.crs:.40}"))


def plan_pixels(
    image: Image, arguments: GridArguments, band_ids: object, masks: Masks, on_empty: str = "warn"
) -> Flow[Plan]:
    """Ask Earth Engine about the image, and decide what to fetch.

    Raises:
        InvalidArgument: An argument is wrong for this image.
        EmptyResult: The region does not meet the image, and `on_empty` is `fail`.
    """
    names = texts("band_ids", band_ids)
    bands = select_bands((yield from describe_bands(image)), names)
    grid = yield from _grid(image, arguments, bands[0])
    lifetime = _COMPUTED_LIFETIME if image.asset is None else _STORED_LIFETIME
    own = bands[0].grid() if image.asset is not None else None
    miss = None if own is None else describe_miss(own, grid)
    if miss is not None:
        report_empty(on_empty, miss)
        on_empty = "ignore"
    ids = [band.type.id for band in bands]
    types = [band.type for band in bands]
    if masks.nodata is not None:
        image = image.unmasked(masks.nodata)
        # The value may need a larger type than the image has.
        types = [band.type for band in select_bands((yield from describe_bands(image)), ids)]
    if masks.band:
        if MASK_BAND in ids:
            raise InvalidArgument(
                "mask_band", f"the image has a band {MASK_BAND!r} already", "another name for that band"
            )
        image = image.with_mask_band(ids)
        types.append(BandType(MASK_BAND, "uint8"))
    return Plan(image, grid, tuple(types), masks, bands[0].version, on_empty, lifetime)


def _grid(image: Image, arguments: GridArguments, band: Band) -> Flow[PixelGrid]:
    if arguments.grid is not None:
        return PixelGrid.read(arguments.grid)
    sizes = {"scale": arguments.scale, "crs_transform": arguments.crs_transform, "dimensions": arguments.dimensions}
    crs = arguments.crs if arguments.crs is not None else band.crs
    if arguments.region is None:
        return _without_region(arguments, sizes, str(crs), band)
    box = yield from region_bounds(image.project, arguments.region, image.workload_tag)
    if all(value is None for value in sizes.values()):
        if band.size is None or crs != band.crs:
            raise InvalidArgument(
                "scale", "the image has no pixels of its own there", "scale, crs_transform, dimensions or a whole grid"
            )
        sizes["crs_transform"] = band.transform
    unit = 1.0 if arguments.scale is None else metres_per_unit(str(crs))
    return grid_of_region(project_bounds(str(crs), box), crs, metres_per_unit=unit, **sizes)


def _without_region(arguments: GridArguments, sizes: Mapping[str, Any], crs: str, band: Band) -> PixelGrid:
    if arguments.crs_transform is not None and arguments.scale is None and arguments.dimensions is not None:
        return grid_of_pixels(crs, arguments.crs_transform, arguments.dimensions)
    own = band.grid()
    if own is None or crs != band.crs:
        raise InvalidArgument("region", "nothing says where the pixels are", "a region, or a whole grid")
    if all(value is None for value in sizes.values()):
        return own
    unit = 1.0 if arguments.scale is None else metres_per_unit(crs)
    return grid_of_region(own.bounds, crs, metres_per_unit=unit, **sizes)
