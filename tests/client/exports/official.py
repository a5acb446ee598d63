"""Google's own client: what it knows, and what it would send."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

DESCRIPTION = "d"


def thing(ee: Any, method: str) -> Any:
    """Return what is exported."""
    features = ee.FeatureCollection("EMULATOR/fields")
    return {
        "image": lambda: ee.Image("EMULATOR/S2").select("B4"),
        "map": lambda: ee.Image("EMULATOR/S2").select("B4"),
        "table": lambda: features,
        "video": lambda: ee.ImageCollection("EMULATOR/S2_SERIES"),
        "classifier": lambda: ee.Classifier.smileCart().train(features, "class", ["B4"]),
    }[method.partition(".")[0]]()


def sent(ee: Any, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body that the official client sends."""
    what, _, where = method.partition(".")
    export = getattr(ee.batch.Export, what)
    if where:
        task = getattr(export, where)(thing(ee, method), DESCRIPTION, **arguments)
    else:
        task = export(thing(ee, method), DESCRIPTION, dict(arguments))
    with overheard(ee) as bodies:
        task.start()
    [body] = bodies
    return body


@contextmanager
def overheard(ee: Any) -> Iterator[list[dict[str, Any]]]:
    """Listen at the last place where a request of the official client is whole, and let nothing out."""
    bodies: list[dict[str, Any]] = []
    send = ee.data._execute_cloud_call

    def listen(call: Any, num_retries: Any = None) -> dict[str, str]:
        bodies.append(json.loads(call.body))
        return {"name": "projects/my-project/operations/OVERHEARD"}

    ee.data._execute_cloud_call = listen
    try:
        yield bodies
    finally:
        ee.data._execute_cloud_call = send


def parameters(ee: Any, method: str) -> list[str]:
    """Return the names of the arguments in the signature of a method of the official client."""
    what, _, where = method.partition(".")
    signature = inspect.signature(getattr(getattr(ee.batch.Export, what), where))
    named = [name for name, parameter in signature.parameters.items() if parameter.kind is not parameter.VAR_KEYWORD]
    return [name for name in named[1:] if name != "description"]


def read_names(ee: Any) -> set[str]:
    """Return every name that the official client's source looks for among arguments, also those in no signature."""
    receivers = {"config", "file_format_options", "input_params", "pyramiding_policy"}
    names: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(ee.batch))):
        found: list[ast.expr] = []
        match node:
            case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=receiver)]):
                found = [name] if receiver in receivers else []
            case ast.Call(func=ast.Attribute(value=ast.Name(id=receiver), attr="pop" | "get"), args=[name, *_]):
                found = [name] if receiver in receivers else []
            case ast.Call(func=ast.Name(id="canonicalize_name"), args=both):
                found = both
            case ast.For(iter=ast.List(elts=keys)):
                found = keys
        names |= {one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    # The task's own, which start() adds.
    return names - {"description", "workloadTag"}
