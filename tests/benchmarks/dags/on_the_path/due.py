"""A trigger of Airflow's own kind: it sleeps until it is due, and needs nobody else for that."""
# ruff: noqa: INP001 - found on the path, not in a package

import asyncio
import os
import time
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint

__all__ = ["FIRST", "DueTrigger"]

#: What the one is called that is multiplied; nothing else in a database may look like it.
FIRST = "number-0@0.0"


class DueTrigger(BaseTrigger):
    """Fire some seconds after the beginning, which the file `begin` in the folder FIRINGS says.

    Args:
        name: A name, and after an `@` the seconds.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow keeps of the trigger."""
        return "due.DueTrigger", {"name": self.name}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Sleep, and fire once."""
        due = await asyncio.shield(_beginning()) + float(self.name.partition("@")[2])
        await asyncio.sleep(max(0.0, due - time.time()))
        pass_checkpoint("firing", self.name)
        yield TriggerEvent(self.name)


@cache
def _beginning() -> "asyncio.Task[float]":
    """One look at the file for all."""
    return asyncio.create_task(_begun(Path(os.environ["FIRINGS"]) / "begin"))


async def _begun(file: Path) -> float:
    while not file.exists():  # noqa: ASYNC110, ASYNC240  # another process makes it; the disk is our own
        await asyncio.sleep(0.2)
    return float(file.read_text(encoding="utf-8"))  # noqa: ASYNC240  # a few bytes
