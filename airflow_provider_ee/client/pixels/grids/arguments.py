"""Check the arguments that say which pixels to fetch, as far as that is possible without a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.arguments import regions
from airflow_provider_ee.client.arguments.scalars import is_list, is_number
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

__all__ = ["GridArguments", "unwrap_antimeridian"]


@dataclass(frozen=True)
class GridArguments:
    """The arguments that say which pixels to fetch; each may be None.

    Attributes:
        region: A box, GeoJSON or `ee.Geometry`, of which the bounds are taken.
        scale: Metres per pixel.
        crs: `EPSG:32632` or the like, or WKT; that of the first band if None.
        crs_transform: Six numbers; with a region the pixels of this transform that cover it.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        grid: A whole PixelGrid as the fields of a request, instead of all these.

    Raises:
        InvalidArgument: One of them is wrong, or two of them contradict each other.
    """

    region: object = None
    scale: object = None
    crs: object = None
    crs_transform: object = None
    dimensions: object = None
    grid: object = None

    def __post_init__(self) -> None:
        given = [name for name, value in vars(self).items() if value is not None]
        checks: dict[str, Callable[[object], object]] = {
            "region": lambda region: regions.region(unwrap_antimeridian(region)),
            "crs": grid_words.crs,
            "crs_transform": grid_words.transform,
            "dimensions": grid_words.size,
            "scale": lambda scale: grid_words.scale(scale, self.crs_transform, self.dimensions),
            "grid": PixelGrid.read,
        }
        for name, check in checks.items():
            if name in given:
                check(getattr(self, name))
        if self.grid is not None and given != ["grid"]:
            others = " and ".join(name for name in given if name != "grid")
            raise InvalidArgument("grid", f"it contradicts {others}", "a whole grid alone, or the others")


def unwrap_antimeridian(region: object) -> object:
    """Return a box whose west is greater than its east, for it crosses the antimeridian, with an east beyond 180."""
    if is_list(region) and len(region) == 4 and all(map(is_number, region)) and region[0] > region[2]:
        west, south, east, north = region
        return [west, south, east + 360, north]
    return region
