"""Descriptions of operations: what Earth Engine takes for one, and readable ones made of names.

The rule is quoted from its answers: 'The description must contain only the following characters: a..z, A..Z, 0..9, ".",
",", ":", ";", "_" or "-". The description must be at most 100 characters long.'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from airflow_provider_ee.client.arguments.digests import digest
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["LONGEST", "description", "readable"]

#: The most characters of a description.
LONGEST = 100

_FORBIDDEN = re.compile(r"[^A-Za-z0-9.,:;_-]")
#: How Airflow ends the time in a run's name, and how it is shortened here.
_UTC, _ZULU = re.compile(r"(?<=\d)\+00:00$"), re.compile(r"\dZ$")
_TYPE_OF_RUN = re.compile(r"^[a-z_]+?__(?=.)")
_DIGEST = 6


def description(value: object, argument: str = "description", *, longest: int = LONGEST) -> str:
    """Check a description, which holds few kinds of characters and is short.

    Args:
        value: The description.
        argument: What the caller calls it.
        longest: The most characters.
    """
    allowed = f"letters a to z and A to Z, digits, and . , : ; _ -, at most {longest} characters"
    if not isinstance(value, str) or not value:
        raise InvalidArgument(argument, f"{shown(value)} is not a text", allowed)
    if found := _FORBIDDEN.search(value):
        raise InvalidArgument(argument, f"{shown(value)} holds {found[0]!r}", allowed)
    if len(value) > longest:
        raise InvalidArgument(argument, f"{shown(value)} has {len(value)} characters", allowed)
    return value


def readable(names: Sequence[str], *, longest: int = LONGEST, separator: str = ":") -> str:
    """Join names to a description that no other names give, as much of each as there is room for.

    If they cannot be written out in full, a digest of all of them follows.

    Args:
        names: Such as those of a DAG, a task and a run.
        longest: The most characters.
        separator: What stands between two of them.
    """
    parts = [_FORBIDDEN.sub("_", _UTC.sub("Z", name)) for name in names]
    whole = separator.join(parts)
    if whole and len(whole) <= longest and _tells_apart(names, parts, separator):
        return whole
    room = longest - _DIGEST - len(separator) * len(parts)
    if sum(map(len, parts)) > room:
        parts = [_TYPE_OF_RUN.sub("", part) for part in parts]
    return separator.join([*filter(None, _shortened(parts, room)), digest(_DIGEST, *names)])


def _tells_apart(names: Sequence[str], parts: Sequence[str], separator: str) -> bool:
    """Return whether the names can be told from the parts that stand for them, joined."""
    unchanged = all(part == _UTC.sub("Z", name) for name, part in zip(names, parts, strict=True))
    return unchanged and not any(map(_ZULU.search, names)) and not any(separator in part for part in parts[:-1])


def _shortened(parts: list[str], room: int) -> list[str]:
    """Return the parts with the longest of them cut, until all together have room."""
    most = max(map(len, parts), default=0)
    while sum(min(len(part), most) for part in parts) > room:
        most -= 1
    return [part[:most] for part in parts]
