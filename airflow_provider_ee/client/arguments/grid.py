"""The words in which users say where the pixels are: crs, crs_transform, scale, dimensions."""

from __future__ import annotations

import math
import re
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import finite, is_list
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["Transform", "crs", "is_code", "scale", "size", "transform"]

Transform: TypeAlias = tuple[float, float, float, float, float, float]

_AUTHORITY_CODE = re.compile(r"[A-Za-z][A-Za-z-]*:\d+")
_WKT = re.compile(r"(PROJCS|GEOGCS|COMPD_CS|PROJCRS|GEOGCRS|GEODCRS|COMPOUNDCRS)\s*\[", re.IGNORECASE)


def is_code(value: str) -> bool:
    """Whether a coordinate reference system is written as a code, `EPSG:32632`, and not as WKT."""
    return _AUTHORITY_CODE.fullmatch(value) is not None


def crs(value: object, argument: str = "crs") -> str:
    """Check a coordinate reference system."""
    if not isinstance(value, str) or not (is_code(value) or _WKT.match(value)):
        raise InvalidArgument(
            argument, f"{shown(value)} is no coordinate reference system", "EPSG:4326 or the like, or WKT"
        )
    return value


def transform(value: object, argument: str = "crs_transform") -> Transform:
    """Check the six numbers of an affine transform, or their text; whole ones are answered as int."""
    numbers: Any = value
    if isinstance(value, str):
        numbers = value.strip().removeprefix("[").removesuffix("]").split(",")
    try:
        found = [float(number) for number in numbers]
    except (TypeError, ValueError, OverflowError):
        found = []
    if len(found) != 6 or not all(math.isfinite(number) for number in found):
        raise InvalidArgument(
            argument,
            f"{shown(value)} is no affine transform",
            "six numbers: x scale, x shear, x origin, y shear, y scale, y origin",
        )
    whole_as_int = (int(number) if number.is_integer() else number for number in found)
    x_scale, x_shear, x_origin, y_shear, y_scale, y_origin = whole_as_int
    if math.isclose(x_scale * y_scale, x_shear * y_shear):
        raise InvalidArgument(argument, f"{shown(value)} flattens every pixel", "a transform with an inverse")
    return x_scale, x_shear, x_origin, y_shear, y_scale, y_origin


def scale(value: object, crs_transform: object = None, dimensions: object = None) -> float:
    """Check metres per pixel, which the two other words for the size of a pixel would contradict."""
    if crs_transform is not None:
        raise InvalidArgument("scale", "it contradicts crs_transform, which has a scale of its own", "one of the two")
    if dimensions is not None:
        raise InvalidArgument("scale", "it contradicts dimensions", "one of the two")
    return finite("scale", value, above=0)


def size(value: object) -> tuple[int, ...]:
    """Check dimensions: one number for the longest side, or width and height."""
    if isinstance(value, int) and not isinstance(value, bool):
        sides: tuple[int, ...] = (value,)
    elif isinstance(value, str) and re.fullmatch(r"\d{1,9}(x\d{1,9})?", value):
        sides = tuple(int(side) for side in value.split("x"))
    elif is_list(value) and len(value) == 2 and all(type(side) is int for side in value):
        sides = tuple(value)
    else:
        sides = ()
    if not sides or min(sides) < 1:
        raise InvalidArgument("dimensions", f"{shown(value)} is no size", "a positive whole number, or WIDTHxHEIGHT")
    return sides
