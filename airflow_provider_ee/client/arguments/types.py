"""Types of arguments as users may write them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, SupportsFloat, SupportsIndex, TypeAlias

__all__ = [
    "ClassifierLike",
    "CollectionLike",
    "Fields",
    "Flag",
    "ImageLike",
    "Number",
    "Numbers",
    "PathLike",
    "RegionLike",
    "SizeLike",
    "TableLike",
    "Texts",
    "TimeLike",
]


class _ComputedObject(Protocol):
    """An object of `ee`: `ee.Image`, `ee.FeatureCollection`, `ee.Geometry` and so on."""

    def getInfo(self) -> Any:  # noqa: N802 - the name is Google's
        """Compute it."""


class _HasGeoInterface(Protocol):
    """A geometry or feature of any library that shares them as GeoJSON: shapely, GeoPandas."""

    @property
    def __geo_interface__(self) -> Any:
        """GeoJSON."""


class _Array(Protocol):
    """An array, such as NumPy's."""

    def tolist(self) -> Any:
        """Return its numbers as a list."""


#: A number of Python, NumPy or the like.
Number: TypeAlias = SupportsFloat | SupportsIndex
Numbers: TypeAlias = Sequence[Number] | _Array
#: A truth value, or the text that a template renders it to.
Flag: TypeAlias = bool | str
#: Fields of a request in Google's words.
Fields: TypeAlias = Mapping[str, Any]
#: Texts, or one text with commas.
Texts: TypeAlias = Sequence[str] | str
#: The longest side in pixels, `WIDTHxHEIGHT`, or (width, height).
SizeLike: TypeAlias = Number | str | Numbers
#: RFC 3339, a date, a datetime, or milliseconds since 1970.
TimeLike: TypeAlias = str | date | Number
PathLike: TypeAlias = str | os.PathLike[str]

#: An expression as a dict or JSON text, the id of an asset, or an `ee.Image`.
ImageLike: TypeAlias = Mapping[str, Any] | str | _ComputedObject
#: The same of a collection of images.
CollectionLike: TypeAlias = ImageLike
#: The same of a collection of features.
TableLike: TypeAlias = ImageLike
#: The same of a trained classifier.
ClassifierLike: TypeAlias = ImageLike
#: `[west, south, east, north]`, a ring of positions, rings, GeoJSON as a dict or JSON text, a geometry of shapely, a
#: GeoDataFrame of one feature, or an `ee.Geometry`.
RegionLike: TypeAlias = (
    Numbers
    | Sequence[Sequence[Number]]
    | Sequence[Sequence[Sequence[Number]]]
    | Mapping[str, Any]
    | str
    | _HasGeoInterface
    | _ComputedObject
)
