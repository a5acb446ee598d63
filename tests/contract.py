"""Google's own messages (contract.json), and what a body has that they do not know."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parent / "contract.json").read_text(encoding="utf-8"))

#: A value of its own kind: any JSON at all.
_ANYTHING = {("ValueNode", "constantValue")}


def problems(message_name: str, body: object) -> list[str]:
    """Return what is wrong with a body: unknown fields, values of a wrong type, unknown names of enums."""
    return list(_in_message(message_name, body, message_name))


def _in_message(name: str, body: object, path: str) -> Iterator[str]:
    if not isinstance(body, Mapping):
        yield f"{path} is no object: {body!r}"
        return
    fields = CONTRACT["messages"][name]
    for key, value in body.items():
        if key not in fields:
            yield f"{path}.{key} is no field of {name}"
        elif (name, key) not in _ANYTHING:
            yield from _in_field(fields[key], value, f"{path}.{key}")


def _in_field(field: Mapping[str, Any], value: object, path: str) -> Iterator[str]:
    match field["type"]:
        case "message":
            yield from _in_message(field["message"], value, path)
        case "array":
            if not isinstance(value, list):
                yield f"{path} is no list: {value!r}"
                return
            for index, item in enumerate(value):
                yield from _in_message(field["message"], item, f"{path}[{index}]")
        case "map":
            if not isinstance(value, Mapping):
                yield f"{path} is no object: {value!r}"
                return
            for key, item in value.items():
                if field["value"]:
                    yield from _in_message(field["value"], item, f"{path}.{key}")
                else:
                    yield from _in_scalar(item, f"{path}.{key}")
        case "enum":
            if value not in CONTRACT["enums"][field["enum"]]:
                yield f"{path} is none of {field['enum']}: {value!r}"
        case _:
            yield from _in_scalar(value, path)


def _in_scalar(value: object, path: str) -> Iterator[str]:
    # The contract tells neither a list of scalars from one, nor a wrapper, `{"value": 5}`, from a number.
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_scalar(item, f"{path}[{index}]")
    elif isinstance(value, Mapping) and value.keys() == {"value"}:
        yield from _in_scalar(value["value"], f"{path}.value")
    elif not isinstance(value, str | int | float | bool):
        yield f"{path} is no plain value: {value!r}"
