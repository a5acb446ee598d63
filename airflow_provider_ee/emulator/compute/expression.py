"""Evaluate Expressions: the graph of value nodes that the REST API takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.emulator.compute.algorithms import LOADERS, TABLE
from airflow_provider_ee.emulator.compute.arguments import Algorithm, geometry_from_json, signature
from airflow_provider_ee.emulator.compute.assets import AssetSource
from airflow_provider_ee.emulator.compute.catalogue.loading import (
    load_classifier,
    load_collection,
    load_image,
    load_rows,
    load_table,
)
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.functions.formula import Formula
from airflow_provider_ee.emulator.compute.geometry import DEPTHS

__all__ = ["ALGORITHMS", "evaluate"]

#: https://developers.google.com/earth-engine/guides/usage: deeper expressions are rejected; values that are referred
#: to begin anew.
_DEEPEST = 100


def evaluate(expression: Mapping[str, Any], assets: AssetSource) -> Any:
    """Evaluate an Expression: a plain value, an Image, a Collection, a Geometry, a Date... Images are lazy."""
    values = expression.get("values")
    result = expression.get("result")
    if not isinstance(values, Mapping) or not isinstance(result, str):
        raise ComputeError("Invalid expression: 'result' must be the key of one of its 'values'.")
    try:
        return _Evaluator(values, assets).named(result, _Scope())
    except RecursionError as error:
        raise ComputeError("Invalid expression: it is nested too deeply.") from error


@dataclass
class _Scope:
    """The arguments of the function that is being evaluated, and the values known so far."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Definition:
    """A function that the expression itself defines."""

    evaluator: _Evaluator
    scope: _Scope
    parameters: tuple[str, ...]
    body: str

    def __call__(self, *values: Any) -> Any:
        if len(values) != len(self.parameters):
            raise ComputeError(f"The function takes {len(self.parameters)} arguments, not {len(values)}.")
        arguments = {**self.scope.arguments, **dict(zip(self.parameters, values, strict=True))}
        # A body that leads back to itself would never end.
        scope = _Scope(arguments, entered=set(self.scope.entered))
        return self.evaluator.named(self.body, scope)


