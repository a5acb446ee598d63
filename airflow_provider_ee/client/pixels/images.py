"""The image that pixels come from, stored or computed: its bands, and the request for some of its pixels.

https://developers.google.com/earth-engine/reference/rest/v1/projects.assets#ImageBand
https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/getPixels
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
https://developers.google.com/earth-engine/reference/rest/v1/projects.value/compute
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.expressions import Expression, applied, call, constant, load_image
from airflow_provider_ee.client.arguments.scalars import is_list, is_number, without_none
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.request import Request

__all__ = ["MASK_BAND", "Band", "Image", "describe_bands", "read_image", "select_bands"]

_WHOLE_NUMBERS = (
    ("uint8", 0, 2**8 - 1),
    ("int8", -(2**7), 2**7 - 1),
    ("uint16", 0, 2**16 - 1),
    ("int16", -(2**15), 2**15 - 1),
    ("uint32", 0, 2**32 - 1),
    ("int32", -(2**31), 2**31 - 1),
)
_AFFINE = ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")
_ONE_DEGREE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Band:
    """A band of an image, as Earth Engine describes it.

    Attributes:
        type: Its name and the type of its samples.
        crs: Its coordinate reference system, as a code or WKT.
        transform: Six numbers from its pixels to its coordinates.
        size: Its width and height; None where it goes on for ever.
        version: When the asset was written, if it is one: another one means other pixels.
    """

    type: BandType
    crs: str
    transform: tuple[float, ...]
    size: tuple[int, int] | None
    version: str

    def grid(self) -> PixelGrid | None:
        """Return all of its pixels; None if they go on for ever."""
        if self.size is None:
            return None
        a, b, c, d, e, f = self.transform
        return PixelGrid(self.crs, (a, b, c, d, e, f), *self.size)


def describe_bands(image: Image) -> Flow[list[Band]]:
    """Ask for the bands of an image.

    Raises:
        InvalidRequest: It is not an image, or its bands do not hold numbers.
    """
    if image.asset is not None:
        stored = yield methods.assets_get(image.asset)
        _check(stored, "IMAGE", image.asset)
        version = str(stored.get("updateTime", ""))
        return [_stored(band, version) for band in stored["bands"]]
    answer = yield methods.value_compute(
        image.project, body=without_none(expression=image.expression, workloadTag=image.workload_tag)
    )
    found = answer.get("result")
    _check(found, "Image", "The expression")
    version = str(found.get("version", ""))
    return [_computed(band, version) for band in found["bands"]]


def select_bands(bands: Sequence[Band], names: Sequence[str] | None) -> list[Band]:
    """Return the bands of these names, in this order; all of them if names is None.

    Raises:
        InvalidArgument: There is no such band, or one is named twice.
    """
    if names is None:
        return list(bands)
    known = {band.type.id: band for band in bands}
    for number, name in enumerate(names):
        if name not in known:
            raise InvalidArgument("band_ids", f"the image has no band {name!r}", ", ".join(known))
        if name in names[:number]:
            raise InvalidArgument("band_ids", f"{name!r} is named twice", "each band once")
    return [known[name] for name in names]


def _check(found: Any, kind: str, what: str) -> None:
    is_it = isinstance(found, Mapping) and found.get("type") == kind
    if not is_it or not is_list(found.get("bands")) or not found["bands"]:
        described = found.get("type", "a value") if isinstance(found, Mapping) else type(found).__name__
        raise InvalidRequest(
            f"{what} is not an image with bands but {described}.",
            hint="Take one image of a collection, or reduce it to one, for example with mosaic().",
        )


def _stored(band: Mapping[str, Any], version: str) -> Band:
    grid, data_type = band.get("grid") or {}, band.get("dataType") or {}
    affine, size = grid.get("affineTransform") or {}, grid.get("dimensions")
    limits = data_type.get("range")
    return Band(
        BandType(str(band.get("id")), _dtype(band.get("id"), data_type.get("precision"), limits)),
        str(grid.get("crsCode") or grid.get("crsWkt") or "EPSG:4326"),
        # JSON of Google's leaves out what is zero.
        tuple(float(affine.get(name, 0)) for name in _AFFINE) if affine else _ONE_DEGREE,
        None if size is None else (int(size["width"]), int(size["height"])),
        version,
    )


def _computed(band: Mapping[str, Any], version: str) -> Band:
    data_type, size = band.get("data_type") or {}, band.get("dimensions")
    if data_type.get("dimensions"):
        raise InvalidRequest(
            f"The pixels of the band {band.get('id')} are arrays, which no file holds.",
            hint="Turn them into bands of numbers, for example with arrayFlatten() or arrayGet().",
        )
    return Band(
        BandType(str(band.get("id")), _dtype(band.get("id"), data_type.get("precision"), data_type)),
        str(band.get("crs") or band.get("crs_wkt") or "EPSG:4326"),
        tuple(map(float, band.get("crs_transform") or _ONE_DEGREE)),
        None if size is None else (int(size[0]), int(size[1])),
        version,
    )


def _dtype(name: object, precision: object, limits: Mapping[str, Any] | None) -> str:
    """Return the numpy name of the smallest type that holds what Earth Engine says may be in a band."""
    kind = str(precision).lower()
    if kind in {"float", "double"}:
        return "float32" if kind == "float" else "float64"
    if kind != "int":
        raise InvalidRequest(f"The pixels of the band {name} are {precision}, which no array can hold.")
    if not limits or not (is_number(limits.get("min")) or is_number(limits.get("max"))):
        return "int32"
    low, high = (limits[end] if is_number(limits.get(end)) else 0 for end in ("min", "max"))
    return next((dtype for dtype, least, most in _WHOLE_NUMBERS if least <= low and high <= most), "int64")


#: The band that says where there is data: 1 where every other band has a value, else 0.
MASK_BAND = "mask"


@dataclass(frozen=True)
class Image:
    """An image, stored or computed.

    Attributes:
        project: The project that is billed, as `projects/my-project`.
        asset: The full name of a stored image; None where the expression is computed.
        expression: The image to compute; None where a stored one is asked as it is.
        workload_tag: The tag of its costs.
    """

    project: str
    asset: str | None = None
    expression: Expression | None = field(default=None, compare=False)
    workload_tag: str | None = None

    def request(
        self,
        file_format: str,
        *,
        grid: Mapping[str, Any] | None = None,
        bands: Sequence[str] | None = None,
        visualization: Mapping[str, Any] | None = None,
    ) -> Request:
        """Build the request for its pixels on a grid."""
        body = without_none(
            fileFormat=file_format,
            grid=grid,
            bandIds=None if bands is None else list(bands),
            visualizationOptions=visualization,
            workloadTag=self.workload_tag,
        )
        if self.asset is not None:
            return methods.assets_get_pixels(self.asset, body=body)
        return methods.image_compute_pixels(self.project, body={"expression": self.expression, **body})

    def unmasked(self, nodata: float) -> Image:
        """Return the image with a value where it has none, also outside of its footprint."""
        return self._computed(
            applied(
                self._image(),
                "Image.unmask",
                "input",
                value=call("Image.constant", value=constant(nodata)),
                sameFootprint=constant(value=False),
            )
        )

    def with_mask_band(self, bands: Sequence[str]) -> Image:
        """Return some of its bands, followed by one that says where all of them have a value."""
        chosen = applied(self._image(), "Image.select", "input", bandSelectors=constant(list(bands)))
        image = {"valueReference": chosen["result"]}
        least = call("Image.reduce", image=call("Image.mask", image=image), reducer=call("Reducer.min"))
        # Where a mask is a fraction, there is some data.
        some = call("Image.gt", image1=least, image2=call("Image.constant", value=constant(0)))
        mask = call("Image.rename", input=some, names=constant([MASK_BAND]))
        return self._computed(applied(chosen, "Image.addBands", "dstImg", srcImg=mask))

    def _image(self) -> Expression:
        if self.expression is not None:
            return self.expression
        loaded = call("Image.load", id=constant(names.id_in_expressions(str(self.asset))))
        return {"result": "0", "values": {"0": loaded}}

    def _computed(self, image: Expression) -> Image:
        return replace(self, asset=None, expression=image)


def read_image(project: str, *, image: object = None, asset_id: object = None, workload_tag: object = None) -> Image:
    """Check the arguments that name an image.

    Raises:
        InvalidArgument: There is neither an image nor an asset, or there are both.
    """
    if (image is None) == (asset_id is None):
        raise InvalidArgument("image", "it takes one image", "image or asset_id")
    computed = None if image is None else load_image(image)
    if isinstance(image, str) and not image.lstrip().startswith("{"):
        # The id of an asset: its pixels need not be computed.
        computed, asset_id = None, image.strip()
    return Image(
        names.project_path(project),
        asset=None if asset_id is None else names.asset_name(asset_id),
        expression=computed,
        workload_tag=None if workload_tag is None else names.workload_tag(workload_tag),
    )
