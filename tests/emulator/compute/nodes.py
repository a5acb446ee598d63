"""Expressions in the words of the tests: `call("Image.add", image1=..., image2=...)` is a value node."""

from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute import evaluate
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, render

MUNICH = [11.5755, 48.1374]


def constant(value: Any) -> dict[str, Any]:
    return {"constantValue": value}


def node(value: Any) -> dict[str, Any]:
    """A node as it is, a list of nodes as an array, anything else as a constant."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).endswith(("Value", "Reference")):
        return value
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        return {"arrayValue": {"values": [node(part) for part in value]}}
    return constant(value)


def call(function: str, **arguments: Any) -> dict[str, Any]:
    nodes = {name: node(value) for name, value in arguments.items()}
    return {"functionInvocationValue": {"functionName": function, "arguments": nodes}}


def expression(result: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"result": "0", "values": {"0": result, **values}}


def no_assets(_: str) -> None:
    return None


def compute(result: dict[str, Any], **values: Any) -> Any:
    return evaluate(expression(result, **values), no_assets)


def image(*numbers: float) -> dict[str, Any]:
    return call("Image.constant", value=list(numbers) if len(numbers) > 1 else numbers[0])


def masked(number: float) -> dict[str, Any]:
    return call("Image.updateMask", image=image(number), mask=image(0))


def scene() -> dict[str, Any]:
    return call("Image.load", id="EMULATOR/S2")


def days() -> dict[str, Any]:
    return call("ImageCollection.load", id="EMULATOR/S2_DAILY")


def rectangle(west: float, south: float, east: float, north: float, crs: str | None = None) -> dict[str, Any]:
    corners = {"coordinates": [west, south, east, north]}
    if crs is None:
        return call("GeometryConstructors.Rectangle", **corners)
    return call("GeometryConstructors.Rectangle", **corners, crs=call("Projection", crs=crs), geodesic=False)


def grid(*transform: float, crs: str = "EPSG:32632", width: int = 1, height: int = 1) -> dict[str, Any]:
    names = ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")
    return {
        "crsCode": crs,
        "affineTransform": dict(zip(names, transform, strict=True)),
        "dimensions": {"width": width, "height": height},
    }


def native(column: int = 0, row: int = 0, width: int = 1, height: int = 1) -> Grid:
    """Pixels of the scene, as they are stored."""
    projection = Projection("EPSG:32632", invertible((10, 0, 600000, 0, -10, 5400000)))
    return Grid(projection, column, row, width, height)


def planes(result: dict[str, Any] | Image, on: Grid | None = None, **values: Any) -> list[Plane]:
    computed = result if isinstance(result, Image) else compute(result, **values)
    return render(computed.rasters, on or native())


def pixel(result: dict[str, Any], on: Grid | None = None, **values: Any) -> Any:
    """The values of the first pixel, None where it is masked; a single band's stands for itself."""
    found = [plane.values.flat[0].item() if plane.valid.flat[0] else None for plane in planes(result, on, **values)]
    return found[0] if len(found) == 1 else found


def filled(plane: Plane, value: float = 0) -> Any:
    return np.where(plane.valid, plane.values, value)
