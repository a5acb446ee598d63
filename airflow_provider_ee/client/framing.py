"""Lay an image on a grid: crs, scale, region and dimensions folded into its expression, as `ee.batch.Export` does it.

https://developers.google.com/earth-engine/guides/exporting_images#setting_scale
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from airflow_provider_ee.client.checks import finite, is_list
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.expressions import Expression, Node, applied, call, constant
from airflow_provider_ee.client.regions import region as region_node

__all__ = ["framed"]

_NORTH_UP = [1, 0, 0, 0, -1, 0]
_AUTHORITY_CODE = re.compile(r"[A-Za-z][A-Za-z-]*:\d+")
_WKT = re.compile(r"(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS)\s*\[", re.IGNORECASE)


def framed(
    image: Expression,
    *,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    dimensions: object = None,
) -> Expression:
    """Return the image on the grid that the arguments describe; each may be None.

    Args:
        image: The image's expression.
        region: What to cut out; see `regions.region`.
        scale: Metres per pixel.
        crs: `EPSG:32632` or the like, or WKT.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.

    Raises:
        InvalidArgument: One of them is wrong, or two of them contradict each other.
    """
    if scale is not None and crs_transform is not None:
        raise InvalidArgument("scale", "it contradicts crs_transform, which has a scale of its own", "one of the two")
    if scale is not None and dimensions is not None:
        raise InvalidArgument("scale", "it contradicts dimensions", "one of the two")
    if crs_transform is not None and crs is None:
        raise InvalidArgument("crs", "crs_transform means nothing without it", "EPSG:4326 or the like, or WKT")
    size = None if dimensions is None else _size(dimensions)
    selection: dict[str, Node] = {}
    if region is not None:
        selection["geometry"] = region_node(region)
    if crs is not None:
        image = _projected(image, _crs(crs), crs_transform)
        if crs_transform is not None and region is None and size and len(size) == 2:
            return applied(
                image, "Image.clipToBoundsAndScale", "input", geometry=_rectangle_of_pixels(size, image["result"])
            )
    if scale is not None:
        selection["scale"] = constant(finite("scale", scale, above=0))
    if size is not None:
        sides = ("maxDimension",) if len(size) == 1 else ("width", "height")
        selection |= {side: constant(pixels) for side, pixels in zip(sides, size, strict=True)}
    if not selection:
        return image
    function = "Image.clip" if selection.keys() == {"geometry"} else "Image.clipToBoundsAndScale"
    return applied(image, function, "input", **selection)


def _projected(image: Expression, crs: str, crs_transform: object) -> Expression:
    projection = call("Projection", crs=constant(crs))
    if crs_transform is None:
        return applied(image, "Image.setDefaultProjection", "image", crs=projection, crsTransform=constant(_NORTH_UP))
    return applied(image, "Image.reproject", "image", crs=projection, crsTransform=constant(_transform(crs_transform)))


def _rectangle_of_pixels(size: Sequence[int], image_key: str) -> Node:
    """The exact rectangle of so many pixels in the image's own projection, from the origin of its transform."""
    return call(
        "GeometryConstructors.Rectangle",
        coordinates=constant([0, 0, *size]),
        crs=call("Image.projection", image={"valueReference": image_key}),
        geodesic=constant(False),
        evenOdd=constant(True),
    )


def _crs(value: object) -> str:
    if not isinstance(value, str) or not (_AUTHORITY_CODE.fullmatch(value) or _WKT.match(value)):
        raise InvalidArgument(
            "crs", f"{shown(value)} is no coordinate reference system", "EPSG:4326 or the like, or WKT"
        )
    return value


def _transform(value: object) -> list[float]:
    numbers: Any = value
    if isinstance(value, str):
        numbers = value.strip().removeprefix("[").removesuffix("]").split(",")
    try:
        transform = [float(number) for number in numbers]
    except (TypeError, ValueError):
        transform = []
    if len(transform) != 6 or not all(math.isfinite(number) for number in transform):
        raise InvalidArgument(
            "crs_transform",
            f"{shown(value)} is no affine transform",
            "six numbers: x scale, x shear, x origin, y shear, y scale, y origin",
        )
    x_scale, x_shear, _, y_shear, y_scale, _ = transform
    if math.isclose(x_scale * y_scale, x_shear * y_shear):
        raise InvalidArgument("crs_transform", f"{shown(value)} flattens every pixel", "a transform with an inverse")
    return [int(number) if number.is_integer() else number for number in transform]


def _size(value: object) -> tuple[int, ...]:
    if isinstance(value, int) and not isinstance(value, bool):
        size: tuple[int, ...] = (value,)
    elif isinstance(value, str) and re.fullmatch(r"\d{1,9}(x\d{1,9})?", value):
        size = tuple(int(side) for side in value.split("x"))
    elif is_list(value) and len(value) == 2 and all(type(side) is int for side in value):
        size = tuple(value)
    else:
        size = ()
    if not size or min(size) < 1:
        raise InvalidArgument("dimensions", f"{shown(value)} is no size", "a positive whole number, or WIDTHxHEIGHT")
    return size
