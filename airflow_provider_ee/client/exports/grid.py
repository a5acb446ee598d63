"""On which grid pixels are exported: crs, scale, region and dimensions become a part of the expression.

So does `ee.batch.Export`: https://developers.google.com/earth-engine/guides/exporting_images#setting_scale
"""

from __future__ import annotations

from collections.abc import Sequence

from airflow_provider_ee.client.arguments import grid
from airflow_provider_ee.client.arguments.expressions import Expression, Node, applied, call, constant, mapped
from airflow_provider_ee.client.arguments.group import argument, name_first
from airflow_provider_ee.client.arguments.regions import region as region_node
from airflow_provider_ee.client.arguments.scalars import pixel_limit
from airflow_provider_ee.client.arguments.types import Number, Numbers, RegionLike, SizeLike
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports.base import Export

__all__ = ["OnGrid", "Reprojected"]

#: What the official client calls the argument of the function that it maps over a collection.
_EACH = "_MAPPING_VAR_0_0"

_NORTH_UP = [1, 0, 0, 0, -1, 0]


class Reprojected(Export):
    """An export of pixels that are reprojected and clipped.

    Args:
        region: What to cut out. Always planar.
        crs: `EPSG:32632` or the like, or WKT.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
    """

    region: RegionLike | None = None
    crs: str | None = argument(name_first(grid.crs), default=None)
    crs_transform: Numbers | str | None = argument(name_first(grid.transform), default=None)
    dimensions: SizeLike | None = argument(name_first(grid.size), default=None)

    def reproject_and_clip(self, image: Expression, scale: Number | None = None) -> Expression:
        """Return an image on the grid that the arguments describe, with so many metres per pixel."""
        if scale is not None:
            scale = grid.scale(scale, self.crs_transform, self.dimensions)
        if self.crs_transform is not None and self.crs is None:
            raise InvalidArgument("crs", "crs_transform means nothing without it", "EPSG:4326 or the like, or WKT")
        size = () if self.dimensions is None else grid.size(self.dimensions)
        if self.crs is not None:
            image = _reproject(image, self.crs, self.crs_transform)
            if self.crs_transform is not None and self.region is None and len(size) == 2:
                exact = _rectangle_of_pixels(size, image["result"])
                return applied(image, "Image.clipToBoundsAndScale", "input", geometry=exact)
        selection: dict[str, Node | Expression] = {}
        if self.region is not None:
            selection["geometry"] = region_node(self.region)
        if scale is not None:
            selection["scale"] = constant(scale)
        sides = ("maxDimension",) if len(size) == 1 else ("width", "height")
        selection |= {side: constant(pixels) for side, pixels in zip(sides, size, strict=False)}
        if not selection:
            return image
        function = "Image.clip" if selection.keys() == {"geometry"} else "Image.clipToBoundsAndScale"
        return applied(image, function, "input", **selection)


class OnGrid(Reprojected):
    """An export of pixels with a scale and a limit.

    Args:
        scale: Metres per pixel.
        max_pixels: The most pixels of an image or a frame; Earth Engine's default for images is 100 million.
    """

    scale: Number | None = argument(grid.metres, default=None)
    max_pixels: Number | None = argument(pixel_limit, default=None)

    def reproject_and_clip_each(self, collection: Expression) -> Expression:
        """Return a collection of images with each of them on the grid that the arguments describe."""
        image = {"result": "0", "values": {"0": {"argumentReference": _EACH}}}
        return mapped(collection, self.reproject_and_clip(image, self.scale), _EACH)


def _reproject(image: Expression, crs: str, crs_transform: Numbers | str | None) -> Expression:
    projection = call("Projection", crs=constant(crs))
    if crs_transform is None:
        return applied(image, "Image.setDefaultProjection", "image", crs=projection, crsTransform=constant(_NORTH_UP))
    transform = constant(list(grid.transform(crs_transform)))
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