class _Evaluator:
    """The values of one expression."""

    def __init__(self, values: Mapping[str, Any], assets: AssetSource) -> None:
        self._values = values
        self._loaders = _loaders(assets)

    def named(self, key: Any, scope: _Scope) -> Any:
        """Return the value with a key, and first, one after the other, those that it refers to."""
        waiting = [key]
        while waiting:
            current = waiting[-1]
            if not isinstance(current, str) or current not in self._values:
                raise ComputeError(f"Invalid expression: there is no value '{str(current)[:40]}'.")
            needed = [] if current in scope.known else self._needed(current, scope)
            if needed:
                if current in scope.entered:
                    raise ComputeError(f"Invalid expression: the value '{current}' depends on itself.")
                scope.entered.add(current)
                waiting.extend(needed)
                continue
            if current not in scope.known:
                scope.known[current] = self._node(self._values[current], scope, 1)
            scope.entered.discard(current)
            waiting.pop()
        return scope.known[key]

    def _needed(self, key: str, scope: _Scope) -> list[str]:
        return [name for name in _references(self._values[key]) if name not in scope.known]

    def _node(self, node: Any, scope: _Scope, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ComputeError(f"Invalid expression: it is nested deeper than {_DEEPEST} levels.")
        kind, value = _only_member(node)
        return _MEANINGS[kind](self, value, scope, depth)

    def constant(self, value: Any, _scope: _Scope, _depth: int) -> Any:
        """Return a plain value, or the geometry that GeoJSON is."""
        return _plain(value)

    def integer(self, value: Any, _scope: _Scope, _depth: int) -> int:
        """Return an integer, which JSON carries as text."""
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise ComputeError(f"Invalid expression: integerValue {str(value)[:40]!r} is no integer.") from error

    def bytes(self, _value: Any, _scope: _Scope, _depth: int) -> Any:
        """Refuse bytes."""
        raise NotComputed("A bytesValue is not computed by the emulator.")

    def reference(self, key: Any, scope: _Scope, _depth: int) -> Any:
        """Return a value by its key."""
        return self.named(key, scope)

    def argument(self, name: Any, scope: _Scope, _depth: int) -> Any:
        """Return an argument of the function around."""
        if not isinstance(name, str) or name not in scope.arguments:
            raise ComputeError(f"Invalid expression: there is no argument '{str(name)[:40]}' here.")
        return scope.arguments[name]

    def array(self, value: Any, scope: _Scope, depth: int) -> list[Any]:
        """Return a list."""
        return [self._node(part, scope, depth + 1) for part in _member(value, "values", list, [])]

    def dictionary(self, value: Any, scope: _Scope, depth: int) -> dict[str, Any]:
        """Return a dictionary."""
        parts = _member(value, "values", Mapping, {})
        return {name: self._node(part, scope, depth + 1) for name, part in parts.items()}

    def definition(self, value: Any, scope: _Scope, _depth: int) -> _Definition:
        """Return a function that the expression defines."""
        names = _member(value, "argumentNames", list, [])
        return _Definition(self, scope, tuple(map(str, names)), _member(value, "body", str))

    def invocation(self, call: Any, scope: _Scope, depth: int) -> Any:
        """Return what a function makes of its arguments."""
        nodes = _member(call, "arguments", Mapping, {})
        arguments = {name: self._node(node, scope, depth + 1) for name, node in nodes.items()}
        if "functionReference" not in call:
            return self._function(_member(call, "functionName", str))(arguments)
        function = self.named(call["functionReference"], scope)
        if isinstance(function, Formula):
            return function(arguments)
        if isinstance(function, _Definition):
            if set(arguments) != set(function.parameters):
                raise ComputeError(
                    f"The function takes the arguments {list(function.parameters)}, not {list(arguments)}."
                )
            return function(*(arguments[name] for name in function.parameters))
        raise ComputeError("Invalid expression: functionReference does not lead to a function.")

    def _function(self, name: str) -> Algorithm:
        algorithm = self._loaders.get(name) or TABLE.get(name)
        if algorithm is None:
            raise NotComputed(f"The function '{name[:80]}' is not computed by the emulator. {_computed_like(name)}")
        return algorithm


#: What a value node may be, and how it is evaluated.
_MEANINGS: dict[str, Callable[[_Evaluator, Any, _Scope, int], Any]] = {
    "constantValue": _Evaluator.constant,
    "integerValue": _Evaluator.integer,
    "bytesValue": _Evaluator.bytes,
    "valueReference": _Evaluator.reference,
    "argumentReference": _Evaluator.argument,
    "arrayValue": _Evaluator.array,
    "dictionaryValue": _Evaluator.dictionary,
    "functionDefinitionValue": _Evaluator.definition,
    "functionInvocationValue": _Evaluator.invocation,
}


def _only_member(node: Any) -> tuple[str, Any]:
    if not isinstance(node, Mapping) or len(node) != 1 or (kind := next(iter(node))) not in _MEANINGS:
        raise ComputeError(f"Invalid expression: a value node needs exactly one of {', '.join(_MEANINGS)}.")
    return kind, node[kind]


def _member(message: Any, name: str, kind: Any, default: Any = None) -> Any:
    value = message.get(name, default) if isinstance(message, Mapping) else None
    if not isinstance(value, kind):
        raise ComputeError(f"Invalid expression: '{name}' is missing or of a wrong type.")
    return value


def _computed_like(name: str) -> str:
    """Say which functions of the same class are computed, or that there are none."""
    family = name.partition(".")[0]
    similar = sorted(known for known in TABLE if known.partition(".")[0] == family)
    return f"Of {family}, these are: {', '.join(similar)}." if similar else f"No function of {family[:40]} is."


def _references(node: Any) -> list[str]:
    """Return the keys that a node refers to and that are evaluated with it: not the bodies of definitions."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, Mapping):
            continue
        if isinstance(current.get("valueReference"), str):
            found.append(current["valueReference"])
        call = current.get("functionInvocationValue")
        if isinstance(call, Mapping):
            if isinstance(call.get("functionReference"), str):
                found.append(call["functionReference"])
            if isinstance(call.get("arguments"), Mapping):
                waiting.extend(call["arguments"].values())
        for kind in ("arrayValue", "dictionaryValue"):
            parts = current[kind].get("values") if isinstance(current.get(kind), Mapping) else None
            waiting.extend(parts.values() if isinstance(parts, Mapping) else parts if isinstance(parts, list) else ())
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ComputeError("Invalid expression: a constant must be a finite number.")
    if isinstance(value, Mapping):
        if value.get("type") in DEPTHS and "coordinates" in value:
            return geometry_from_json(value)
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


#: What loads something by its name, from the assets, by the function's arguments.
_LOADING: dict[str, Callable[[AssetSource], Callable[..., Any]]] = {
    "Image.load": lambda assets: lambda name, _version: load_image(name, assets),
    "ImageCollection.load": lambda assets: lambda name, _version: load_collection(name, assets),
    "Collection.loadTable": lambda assets: lambda name, *_: load_table(name, assets),
    "FeatureCollection.loadBigQueryTable": lambda assets: lambda name, column: load_rows(name, column, assets),
    "Classifier.load": lambda assets: lambda name: load_classifier(name, assets),
}


def _loaders(assets: AssetSource) -> dict[str, Algorithm]:
    loaders = {}
    for text, description in LOADERS:
        name, parameters, returns = signature(text)
        loaders[name] = Algorithm(name, parameters, returns, _LOADING[name](assets), description)
    return loaders


#: The functions computed here, as algorithms.list describes functions.
ALGORITHMS: list[dict[str, Any]] = [
    algorithm.to_json()
    for algorithm in sorted([*_loaders(lambda _: None).values(), *TABLE.values()], key=lambda a: a.name)
]
