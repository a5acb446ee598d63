"""What a download says of itself when it is done."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Downloaded"]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """An image that is in a file now.

    Attributes:
        output: Where it is.
        width: Its columns.
        height: Its rows.
        bands: The names of its bands.
        crs: Its coordinate reference system.
        transform: Six numbers from its pixels to its coordinates.
        bytes: The size of the file.
        tiles: Of how many requests' answers it consists.
        fetched: How many of them came from Earth Engine this time; the others were there from one that broke off.
        preview: Where its small picture is, if there is one.
    """

    output: str
    width: int
    height: int
    bands: list[str]
    crs: str
    transform: list[float]
    bytes: int
    tiles: int
    fetched: int
    preview: str | None = None
