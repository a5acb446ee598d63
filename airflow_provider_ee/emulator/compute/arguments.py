"""Signatures of functions, and the conversion of argument values to what a signature asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.emulator.compute.dates import Date, DateRange, parse_date
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.bands import constant
from airflow_provider_ee.emulator.compute.functions.filters import Filter
from airflow_provider_ee.emulator.compute.functions.projections import projection
from airflow_provider_ee.emulator.compute.functions.reducers import Reducer
from airflow_provider_ee.emulator.compute.geometry import DEPTHS, Geometry
from airflow_provider_ee.emulator.compute.images import Collection, Feature, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Projection

__all__ = ["Algorithm", "Parameter", "convert", "geometry_from_json", "signature", "type_name"]


@dataclass(frozen=True)
class Parameter:
    """One argument of a function."""

    name: str
    type: str
    optional: bool = False
    default: Any = None


@dataclass(frozen=True)
class Algorithm:
    """A function by Earth Engine's name; `compute` takes its arguments in the order of the parameters."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    compute: Callable[..., Any]
    description: str

    def __call__(self, arguments: Mapping[str, Any]) -> Any:
        """Convert named arguments and compute."""
        unknown = set(arguments) - {parameter.name for parameter in self.parameters}
        if unknown:
            raise ComputeError(f"{self.name}: Unrecognized argument '{min(unknown)}'.")
        values = [self._argument(parameter, arguments.get(parameter.name)) for parameter in self.parameters]
        try:
            return self.compute(*values)
        except ComputeError as error:
            raise type(error)(f"{self.name}: {error}") from error

    def _argument(self, parameter: Parameter, value: Any) -> Any:
        if value is None:
            if not parameter.optional:
                raise ComputeError(f"{self.name}: Parameter '{parameter.name}' is required and may not be null.")
            return parameter.default
        try:
            return convert(value, parameter.type)
        except _Mismatch as error:
            raise ComputeError(
                f"{self.name}, argument '{parameter.name}': Invalid type.\nExpected type: {parameter.type}.\n"
                f"Actual type: {error}.\nActual value: {str(value)[:80]}"
            ) from None

    def to_json(self) -> dict[str, Any]:
        """Describe the function as algorithms.list does."""
        arguments = []
        for parameter in self.parameters:
            argument: dict[str, Any] = {"argumentName": parameter.name, "type": _public(parameter.type)}
            if parameter.optional:
                argument |= {"optional": True, "defaultValue": parameter.default}
            arguments.append(argument)
        return {
            "name": f"algorithms/{self.name}",
            "description": self.description,
            "returnType": _public(self.returns),
            "arguments": arguments,
        }


def _public(name: str) -> str:
    return re.sub(r"\bImage\b", "Image<unknown bands>", name)


_DEFAULTS: dict[str, Any] = {"": None, "true": True, "false": False, "{}": {}}


def signature(text: str) -> tuple[str, tuple[Parameter, ...], str]:
    """Read `Name(argument: Type, optional?: Type = default) -> Type`."""
    name, arguments, returns = re.fullmatch(r"([\w.]+)\((.*)\) -> (.+)", text).groups()  # type: ignore[union-attr]  # the table is ours
    parameters = []
    for argument in arguments.split(", ") if arguments else []:
        label, _, rest = argument.partition(": ")
        kind, _, default = rest.partition(" = ")
        value = _DEFAULTS[default] if default in _DEFAULTS else _literal(default)
        parameters.append(Parameter(label.removesuffix("?"), kind, label.endswith("?"), value))
    return name, tuple(parameters), returns


def _literal(text: str) -> Any:
    return int(text) if text.lstrip("-").isdigit() else text


#: No number means anything beyond: neither a pixel's value, nor a coordinate, nor a date.
_LIMIT = 2**63


class _Mismatch(Exception):
    """A value cannot be converted; the text is the type that it has."""


def convert(value: Any, kind: str) -> Any:
    """Convert a value to a type as Earth Engine does: a number is an image, a text is a date or a projection."""
    if kind.startswith("List<"):
        if not isinstance(value, list):
            raise _Mismatch(type_name(value))
        return [convert(part, kind[5:-1]) for part in value]
    return _CONVERSIONS[kind](value)


def _only(*types: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, types):
            raise _Mismatch(type_name(value))
        return value

    return check


def _image(value: Any) -> Image:
    return constant(value) if isinstance(value, int | float) else _only(Image)(value)


def _collection(value: Any) -> Collection:
    if isinstance(value, list) and all(isinstance(part, Image | Feature | Collection) for part in value):
        return Collection(value)
    if not isinstance(value, Collection):
        raise _Mismatch(type_name(value))
    return value


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LIMIT < value < _LIMIT:
        raise _Mismatch(type_name(value))
    return value


def _integer(value: Any) -> int:
    number = _number(value)
    if int(number) != number:
        raise _Mismatch(type_name(value))
    return int(number)


def _geometry(value: Any) -> Geometry:
    if isinstance(value, dict):
        return geometry_from_json(value)
    if isinstance(value, Feature | Image) and value.geometry is not None:
        return value.geometry
    if not isinstance(value, Geometry):
        raise _Mismatch(type_name(value))
    return value


def _projection(value: Any) -> Projection:
    return projection(value, None, None) if isinstance(value, str) else _only(Projection)(value)


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "Object": lambda value: value,
    "Image": _image,
    "Element": _only(Image, Feature, Collection),
    "Collection": _collection,
    "ImageCollection": _collection,
    "FeatureCollection": _collection,
    "Geometry": _geometry,
    "Projection": _projection,
    "Reducer": _only(Reducer),
    "Filter": _only(Filter),
    "Algorithm": lambda value: value if callable(value) else _only()(value),
    "Date": parse_date,
    "String": _only(str),
    "Boolean": lambda value: bool(value) if isinstance(value, int) else _only()(value),
    "Number": _number,
    "Float": lambda value: float(_number(value)),
    "Integer": _integer,
    "Long": _integer,
    "Dictionary": _only(dict),
    "List": _only(list),
}

_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"), (int, "Integer"), (float, "Float"), (str, "String"), (list, "List"), (dict, "Dictionary"),
    (Image, "Image"), (Feature, "Feature"), (Collection, "ImageCollection"), (Geometry, "Geometry"),
    (Projection, "Projection"), (Reducer, "Reducer"), (Filter, "Filter"), (Date, "Date"), (DateRange, "DateRange"),
)  # fmt: skip


def type_name(value: Any) -> str:
    """Return Earth Engine's name of a value's type."""
    return next(
        (name for kind, name in _TYPE_NAMES if isinstance(value, kind)), "Null" if value is None else "Algorithm"
    )


def geometry_from_json(geojson: Mapping[str, Any]) -> Geometry:
    """Return the geometry of a GeoJSON dict; a Feature's is its own."""
    if geojson.get("type") == "Feature" and isinstance(geojson.get("geometry"), Mapping):
        geojson = geojson["geometry"]
    kind = geojson.get("type")
    if kind not in DEPTHS:
        raise ComputeError(f"Geometry: Invalid GeoJson type {str(kind)[:40]!r}; it must be one of {', '.join(DEPTHS)}.")
    crs: Any = geojson.get("crs")
    if isinstance(crs, Mapping):
        properties = crs.get("properties")
        crs = properties.get("name") if isinstance(properties, Mapping) else None
    if crs is not None and not isinstance(crs, str):
        raise ComputeError("Geometry: crs must be a name.")
    return Geometry.of(kind, geojson.get("coordinates"), projection(crs or "EPSG:4326", None, None).crs)
