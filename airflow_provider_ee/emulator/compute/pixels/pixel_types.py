"""Pixel types: their names in Earth Engine, what arithmetic makes of them, and how values are cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.pixels.rasters import Values

__all__ = [
    "DType",
    "asset_data_type",
    "bounds",
    "cast",
    "data_type_of",
    "describe",
    "exported_type",
    "floating",
    "signed",
    "union",
    "widened",
]

DType = np.dtype[Any]

#: The names that messages about exports use.
_EXPORT_NAMES = {
    "uint8": "Byte",
    "int8": "Int8",
    "uint16": "UInt16",
    "int16": "Int16",
    "uint32": "UInt32",
    "int32": "Int32",
    "uint64": "UInt64",
    "int64": "Int64",
    "float32": "Float32",
    "float64": "Float64",
}


def union(first: DType, second: DType) -> DType:
    """Return the smallest type that holds the values of both."""
    return np.promote_types(first, second)


def widened(first: DType, second: DType) -> DType:
    """Return a type that holds any sum, difference or product of the two."""
    common = union(first, second)
    if common.kind == "f" or common.itemsize == 8:
        return common
    return np.dtype(f"{common.kind}{common.itemsize * 2}")


def signed(dtype: DType) -> DType:
    """Return the type of the same size that holds negative numbers."""
    return np.dtype(f"i{dtype.itemsize}") if dtype.kind == "u" else dtype


def floating(*dtypes: DType) -> DType:
    """Return float, or double where float cannot hold every value of these types."""
    common = np.result_type(*dtypes, np.float32)
    return np.dtype(np.float64) if common == np.float64 else np.dtype(np.float32)


def bounds(dtype: DType) -> tuple[int, int]:
    """Return the least and the greatest value of an integer type."""
    limits = np.iinfo(dtype)
    return int(limits.min), int(limits.max)


def cast(values: Values, dtype: DType) -> Values:
    """Convert values; integers saturate at the ends of their type and fractions are cut off."""
    if dtype.kind == "f":
        return values.astype(dtype)
    low, high = bounds(dtype)
    if values.dtype.kind in "iu":
        source_low, source_high = bounds(values.dtype)
        return np.clip(values, max(low, source_low), min(high, source_high)).astype(dtype)
    # The greatest 64-bit integer is no double: the next double below it is.
    ceiling = min(float(high), np.nextafter(2.0**63, 0))
    whole: Values = np.clip(np.trunc(np.nan_to_num(values, posinf=np.inf, neginf=-np.inf)), low, ceiling).astype(dtype)
    return whole


def exported_type(dtypes: Sequence[DType]) -> DType:
    """Return the one type in which bands share a file: integers grow to a common one, floats have to agree."""
    kinds = list(dict.fromkeys(dtypes))
    common = np.result_type(*kinds)
    if len(kinds) > 1 and (common.kind == "f" or any(dtype.kind == "f" for dtype in kinds)):
        names = " and ".join(_EXPORT_NAMES[dtype.name] for dtype in kinds[:2])
        raise ComputeError(f"Exported bands must have compatible data types; found inconsistent types: {names}.")
    return common


def describe(dtype: DType) -> dict[str, Any]:
    """Describe a type as value:compute does."""
    if dtype.kind == "f":
        return {"type": "PixelType", "precision": "float" if dtype.itemsize == 4 else "double"}
    low, high = bounds(dtype)
    return {"type": "PixelType", "precision": "int", "min": low, "max": high}


def asset_data_type(dtype: DType) -> dict[str, Any]:
    """Describe a type as an EarthEngineAsset does."""
    described = describe(dtype)
    fields: dict[str, Any] = {"precision": described["precision"].upper()}
    if "min" in described:
        fields["range"] = {"min": described["min"], "max": described["max"]}
    return fields


def data_type_of(fields: Mapping[str, Any]) -> DType:
    """Return the type that an EarthEngineAsset describes."""
    if "range" not in fields:
        return np.dtype(np.float32 if fields["precision"] == "FLOAT" else np.float64)
    low, high = fields["range"]["min"], fields["range"]["max"]
    return union(np.min_scalar_type(low), np.min_scalar_type(high)) if low < 0 else np.min_scalar_type(high)
