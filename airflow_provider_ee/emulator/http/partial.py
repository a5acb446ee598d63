"""Partial responses: the query parameter `fields`, which leaves out of an answer what it does not name.

https://developers.google.com/workspace/drive/api/guides/performance#partial
"""

import re
from collections.abc import Iterator
from typing import Any

from airflow_provider_ee.emulator.envelope import invalid

__all__ = ["Selection", "part_of", "read_selection"]

#: The fields that are kept, each with what is kept of it; nothing there is all of it.
Selection = dict[str, Any]

_TOKEN = re.compile(r"\s*([(),/]|[^(),/\s]+)")
_DEEPEST = 50


def read_selection(text: str) -> Selection:
    """Read the parameter, such as `operations(name,metadata/state),nextPageToken`.

    Raises:
        ApiError: It is malformed.
    """
    tokens = _TOKEN.findall(text)
    if text.count("(") > _DEEPEST or text.count("/") > _DEEPEST * len(text.split(",")):
        raise invalid("fields", "it is nested too deeply.")
    reader = iter([*tokens, ""])
    selection, end = _read_list(reader, text)
    if end:
        raise _malformed(text)
    return selection


def part_of(value: Any, selection: Selection) -> Any:
    """Return what a selection keeps of a value."""
    if not selection or (selection.get("*") == {}):
        return value
    if isinstance(value, list):
        return [part_of(item, selection) for item in value]
    if not isinstance(value, dict):
        return value
    everywhere: Selection | None = selection.get("*")
    kept: dict[str, Any] = {}
    for key, item in value.items():
        inside = selection.get(key, everywhere)
        if inside is not None:
            kept[key] = part_of(item, inside)
    return kept


def _read_list(tokens: Iterator[str], text: str) -> tuple[Selection, str]:
    """Read fields up to the end or a closing parenthesis, which is returned too."""
    selection: Selection = {}
    while True:
        place, mark = selection, next(tokens)
        while True:
            if mark in ("", "(", ")", ",", "/"):
                raise _malformed(text)
            place = place.setdefault(mark, {})
            mark = next(tokens)
            if mark != "/":
                break
            mark = next(tokens)
        if mark == "(":
            inside, end = _read_list(tokens, text)
            if end != ")":
                raise _malformed(text)
            place.update(inside)
            mark = next(tokens)
        if mark in ("", ")"):
            return selection, mark
        if mark != ",":
            raise _malformed(text)


def _malformed(text: str) -> Exception:
    return invalid("fields", f"{text[:60]!r} is not a selection such as 'operations(name,done),nextPageToken'.")
