"""One method of the API and the form of its path."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.schemas.kinds import Kind

__all__ = ["VERSIONS", "Handler", "Route"]

VERSIONS = ("v1", "v1beta", "v1alpha")

Handler = Callable[[Call], Awaitable[Any]]

_WILDCARD = re.compile(r"\{(\w+)(?:=([^}]*))?\}")


@dataclass(frozen=True)
class Route:
    """A method of the API.

    Args:
        method: Its name, such as `projects.image.export`.
        verb: The HTTP method.
        path: The path under the version, with its wildcards as Google writes them: `*` is one part, `**` any number.
        handler: Who answers it.
        body: What the body has to be; None for a method without one.
        permission: What the caller needs; empty for nothing.
        query: The query parameters it knows.
    """

    method: str
    verb: str
    path: str
    handler: Handler
    body: Kind | None = None
    permission: str = ""
    query: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """What matches a path of this method, without the version."""
        parts = re.split(r"(\{[^}]*\})", self.path)
        return re.compile("".join(self._part(part) for part in parts))

    @property
    def parameters(self) -> Iterator[tuple[str, str]]:
        """The names of the path's parameters, each with its pattern as a discovery document writes it."""
        for name, template in _WILDCARD.findall(self.path):
            yield name, "^" + _pattern(template or "*", one="[^/]+", many=".*") + "$"

    def _part(self, part: str) -> str:
        found = _WILDCARD.fullmatch(part)
        if found is None:
            return re.escape(part)
        # A colon starts a custom verb, so the name of an asset or operation cannot have one; a project's can.
        return f"(?P<{found[1]}>{_pattern(found[2] or '*', one='[^/]+', many='[^:]*')})"


def _pattern(template: str, *, one: str, many: str) -> str:
    return "/".join({"*": one, "**": many}.get(part, re.escape(part)) for part in template.split("/"))
