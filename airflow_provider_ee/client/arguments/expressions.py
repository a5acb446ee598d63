"""Earth Engine expressions: what is to be computed, as JSON.

https://developers.google.com/earth-engine/reference/rest/v1/Expression

{"result": "0", "values": {"0": {"functionInvocationValue": {"functionName": "Image.load", "arguments": {...}}}}}
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.json_values import json_object, plain
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = [
    "Expression",
    "Node",
    "applied",
    "call",
    "constant",
    "expression",
    "inlined",
    "is_ee_object",
    "load_classifier",
    "load_image",
    "load_image_collection",
    "load_table",
    "mapped",
    "only_image",
]

Expression: TypeAlias = dict[str, Any]
Node: TypeAlias = dict[str, Any]

_NODES = frozenset(
    {
        "argumentReference",
        "arrayValue",
        "bytesValue",
        "constantValue",
        "dictionaryValue",
        "functionDefinitionValue",
        "functionInvocationValue",
        "integerValue",
        "valueReference",
    }
)
#: Functions that read what is stored.
_LOADS = re.compile(r"\.load|\.runBigQuery|^ImageCollection\.|Classifier\.decisionTree")
_ALLOWED = 'an expression {"result": ..., "values": {...}} as a dict or JSON text, or an ee object'


def expression(value: object, argument: str = "expression") -> Expression:
    """Return the expression that a dict, a JSON text or an `ee` object holds.

    Raises:
        InvalidArgument: It does not hold one.
    """
    if is_ee_object(value):
        return _encoded(value, argument)
    found = json_object(value, argument, _ALLOWED)
    _check(found, argument)
    return found


def load_image(value: object, argument: str = "image") -> Expression:
    """Return the expression of an image; the id of an asset stands for it."""
    return _loaded(value, argument, "Image.load", "id")


def load_image_collection(value: object, argument: str = "collection") -> Expression:
    """Return the expression of a collection of images; the id of an asset stands for it."""
    return _loaded(value, argument, "ImageCollection.load", "id")


def load_table(value: object, argument: str = "collection") -> Expression:
    """Return the expression of a collection of features; the id of an asset stands for it."""
    return _loaded(value, argument, "Collection.loadTable", "tableId")


def load_classifier(value: object, argument: str = "classifier") -> Expression:
    """Return the expression of a trained classifier; the id of an asset stands for it."""
    return _loaded(value, argument, "Classifier.load", "id")


def _loaded(value: object, argument: str, function: str, parameter: str) -> Expression:
    if not isinstance(value, str) or value.lstrip().startswith("{"):
        return expression(value, argument)
    try:
        name = names.asset_name(value.strip(), argument)
    except InvalidArgument as error:
        raise InvalidArgument(argument, error.problem, f"the id of an asset, or {_ALLOWED}") from None
    if name.endswith((".json", ".geojson")):
        problem = f"{shown(value)} is the name of a file, which was not read"
        raise InvalidArgument(argument, problem, f"the id of an asset, or {_ALLOWED}")
    return {"result": "0", "values": {"0": call(function, **{parameter: constant(names.id_in_expressions(name))})}}


def only_image(whole: Expression) -> str | None:
    """Return the id of the stored image on which an expression rests alone; None if it rests on others, or on none."""
    calls = [node["functionInvocationValue"] for node in _nodes(whole) if "functionInvocationValue" in node]
    loads = [call for call in calls if _LOADS.search(str(call.get("functionName")))]
    if len(loads) != 1 or loads[0].get("functionName") != "Image.load":
        return None
    constant = loads[0].get("arguments", {}).get("id", {}).get("constantValue")
    return constant if isinstance(constant, str) else None


def _nodes(part: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, Mapping):
        yield part
        if "constantValue" not in part:
            for inner in part.values():
                yield from _nodes(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _nodes(inner)


def call(function: str, /, **arguments: Node) -> Node:
    """Build a call of an Earth Engine function, such as `call("Image.load", id=constant("USGS/SRTMGL1_003"))`."""
    return {"functionInvocationValue": {"functionName": function, "arguments": arguments}}


def constant(value: Any) -> Node:
    """Build a constant."""
    return {"constantValue": value}


def applied(inner: Expression, function: str, main_argument: str, /, **arguments: Node | Expression) -> Expression:
    """Wrap an expression in a function of its result; the other arguments may be expressions of their own."""
    values = dict(inner["values"])
    nodes = {name: _grafted(values, part) if "values" in part else part for name, part in arguments.items()}
    outer = _free_key(values)
    values[outer] = call(function, **{main_argument: {"valueReference": inner["result"]}, **nodes})
    return {"result": outer, "values": values}


def mapped(collection: Expression, body: Expression, argument: str) -> Expression:
    """Apply a function to each element of a collection.

    Args:
        collection: The collection.
        body: What the function returns, in which `{"argumentReference": argument}` stands for the element.
        argument: The name of the function's argument.
    """
    values = dict(collection["values"])
    # The body of a function is the only node that cannot stand where it is needed: it is always a reference.
    definition = {"argumentNames": [argument], "body": _grafted(values, body)["valueReference"]}
    return applied(
        {"result": collection["result"], "values": values},
        "Collection.map",
        "collection",
        baseAlgorithm={"functionDefinitionValue": definition},
    )


def _grafted(values: dict[str, Node], part: Expression) -> Node:
    """Add an expression's values to those of another, under keys that are free, and refer to its result."""
    theirs = part["values"]
    # An argument is written wherever it is used, as the official client does, and gets no key.
    keys: dict[str, str] = {}
    for key, node in theirs.items():
        if "argumentReference" not in node:
            keys[key] = _free_key(values)
            values[keys[key]] = {}

    def renamed(node: Any) -> Any:
        if isinstance(node, list):
            return [renamed(inner) for inner in node]
        if not isinstance(node, dict) or "constantValue" in node:
            return node
        if "valueReference" in node:
            key = node["valueReference"]
            return {"valueReference": keys[key]} if key in keys else theirs[key]
        if "functionDefinitionValue" in node:
            definition = node["functionDefinitionValue"]
            return {"functionDefinitionValue": {**definition, "body": keys[definition["body"]]}}
        return {name: renamed(inner) for name, inner in node.items()}

    values.update({keys[key]: renamed(theirs[key]) for key in keys})
    return dict(renamed({"valueReference": part["result"]}))


