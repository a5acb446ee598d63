"""What can be asked of Earth Engine: a Method is a fact, a Request is one call of it. Plain data, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import quote

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["Method", "Repeat", "Request", "Scopes"]

_VARIABLE = re.compile(r"\{(\w+)(?:=([^}]+))?\}")
#: Partial responses: https://cloud.google.com/apis/docs/system-parameters
_PARAMETERS_OF_ALL = ("fields",)
_EMPTY_OR_DOTTED_SEGMENT = re.compile(r"(^|/)\.{0,2}(/|$)")


class Scopes(Enum):
    """OAuth scopes of which a token needs any one."""

    READ = ("earthengine", "earthengine.readonly", "cloud-platform", "cloud-platform.read-only")
    WRITE = ("earthengine", "cloud-platform")
    EXPORT = ("earthengine", "cloud-platform", "devstorage.full_control")
    STORAGE = ("devstorage.read_only", "devstorage.full_control", "cloud-platform")
    BIG_QUERY = ("bigquery", "cloud-platform")

    @property
    def urls(self) -> tuple[str, ...]:
        """The scopes as Google writes them in full."""
        return tuple(f"https://www.googleapis.com/auth/{scope}" for scope in self.value)


class Repeat(Enum):
    """Whether a request whose answer was lost may be sent again."""

    ALWAYS = "it reads, or sets what it names to a given state"
    WITH_REQUEST_ID = "Earth Engine starts the work of one request id only once"
    NEVER = "a second one would do the work twice"


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a method, ready to be sent."""

    method: Method
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The resource that is called on, such as `projects/my-project/image`."""
        return self.path.partition(":")[0]

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when its answer was lost."""
        if self.method.repeat is Repeat.WITH_REQUEST_ID:
            return bool(self.body and self.body.get("requestId"))
        return self.method.repeat is Repeat.ALWAYS


@dataclass(frozen=True)
class Method:
    """One REST method. Calling it builds a Request.

    Attributes:
        id: Google's name for it, such as `projects.image.export`.
        verb: The HTTP verb.
        template: The path below the API version in Google's notation: `*` is one segment, `**` any number.
        permissions: IAM permissions that the caller needs; empty where Google documents none.
        scopes: OAuth scopes of which the token needs one.
        repeat: Whether a request may be repeated when its answer was lost.
        version: The API version that it is called in by default.
        versions: The API versions that are known to have it.
        parameters: Its query parameters, besides those of every method.
        page_version: The API version whose reference documents it; None where only Google's own clients know it.
        answers_bytes: Whether the answer is a file rather than JSON.
    """

    id: str
    verb: str
    template: str
    permissions: tuple[str, ...]
    scopes: Scopes
    repeat: Repeat
    version: str = "v1"
    versions: tuple[str, ...] = ("v1", "v1beta", "v1alpha")
    parameters: tuple[str, ...] = ()
    page_version: str | None = "v1"
    answers_bytes: bool = False

    def __call__(self, *names: str, body: Mapping[str, Any] | None = None, **params: Any) -> Request:
        """Build a request.

        Args:
            names: A value for each variable of the path, in its order.
            body: The JSON body, for verbs that have one.
            params: Query parameters as Earth Engine names them; those that are None are left out.
        """
        if len(names) != len(self.patterns):
            raise TypeError(f"{self.id} takes {', '.join(self.patterns) or 'no name'}; got {len(names)} names.")
        for unknown in params.keys() - {*self.parameters, *_PARAMETERS_OF_ALL}:
            allowed = ", ".join([*self.parameters, *_PARAMETERS_OF_ALL])
            raise InvalidArgument(unknown, f"{self.id} has no such query parameter", allowed)
        values = iter(names)
        return Request(
            method=self,
            path=_VARIABLE.sub(lambda variable: self._checked(variable[1], next(values)), self.template),
            params={key: value for key, value in params.items() if value is not None},
            body=(body if body is not None else {}) if self.has_body else None,
        )

    def version_for(self, wanted: str | None) -> str:
        """Return the API version to call it in: the one that is wanted, where it has the method."""
        return wanted if wanted in self.versions else self.version

    @property
    def has_body(self) -> bool:
        """Whether a JSON body belongs to it."""
        return self.verb in {"POST", "PATCH"}

    @property
    def page(self) -> str | None:
        """The page that documents it."""
        if self.page_version is None:
            return None
        resource, _, verb = self.id.rpartition(".")
        return f"https://developers.google.com/earth-engine/reference/rest/{self.page_version}/{resource}/{verb}"

    @cached_property
    def patterns(self) -> Mapping[str, str]:
        """The form of each variable of the path, as a regular expression."""
        wildcards = {"*": "[^/]+", "**": ".*"}
        return {
            variable[1]: "/".join(wildcards.get(part, part) for part in (variable[2] or "*").split("/"))
            for variable in _VARIABLE.finditer(self.template)
        }

    def _checked(self, variable: str, name: str) -> str:
        if not re.fullmatch(self.patterns[variable], name) or _EMPTY_OR_DOTTED_SEGMENT.search(name):
            raise InvalidArgument(
                variable,
                f"{self.id} cannot be called on {shown(name)}",
                f"a name such as {self._example(variable)}, without empty or dotted segments",
            )
        return quote(name, safe="/")

    def _example(self, variable: str) -> str:
        """Return the form of a variable as a reader writes it: `projects/<project>/assets/<path>`."""
        words = {"projects": "project", "assets": "path", "operations": "id", "locations": "location"}
        form = next(form for name, form in _VARIABLE.findall(self.template) if name == variable)
        parts = (form or "*").split("/")
        return "/".join(
            f"<{words.get(parts[place - 1], 'id')}>" if part.startswith("*") else part
            for place, part in enumerate(parts)
        )
