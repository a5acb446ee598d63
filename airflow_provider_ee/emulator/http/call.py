"""One call of an API method: what a handler gets, already checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.emulator.state.identities import Identity
from airflow_provider_ee.emulator.state.ledger import Entry
from airflow_provider_ee.emulator.state.world import World

__all__ = ["Call"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Args:
        world: The state behind the API.
        version: The version of the API, such as `v1`.
        name: The resource in the path: a project, an asset, an operation.
        caller: Who calls.
        entry: The call's line in the ledger.
        query: The query parameters of the method.
        body: The body, every field read.
    """

    world: World
    version: str
    name: str
    caller: Identity
    entry: Entry
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The id of the project in the path."""
        return self.name.split("/")[1]
