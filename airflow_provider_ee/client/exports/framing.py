"""Lay an image on a grid: crs, scale, region and dimensions folded into its expression, as `ee.batch.Export` does it.

https://developers.google.com/earth-engine/guides/exporting_images#setting_scale
"""

from __future__ import annotations

from collections.abc import Sequence

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.arguments.expressions import Expression, Node, applied, call, constant, mapped
from airflow_provider_ee.client.arguments.regions import region as region_node
from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["each_framed", "framed"]

#: What the official client calls the argument of the function that it maps over a collection.
_EACH = "_MAPPING_VAR_0_0"

_NORTH_UP = [1, 0, 0, 0, -1, 0]


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
    pixel = None if scale is None else grid_words.scale(scale, crs_transform, dimensions)
    if crs_transform is not None and crs is None:
        raise InvalidArgument("crs", "crs_transform means nothing without it", "EPSG:4326 or the like, or WKT")
    size = None if dimensions is None else grid_words.size(dimensions)
    selection: dict[str, Node | Expression] = {}
    if region is not None:
        selection["geometry"] = region_node(region)
    if crs is not None:
        image = _projected(image, grid_words.crs(crs), crs_transform)
        if crs_transform is not None and region is None and size and len(size) == 2:
            return applied(
                image, "Image.clipToBoundsAndScale", "input", geometry=_rectangle_of_pixels(size, image["result"])
            )
    if pixel is not None:
        selection["scale"] = constant(pixel)
    if size is not None:
        sides = ("maxDimension",) if len(size) == 1 else ("width", "height")
        selection |= {side: constant(pixels) for side, pixels in zip(sides, size, strict=True)}
    if not selection:
        return image
    function = "Image.clip" if selection.keys() == {"geometry"} else "Image.clipToBoundsAndScale"
    return applied(image, function, "input", **selection)


def each_framed(collection: Expression, **grid: object) -> Expression:
    """Return a collection of images with each of them on the grid that `framed` describes."""
    image = {"result": "0", "values": {"0": {"argumentReference": _EACH}}}
    return mapped(collection, framed(image, **grid), _EACH)


def _projected(image: Expression, crs: str, crs_transform: object) -> Expression:
    projection = call("Projection", crs=constant(crs))
    if crs_transform is None:
        return applied(image, "Image.setDefaultProjection", "image", crs=projection, crsTransform=constant(_NORTH_UP))
    transform = constant(list(grid_words.transform(crs_transform)))
    return applied(image, "Image.reproject", "image", crs=projection, crsTransform=transform)


def _rectangle_of_pixels(size: Sequence[int], image_key: str) -> Node:
    """The exact rectangle of so many pixels in the image's own projection, from the origin of its transform."""
    return call(
        "GeometryConstructors.Rectangle",
        coordinates=constant([0, 0, *size]),
        crs=call("Image.projection", image={"valueReference": image_key}),
        geodesic=constant(False),
        evenOdd=constant(True),
    )
