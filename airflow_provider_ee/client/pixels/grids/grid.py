"""Describe a grid of pixels: a rectangle of them in a coordinate system.

https://developers.google.com/earth-engine/reference/rest/v1/PixelGrid
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.arguments.messages import message, number, whole_number
from airflow_provider_ee.client.arguments.scalars import whole
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["LONGEST_GRID", "PixelGrid"]

#: Pixels that a side may have: the fields of a request and the sizes of a raster file are 32-bit numbers.
LONGEST_GRID = 2**31 - 1

_AFFINE = ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")
_GRID = message(
    {
        "crsCode": lambda path, value: grid_words.crs(value, path),
        "crsWkt": lambda path, value: grid_words.crs(value, path),
        "affineTransform": message(dict.fromkeys(_AFFINE, number())),
        "dimensions": message(
            {"width": whole_number(1, LONGEST_GRID), "height": whole_number(1, LONGEST_GRID)},
            required=("width", "height"),
        ),
    },
    required=("affineTransform", "dimensions"),
)


@dataclass(frozen=True, slots=True)
class PixelGrid:
    """A rectangle of pixels.

    Attributes:
        crs: `EPSG:32632` or the like, or WKT.
        transform: From the corners of pixels to coordinates: x scale, x shear, x origin, y shear, y scale, y origin.
        width: Columns.
        height: Rows.
    """

    crs: str
    transform: grid_words.Transform
    width: int
    height: int

    def __post_init__(self) -> None:
        grid_words.crs(self.crs)
        object.__setattr__(self, "transform", tuple(map(float, grid_words.transform(self.transform))))
        for side in ("width", "height"):
            object.__setattr__(self, side, whole(side, getattr(self, side), 1, LONGEST_GRID))
        self.corners()

    @classmethod
    def read(cls, fields: object, argument: str = "grid") -> PixelGrid:
        """Return the grid that the fields of a request or of an asset describe; all of it has to be there."""
        found = _GRID(argument, fields)
        systems = [found[name] for name in ("crsCode", "crsWkt") if name in found]
        if len(systems) != 1:
            raise InvalidArgument(argument, f"it has {len(systems)} coordinate systems", "one of crsCode and crsWkt")
        # JSON of Google's leaves out what is zero.
        transform = [found["affineTransform"].get(name, 0) for name in _AFFINE]
        return cls(systems[0], grid_words.transform(transform, f"{argument}.affineTransform"), **found["dimensions"])

    def fields(self) -> dict[str, Any]:
        """Return the grid as the fields of a request."""
        return {
            "crsCode" if grid_words.is_code(self.crs) else "crsWkt": self.crs,
            "affineTransform": dict(zip(_AFFINE, self.transform, strict=True)),
            "dimensions": {"width": self.width, "height": self.height},
        }

    def point(self, column: float, row: float) -> tuple[float, float]:
        """Return the coordinates of a column and row: of the corner of a pixel, or half a pixel on of its centre.

        Rounded once, from exact arithmetic: a window's pixels are where the same pixels of the whole grid are.
        """
        a, b, c, d, e, f = map(Fraction, self.transform)
        right, down = Fraction(column), Fraction(row)
        try:
            return float(a * right + b * down + c), float(d * right + e * down + f)
        except OverflowError:
            raise InvalidArgument(
                "crs_transform", f"{shown(list(self.transform))} leads out of all numbers", "coordinates on Earth"
            ) from None

    def window(self, column: int, row: int, width: int, height: int) -> PixelGrid:
        """Return the rectangle of these pixels that begins so many columns and rows further on; it may lie outside."""
        a, b, _, d, e, _ = self.transform
        x, y = self.point(column, row)
        return PixelGrid(self.crs, (a, b, x, d, e, y), width, height)

    def corners(self) -> list[tuple[float, float]]:
        """Return the coordinates of the four corners, in the order of a ring."""
        return [self.point(*place) for place in ((0, 0), (self.width, 0), (self.width, self.height), (0, self.height))]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The least x and y and the greatest x and y: west, south, east and north where x goes east and y north."""
        xs, ys = zip(*self.corners(), strict=True)
        return min(xs), min(ys), max(xs), max(ys)
