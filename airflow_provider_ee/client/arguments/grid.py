"""The words in which users say where the pixels are: crs, crs_transform, scale, dimensions."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from airflow_provider_ee.client.arguments.scalars import finite, items, number, whole
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["Transform", "crs", "is_code", "metres", "scale", "size", "transform"]

Transform: TypeAlias = tuple[float, float, float, float, float, float]

#: Earth Engine's functions take 32 bits.
_MOST_PIXELS = 2**31 - 1
_AUTHORITY_CODE = re.compile(r"[A-Za-z][A-Za-z-]*:[0-9]+")
_WKT = re.compile(r"(PROJCS|GEOGCS|COMPD_CS|PROJCRS|GEOGCRS|GEODCRS|COMPOUNDCRS)\s*\[", re.IGNORECASE)


def is_code(value: str) -> bool:
    """Whether a coordinate reference system is written as a code, `EPSG:32632`, and not as WKT."""
    return _AUTHORITY_CODE.fullmatch(value) is not None


def crs(value: object, argument: str = "crs") -> str:
    """Check a coordinate reference system."""
    if not isinstance(value, str) or not (is_code(value) or _WKT.match(value)):
        raise InvalidArgument(
            argument, f"{shown(value)} is not a valid coordinate reference system", "EPSG:4326 or the like, or WKT"
        )
    return value


def transform(value: object, argument: str = "crs_transform") -> Transform:
    """Check the six numbers of an affine transform, or their text; whole ones are answered as int."""
    text = value.strip().removeprefix("[").removesuffix("]").split(",") if isinstance(value, str) else value
    found = [number(one) for one in items(text) or ()]
    if len(found) != 6 or None in found:
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid affine transform",
            "six numbers: x scale, x shear, x origin, y shear, y scale, y origin",
        )
    whole_as_int = (int(one) if float(one).is_integer() else one for one in found if one is not None)
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
    return metres("scale", value)


def metres(argument: str, value: object) -> float:
    """Check a length in metres, of a pixel's side: not below a micrometre, nor longer than the Earth is round."""
    return finite(argument, value, least=1e-6, most=40_075_017)


def size(value: object, argument: str = "dimensions") -> tuple[int, ...]:
    """Check dimensions: one number for the longest side, or width and height."""
    sides = value.split("x") if isinstance(value, str) else items(value)
    try:
        found = tuple(whole(argument, side, 1, _MOST_PIXELS) for side in ([value] if sides is None else sides))
    except InvalidArgument:
        found = ()
    if not 1 <= len(found) <= 2:
        allowed = f"a whole number from 1 to {_MOST_PIXELS}, or WIDTHxHEIGHT"
        raise InvalidArgument(argument, f"{shown(value)} is not a valid size", allowed)
    return found
