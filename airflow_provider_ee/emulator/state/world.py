"""Everything the emulator keeps, in one place, in memory; only files are on disk."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute import BIG_QUERY, StoredRows, catalogue_assets
from airflow_provider_ee.emulator.state.assets import Assets
from airflow_provider_ee.emulator.state.big_query import table_name
from airflow_provider_ee.emulator.state.clocks import Clock, MovableClock
from airflow_provider_ee.emulator.state.faults import Faults
from airflow_provider_ee.emulator.state.identities import Identities
from airflow_provider_ee.emulator.state.ledger import Ledger
from airflow_provider_ee.emulator.state.limits import Limits
from airflow_provider_ee.emulator.state.operations import Operations
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.switches import Finding

__all__ = [
    "World",
]

# Base 32: operations of the real service have no other characters.
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _random_id() -> str:
    """Return the last part of an operation's name, in Google's form."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(24))


_PATIENCE = 0.5  # seconds


class World:
    """The state behind the API.

    Args:
        root: The folder for what exports write.
        settings: The switches at the start.
        clock: Seconds since 1970.
    """

    def __init__(self, root: Path, settings: Settings | None = None, clock: Clock = time.time) -> None:
        self.root = root
        self.clock = MovableClock(clock)
        self.initial = self.settings = settings or Settings()
        self.workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="emulator-work")
        self.operations = Operations(lambda: self.settings, self.clock, _random_id, self.workers)
        self.assets = Assets(root / "assets", self.clock, catalogue_assets(), lambda: self.settings)
        self.faults = Faults()
        self.ledger = Ledger()
        self.limits = Limits(lambda: self.settings, time.monotonic)
        self.identities = Identities()

    def reset(self) -> None:
        """Begin anew: nothing kept, the switches as at the start. Files stay."""
        self.settings = self.initial
        for part in (self.clock, self.operations, self.assets, self.faults, self.ledger, self.limits, self.identities):
            part.clear()

    def knows(self, project: str) -> bool:
        """Return whether anything of a project is here."""
        return self.operations.any_of(project) or self.assets.any_of(project)

    def check_export_place(self, name: str, kind: str, *, overwrite: bool) -> None:
        """Check that an export could make an asset, as far as that is found when it is submitted.

        Raises:
            ApiError: It could not.
        """
        found = self.settings.cannot_overwrite is Finding.SUBMISSION
        self.assets.check_place(name, kind, overwrite=overwrite, taken=found)

    def stored(self, name: str) -> Any:
        """Return what expressions load under a name, as an `AssetSource` of the computer."""
        if name.startswith(BIG_QUERY):
            table = table_name(name.removeprefix(BIG_QUERY))
            path = table and table.path(self.root)
            return StoredRows(name, path) if path and path.is_file() else None
        return self.assets.source(name)

    def close(self) -> None:
        """Interrupt the work that has begun."""
        self.workers.shutdown(wait=False, cancel_futures=True)
        self.operations.close(_PATIENCE)
