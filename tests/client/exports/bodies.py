"""Bodies of requests in one form, in which two can be compared."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: Fields of 64 bits, which are text in JSON.
_64_BITS = {"maxPixels", "maxPixelsPerFrame", "maxSizeBytes"}
#: Fields that the official client sends when they are false, which they are by default: not every version knows them.
_FALSE_BY_DEFAULT = {"append", "overwrite"}


def normal(body: Mapping[str, Any], apart_from: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a body in one form: wrappers opened, 64 bits as numbers, the expression written out, no request id."""
    found = {key: value for key, value in body.items() if key != "requestId"}
    found["expression"] = written_out(found["expression"])
    plain = _plain(found)
    assert isinstance(plain, dict)
    return without(plain, apart_from)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value"} and not isinstance(value["value"], dict):
        return _plain(value["value"])
    opened = {key: _plain(item) for key, item in value.items() if not (key in _FALSE_BY_DEFAULT and item is False)}
    return {key: int(item) if key in _64_BITS else item for key, item in opened.items()}


def written_out(expression: Mapping[str, Any]) -> Any:
    """Return an expression without references, so that neither the keys of its values nor names of arguments matter."""
    values = expression["values"]

    def resolve(node: Any, scope: Mapping[str, str]) -> Any:
        if isinstance(node, list):
            return [resolve(item, scope) for item in node]
        if not isinstance(node, dict) or "constantValue" in node:
            return node
        if "valueReference" in node:
            return resolve(values[node["valueReference"]], scope)
        if "argumentReference" in node:
            return scope[node["argumentReference"]]
        if "functionDefinitionValue" in node:
            definition = node["functionDefinitionValue"]
            inner = {name: f"argument {len(scope)}.{index}" for index, name in enumerate(definition["argumentNames"])}
            return {"function of": [*inner.values()], "is": resolve(values[definition["body"]], {**scope, **inner})}
        return {key: resolve(item, scope) for key, item in node.items()}

    return _folded(resolve({"valueReference": expression["result"]}, {}))


def _folded(node: Any) -> Any:
    """Fold lists of constants to constants, which the official client splits where a part of one occurs twice."""
    if isinstance(node, list):
        return [_folded(item) for item in node]
    if not isinstance(node, dict) or "constantValue" in node:
        return node
    folded = {key: _folded(item) for key, item in node.items()}
    items = folded["arrayValue"]["values"] if "arrayValue" in folded else [None]
    constants = all(isinstance(item, dict) and "constantValue" in item for item in items)
    return {"constantValue": [item["constantValue"] for item in items]} if constants else folded


def without(value: Any, keys: tuple[str, ...]) -> Any:
    """Return a value without some keys, however deep."""
    if isinstance(value, list):
        return [without(item, keys) for item in value]
    if isinstance(value, dict):
        return {key: without(item, keys) for key, item in value.items() if key not in keys}
    return value


def touched(body: Mapping[str, Any], base: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the fields in which a body is not as the base; of an expression, the functions that are new in it."""
    for key in sorted(body.keys() | base.keys()):
        mine, other = body.get(key), base.get(key)
        if mine == other:
            continue
        if key == "expression":
            yield f"expression ({', '.join(name for name in functions(mine) if name not in functions(other))})"
        elif isinstance(mine, Mapping) and isinstance(other, Mapping | None):
            yield from touched(mine, other or {}, f"{path}{key}.")
        else:
            yield f"{path}{key}"


def functions(node: Any) -> list[str]:
    """Return the names of the functions of images that are called in an expression."""
    return list(dict.fromkeys(re.findall(r"'functionName': '(Image\.\w+)'", str(node))))