def _free_key(values: Mapping[str, Node]) -> str:
    return next(key for key in map(str, itertools.count(len(values))) if key not in values)


def inlined(whole: Expression) -> Node:
    """Turn a small expression into one node, for use as an argument of another."""
    values = whole["values"]

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "valueReference" in node:
                return resolve(values[node["valueReference"]])
            return {key: resolve(part) for key, part in node.items()}
        return [resolve(part) for part in node] if isinstance(node, list) else node

    return dict(resolve(values[whole["result"]]))


def is_ee_object(value: object) -> bool:
    """Tell an `ee` object, maybe of a class of the user's own, without importing `ee`, which takes half a second."""
    return any(kind.__module__.partition(".")[0] == "ee" for kind in type(value).__mro__)


def _encoded(value: object, argument: str) -> Expression:
    from ee import ee_exception, serializer

    try:
        return dict(plain(serializer.encode(value, for_cloud_api=True), argument, _ALLOWED))
    except (ee_exception.EEException, RecursionError) as error:
        raise InvalidArgument(argument, f"the ee object cannot be written down ({_brief(error)})", _ALLOWED) from None


def _check(found: Any, argument: str) -> None:
    values, result = found.get("values"), found.get("result")
    if not isinstance(values, dict) or not values:
        raise InvalidArgument(argument, f"it has no values but {', '.join(map(shown, found)) or 'nothing'}", _ALLOWED)
    if not isinstance(result, str) or result not in values:
        raise InvalidArgument(
            f"{argument}.result", f"{shown(result)} names none of its values", f"one of {shown(list(values))}"
        )
    for key, node in values.items():
        if not isinstance(node, dict) or len(node) != 1 or not node.keys() <= _NODES:
            raise InvalidArgument(
                f"{argument}.values.{key}", f"{shown(node)} is not a valid node", f"one of {', '.join(sorted(_NODES))}"
            )


def _brief(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
