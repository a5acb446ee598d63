"""Collections without an end: images for every day and every place, made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

from airflow_provider_ee.emulator.compute.catalogue.tiles import WORLD_TILE, Tile
from airflow_provider_ee.emulator.compute.geometry import Bounds, overlap
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.narrowing import Narrowable, Narrowing

__all__ = ["DAY", "Acquisition", "Series"]

#: Milliseconds.
DAY = 86_400_000


@dataclass(frozen=True, order=True)
class Acquisition:
    """When and where an image was taken.

    Args:
        time: Milliseconds since 1970.
        tile: The tile.
    """

    time: int
    tile: Tile

    def __hash__(self) -> int:
        return hash((self.time, self.tile.name))


@dataclass(frozen=True)
class Series(Narrowable):
    """The images of a collection, in the order of time.

    Args:
        make: Makes the image of an acquisition.
        times: Gives the times from one millisecond to another at which a tile was seen.
        start: The first millisecond.
        end: The millisecond after the last.
        tiles: Gives the tiles that touch bounds; None where they are too many. None for images of the whole Earth.
        chosen: The tiles that are wanted; None for the whole Earth as one.
    """

    make: Callable[[Acquisition], Image]
    times: Callable[[int, int, Tile], Sequence[int]]
    start: int
    end: int
    tiles: Callable[[Bounds], tuple[Tile, ...] | None] | None = None
    chosen: tuple[Tile, ...] | None = None

    def narrowed(self, by: Narrowing) -> Series:
        """Return the images of some time and some place."""
        start, end = by.dates or (self.start, self.end)
        series = replace(self, start=max(self.start, start), end=min(self.end, end))
        if by.place is None or self.tiles is None:
            return series
        place = by.place
        if self.chosen is not None:
            chosen = tuple(tile for tile in self.chosen if overlap(tile.footprint, place))
        else:
            near = self.tiles(place.bounds("EPSG:4326"))
            if near is None:
                return series
            chosen = tuple(tile for tile in near if overlap(tile.footprint, place))
        return replace(series, chosen=chosen)

    @cached_property
    def _acquisitions(self) -> list[Acquisition]:
        tiles = (WORLD_TILE,) if self.chosen is None else self.chosen
        found = [Acquisition(time, tile) for tile in tiles for time in self.times(self.start, self.end, tile)]
        return sorted(found, key=lambda one: (one.time, one.tile.name))

    def __len__(self) -> int:
        return len(self._acquisitions)

    @overload
    def __getitem__(self, at: int) -> Image: ...

    @overload
    def __getitem__(self, at: slice) -> list[Image]: ...

    def __getitem__(self, at: int | slice) -> Image | list[Image]:
        """Return an image, or a list of them."""
        if isinstance(at, slice):
            return [self.make(one) for one in self._acquisitions[at]]
        return self.make(self._acquisitions[at])

    def __iter__(self) -> Iterator[Image]:
        return map(self.make, self._acquisitions)
