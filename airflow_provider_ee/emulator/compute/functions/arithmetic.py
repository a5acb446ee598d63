"""Arithmetic, comparison, logic and casts: each pixel from the same pixel of one or two images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.images import Band, Image
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType, cast, floating, signed, union, widened
from airflow_provider_ee.emulator.compute.pixels.rasters import Mask, Plane, Raster, Values, pixelwise

__all__ = [
    "BINARY",
    "CASTS",
    "UNARY",
    "as_type",
    "binary",
    "clamp",
    "normalized_difference",
    "to_type",
    "unary",
    "unit_scale",
]

BYTE = np.dtype(np.uint8)
DOUBLE = np.dtype(np.float64)

Function = Callable[..., Values]
ResultType = Callable[[DType, DType], DType]


def _boolean(_first: DType, _second: DType) -> DType:
    return BYTE


def _signed_widened(first: DType, second: DType) -> DType:
    return signed(widened(first, second))


def _quotient(first: Values, second: Values) -> Values:
    return np.where(second == 0, 0, np.divide(first, second, dtype=np.float64))


def _remainder(first: Values, second: Values) -> Values:
    # The sign follows the dividend, as in Java and C.
    return np.where(second == 0, 0, np.fmod(first, np.where(second == 0, 1, second)))


def _atan2(x: Values, y: Values) -> Values:
    return np.arctan2(y, x, dtype=np.float64)


def _power(first: Values, second: Values) -> Values:
    return np.power(first.astype(np.float64), second.astype(np.float64))


def _bitwise(operator: Function) -> Function:
    return lambda first, second: operator(first.astype(np.int64), second.astype(np.int64))


def _shift(operator: Function) -> Function:
    return lambda first, second: operator(first.astype(np.int64), np.clip(second.astype(np.int64), 0, 63))


def _integers(first: DType, second: DType) -> DType:
    common = union(first, second)
    return np.dtype(np.int64) if common.kind == "f" else common


#: Earth Engine's name after "Image.": the type of the result, and the function of two arrays of the common type.
BINARY: dict[str, tuple[ResultType, Function]] = {
    "add": (widened, np.add),
    "subtract": (_signed_widened, np.subtract),
    "multiply": (widened, np.multiply),
    "divide": (floating, _quotient),
    "mod": (union, _remainder),
    "pow": (lambda *_: DOUBLE, _power),
    "min": (union, np.minimum),
    "max": (union, np.maximum),
    "atan2": (floating, _atan2),
    "eq": (_boolean, np.equal),
    "neq": (_boolean, np.not_equal),
    "lt": (_boolean, np.less),
    "lte": (_boolean, np.less_equal),
    "gt": (_boolean, np.greater),
    "gte": (_boolean, np.greater_equal),
    "and": (_boolean, np.logical_and),
    "or": (_boolean, np.logical_or),
    "bitwiseAnd": (_integers, _bitwise(np.bitwise_and)),
    "bitwiseOr": (_integers, _bitwise(np.bitwise_or)),
    "bitwiseXor": (_integers, _bitwise(np.bitwise_xor)),
    "leftShift": (lambda *_: np.dtype(np.int64), _shift(np.left_shift)),
    "rightShift": (_integers, _shift(np.right_shift)),
}

#: The same for one image.
UNARY: dict[str, tuple[Callable[[DType], DType], Function]] = {
    "abs": (lambda dtype: dtype, np.abs),
    "signum": (signed, lambda values: np.sign(values.astype(np.float64))),
    "not": (lambda _: BYTE, np.logical_not),
    "sqrt": (floating, partial(np.sqrt, dtype=np.float64)),
    "exp": (floating, partial(np.exp, dtype=np.float64)),
    "log": (floating, partial(np.log, dtype=np.float64)),
    "log10": (floating, partial(np.log10, dtype=np.float64)),
    "sin": (floating, partial(np.sin, dtype=np.float64)),
    "cos": (floating, partial(np.cos, dtype=np.float64)),
    "tan": (floating, partial(np.tan, dtype=np.float64)),
    "floor": (lambda dtype: dtype, np.floor),
    "ceil": (lambda dtype: dtype, np.ceil),
    "round": (lambda dtype: dtype, lambda values: np.floor(values + 0.5) if values.dtype.kind == "f" else values),
}

#: Earth Engine's names after "Image." of the types that an image is cast to.
CASTS: dict[str, DType] = {
    "toByte": BYTE,
    "toUint8": BYTE,
    "toInt8": np.dtype(np.int8),
    "toUint16": np.dtype(np.uint16),
    "toInt16": np.dtype(np.int16),
    "toShort": np.dtype(np.int16),
    "toUint32": np.dtype(np.uint32),
    "toInt32": np.dtype(np.int32),
    "toInt": np.dtype(np.int32),
    "toInt64": np.dtype(np.int64),
    "toLong": np.dtype(np.int64),
    "toFloat": np.dtype(np.float32),
    "toDouble": DOUBLE,
}
CASTS |= {name[2:].lower(): dtype for name, dtype in CASTS.items()}


def binary(name: str) -> Callable[[Image, Image], Image]:
    """Return the function of two images with this name."""
    result_type, function = BINARY[name]

    def apply(first: Raster, second: Raster) -> Raster:
        dtype = result_type(first.dtype, second.dtype)
        # Computed in the wider of input and result: a sum must not overflow, a comparison must not lose a sign.
        common = union(union(first.dtype, second.dtype), dtype)
        return pixelwise(dtype, lambda a, b: function(a.astype(common), b.astype(common)), first, second)

    return lambda first, second: _paired(first, second, apply)


def _paired(first: Image, second: Image, apply: Callable[[Raster, Raster], Raster]) -> Image:
    counts = len(first.bands), len(second.bands)
    if counts[0] == counts[1] and set(first.band_ids) == set(second.band_ids):
        by_name = {band.id: band.raster for band in second.bands}
        pairs = [(band.id, band.raster, by_name[band.id]) for band in first.bands]
    elif counts[0] == counts[1]:
        pairs = [(a.id, a.raster, b.raster) for a, b in zip(first.bands, second.bands, strict=True)]
    elif counts[1] == 1:
        pairs = [(band.id, band.raster, second.bands[0].raster) for band in first.bands]
    elif counts[0] == 1:
        pairs = [(band.id, first.bands[0].raster, band.raster) for band in second.bands]
    else:
        raise ComputeError(f"Images must have the same number of bands, or one of them one band; found {counts}.")
    placed = second if first.footprint is None and second.footprint is not None else first
    kept = first.properties
    bands = tuple(Band(name, apply(a, b)) for name, a, b in pairs)
    return replace(placed, bands=bands, properties=kept, id=None)


def unary(name: str) -> Callable[[Image], Image]:
    """Return the function of one image with this name."""
    result_type, function = UNARY[name]
    return lambda image: image.mapped(lambda raster: pixelwise(result_type(raster.dtype), function, raster))


def to_type(name: str) -> Callable[[Image], Image]:
    """Return the cast with this name."""
    return lambda image: image.mapped(lambda raster: as_type(raster, CASTS[name]))


def as_type(raster: Raster, dtype: DType) -> Raster:
    """Return a raster cast to a type, saturated at its ends."""
    return raster if raster.dtype == dtype else pixelwise(dtype, lambda values: cast(values, dtype), raster)


def clamp(image: Image, low: float, high: float) -> Image:
    """Return the image with its values held between two numbers."""
    return image.mapped(
        lambda raster: pixelwise(raster.dtype, lambda v: cast(np.clip(v * 1.0, low, high), raster.dtype), raster)
    )


def unit_scale(image: Image, low: float, high: float) -> Image:
    """Return the image with low to high stretched to 0 to 1."""
    if low == high:
        raise ComputeError("low and high must be different.")
    return image.mapped(lambda raster: pixelwise(floating(raster.dtype), lambda v: (v - low) / (high - low), raster))


def normalized_difference(image: Image, names: list[str] | None) -> Image:
    """Return (first - second) / (first + second) of two bands, masked where one of them is negative."""
    names = image.band_ids[:2] if names is None else names
    rasters = {band.id: band.raster for band in image.bands}
    if len(names) != 2:
        raise ComputeError(f"Exactly two band names are needed; found {len(names)}.")
    for name in names:
        if name not in rasters:
            raise ComputeError(f"No band named '{name}'. Available band names: [{', '.join(rasters)}].")
    inputs = (rasters[names[0]], rasters[names[1]])

    def compute(_: Any, planes: Any) -> Plane:
        (first, first_valid), (second, second_valid) = planes
        a, b = first.astype(np.float64), second.astype(np.float64)
        valid: Mask = first_valid & second_valid & (a >= 0) & (b >= 0)
        return Plane(_quotient(a - b, a + b), valid)

    nd = Raster(floating(*(raster.dtype for raster in inputs)), compute, inputs)
    return replace(image, bands=(Band("nd", nd),), properties={}, id=None)
