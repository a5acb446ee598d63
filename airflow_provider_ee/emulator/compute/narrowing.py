"""What a filter says of time and place: so a collection without an end is narrowed before it is looked through."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.compute.geometry import Geometry
    from airflow_provider_ee.emulator.compute.images import Element

__all__ = ["EVERYTHING", "Narrowable", "Narrowing", "both"]


@dataclass(frozen=True)
class Narrowing:
    """A time and a place outside of which nothing matches.

    Args:
        dates: The first millisecond and the one after the last; None for any.
        place: What elements have to touch; None for anything.
        complete: Whether everything inside of them matches.
    """

    dates: tuple[int, int] | None = None
    place: Geometry | None = None
    complete: bool = False


#: Of a filter that says nothing of time and place.
EVERYTHING = Narrowing()


class Narrowable(Sequence["Element"]):
    """Elements of which a part can be had without looking through all of them."""

    @abstractmethod
    def narrowed(self, by: Narrowing) -> Narrowable:
        """Return those of some time and some place."""


def both(parts: Iterable[Narrowing]) -> Narrowing:
    """Return the narrowing of several filters that all have to match."""
    dates: tuple[int, int] | None = None
    place: Geometry | None = None
    complete = True
    for part in parts:
        complete = complete and part.complete and (place is None or part.place is None)
        place = place or part.place
        if part.dates is not None:
            dates = part.dates if dates is None else (max(dates[0], part.dates[0]), min(dates[1], part.dates[1]))
    return Narrowing(dates, place, complete)
