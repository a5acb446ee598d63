"""Earth Engine expressions: what is to be computed, as JSON.

https://developers.google.com/earth-engine/reference/rest/v1/Expression

{"result": "0", "values": {"0": {"functionInvocationValue": {"functionName": "Image.load", "arguments": {...}}}}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["Expression", "Node", "applied", "call", "constant", "expression", "inlined"]

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
_ALLOWED = 'an expression {"result": ..., "values": {...}} as a dict or JSON text, or an ee object'


def expression(value: object, argument: str = "expression") -> Expression:
    """Return the expression that a dict, a JSON text or an `ee` object holds.

    Raises:
        InvalidArgument: It holds none.
    """
    if _comes_from_ee(value):
        return _encoded(value, argument)
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise InvalidArgument(argument, f"{shown(value)} is no JSON ({_brief(error)})", _ALLOWED) from None
    if not isinstance(value, Mapping):
        raise InvalidArgument(argument, f"{shown(value)} is a {type(value).__name__}", _ALLOWED)
    try:
        found = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgument(argument, f"it cannot be written as JSON ({_brief(error)})", _ALLOWED) from None
    _check(found, argument)
    return dict(found)


def call(function: str, /, **arguments: Node) -> Node:
    """Build a call of an Earth Engine function, such as `call("Image.load", id=constant("USGS/SRTMGL1_003"))`."""
    return {"functionInvocationValue": {"functionName": function, "arguments": arguments}}


def constant(value: Any) -> Node:
    """Build a constant."""
    return {"constantValue": value}


def applied(inner: Expression, function: str, image_argument: str, /, **arguments: Node) -> Expression:
    """Wrap an expression in a function of its result."""
    values = inner["values"]
    outer = str(len(values))
    while outer in values:
        outer += "_"
    wrapped = call(function, **{image_argument: {"valueReference": inner["result"]}, **arguments})
    return {"result": outer, "values": {**values, outer: wrapped}}


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


def _comes_from_ee(value: object) -> bool:
    """Tell an `ee` object without importing `ee`, which takes half a second."""
    return type(value).__module__.partition(".")[0] == "ee"


def _encoded(value: object, argument: str) -> Expression:
    from ee import ee_exception, serializer

    try:
        return dict(serializer.encode(value, for_cloud_api=True))
    except ee_exception.EEException as error:
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
                f"{argument}.values.{key}", f"{shown(node)} is no node", f"one of {', '.join(sorted(_NODES))}"
            )


def _brief(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
