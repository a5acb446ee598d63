"""From what a user asks for to what is fetched: which image, which bands of which types, on which grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments.scalars import finite, flag, texts
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.bands import Described, chosen, describe
from airflow_provider_ee.client.pixels.grids.arguments import Words
from airflow_provider_ee.client.pixels.grids.coordinates import bounds_in, metres_per_unit, region_box
from airflow_provider_ee.client.pixels.grids.cover import grid_of_pixels, grid_of_region
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType
from airflow_provider_ee.client.pixels.images import MASK_BAND, Source
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["Masks", "Plan", "plan"]


@dataclass(frozen=True)
class Masks:
    """What becomes of pixels without a value.

    Attributes:
        nodata: The value that stands for none.
        band: Whether a band says where there are values.
    """

    nodata: float | None = None
    band: bool = False

    @classmethod
    def of(cls, nodata: object, mask_band: object) -> Masks:
        """Check the two words for masks, of which at most one is meant."""
        with_band = flag("mask_band", mask_band)
        if with_band and nodata is not None:
            raise InvalidArgument(
                "mask_band", "it contradicts nodata, with which every pixel has a value", "one of them"
            )
        return cls(None if nodata is None else finite("nodata", nodata), with_band)


@dataclass(frozen=True)
class Plan:
    """What is fetched.

    Attributes:
        source: Where it comes from.
        grid: Its pixels.
        bands: Its bands.
        masks: What stands for pixels without a value.
        version: When the asset was written, if it is one.
    """

    source: Source
    grid: PixelGrid
    bands: tuple[BandType, ...]
    masks: Masks
    version: str

    @property
    def band_ids(self) -> list[str]:
        """The names of its bands."""
        return [band.id for band in self.bands]

    def order(self) -> dict[str, Any]:
        """Return all that its pixels depend on, as plain JSON."""
        return {
            "asset": self.source.asset,
            "expression": self.source.expression,
            "grid": self.grid.fields(),
            "bands": [[band.id, band.dtype] for band in self.bands],
            "version": self.version,
        }


def plan(source: Source, words: Words, band_ids: object, masks: Masks) -> Flow[Plan]:
    """Ask Earth Engine about the image, and decide what to fetch.

    Raises:
        InvalidArgument: An argument is wrong for this image.
    """
    names = texts("band_ids", band_ids)
    described = chosen((yield from describe(source)), names)
    grid = yield from _grid(source, words, described[0])
    ids = [band.type.id for band in described]
    types = [band.type for band in described]
    if masks.nodata is not None:
        source = source.unmasked(masks.nodata)
        # The value may need a larger type than the image has.
        types = [band.type for band in chosen((yield from describe(source)), ids)]
    if masks.band:
        if MASK_BAND in ids:
            raise InvalidArgument(
                "mask_band", f"the image has a band {MASK_BAND!r} already", "another name for that band"
            )
        source = source.with_mask_band(ids)
        types.append(BandType(MASK_BAND, "uint8"))
    return Plan(source, grid, tuple(types), masks, described[0].version)


def _grid(source: Source, words: Words, band: Described) -> Flow[PixelGrid]:
    if words.grid is not None:
        return PixelGrid.read(words.grid)
    sizes = {"scale": words.scale, "crs_transform": words.crs_transform, "dimensions": words.dimensions}
    crs = words.crs if words.crs is not None else band.crs
    if words.region is None:
        return _without_region(words, sizes, str(crs), band)
    box = yield from region_box(source, words.region)
    if all(value is None for value in sizes.values()):
        if band.size is None or crs != band.crs:
            raise InvalidArgument(
                "scale", "the image has no pixels of its own there", "scale, crs_transform, dimensions or a whole grid"
            )
        sizes["crs_transform"] = band.transform
    unit = 1.0 if words.scale is None else metres_per_unit(str(crs))
    return grid_of_region(bounds_in(str(crs), box), crs, metres_per_unit=unit, **sizes)


def _without_region(words: Words, sizes: Mapping[str, Any], crs: str, band: Described) -> PixelGrid:
    if words.crs_transform is not None and words.scale is None and words.dimensions is not None:
        return grid_of_pixels(crs, words.crs_transform, words.dimensions)
    if band.size is None or crs != band.crs:
        raise InvalidArgument("region", "nothing says where the pixels are", "a region, or a whole grid")
    own = PixelGrid(band.crs, _six(band.transform), *band.size)
    if all(value is None for value in sizes.values()):
        return own
    unit = 1.0 if words.scale is None else metres_per_unit(crs)
    return grid_of_region(own.bounds, crs, metres_per_unit=unit, **sizes)


def _six(numbers: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f
