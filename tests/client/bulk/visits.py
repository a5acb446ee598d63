"""A task with many items, visited as a worker does it, against the emulator."""

from collections import Counter
from dataclasses import replace
from typing import Any

from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.bulk.item_states import StartRules
from airflow_provider_ee.client.bulk.items import read_items
from airflow_provider_ee.client.bulk.run import BulkRun
from airflow_provider_ee.client.bulk.saved_state import SavedState
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.emulator.server import Emulator
from tests.client.drivers import AT_ONCE
from tests.emulator.requests import constant

TICKET = Ticket(deployment="depl0", dag="dag0000", task="task0000", epoch="epoch1")
PROJECT = "projects/my-project"
#: The words of an image of four pixels.
COMMON = {
    "image": constant(),
    "bucket": "my-bucket",
    "crs": "EPSG:4326",
    "crs_transform": [0.5, 0, 10, 0, -0.5, 50],
    "dimensions": "2x2",
}


def client_of(emulator: Emulator, **options: Any) -> Client:
    """Return a client that neither spares the emulator nor waits between two attempts."""
    settings = {"endpoint": emulator.url, "credentials": AnonymousCredentials(), "retry": AT_ONCE, "limits": Limits(per_second=10_000)}  # fmt: skip
    return Client("my-project", **{**settings, **options})


class Task:
    """A task instance: what it keeps, and the visits to a worker that it pays.

    Args:
        emulator: Where it is at work.
        exports: Its items, or how many.
        options: Those of BulkRun, and of StartRules.

    Attributes:
        lines: What it logged.
        warnings: What it warned of.
        notes: The saved_state as it was each time when it was to be kept.
        most_pending: How many operations waited in the queue at most.
    """

    def __init__(self, emulator: Emulator, exports: Any, **options: Any) -> None:
        self.emulator = emulator
        self.exports = [{"key": f"tile-{number}"} for number in range(exports)] if isinstance(exports, int) else exports
        self.ticket, self.tries = TICKET, 1
        self.options: dict[str, Any] = {"max_pending": 1000, "concurrency": 8, **options}
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.notes: list[dict[str, Any]] = []
        self.most_pending = 0

    def cleared(self) -> "Task":
        """Let a person clear it."""
        self.ticket, self.tries = replace(self.ticket, epoch=f"epoch{int(self.ticket.epoch[-1]) + 1}"), 1
        return self

    def tried_again(self) -> "Task":
        """Let Airflow try it again."""
        self.tries += 1
        return self

    def run(self, client: Client) -> BulkRun:
        """Return what a visit begins with: all that is left of the earlier ones is what was kept."""
        options = dict(self.options)
        rules = {name: options.pop(name) for name in ("item_retries", "resume") if name in options}
        return BulkRun(
            client,
            PROJECT,
            read_items(self.exports, self.ticket, kind="image_to_cloud_storage", common=COMMON),
            SavedState.load(self.notes[-1] if self.notes else None, self.ticket, self.tries, now=0.0),
            StartRules(self.ticket.epoch, self.tries, **rules),
            save=lambda saved_state: self.notes.append(saved_state.to_json()),
            log=self.lines.append,
            warn=self.warnings.append,
            **options,
        )

    def visit(self, client: Client | None = None) -> BulkRun:
        """Look, submit what there is room for, and let go of the worker."""
        with client or client_of(self.emulator) as opened:
            run = self.run(opened)
            run.look()
            while run.submit():
                self._count_pending()
                run.look()
            self._count_pending()
        return run

    def see_through(self, visits: int = 50) -> BulkRun:
        """Visit until there is nothing left to do."""
        for _ in range(visits):
            run = self.visit()
            if run.is_over:
                return run
        raise AssertionError(f"It is not over after {visits} visits: {run.counts}")

    def started(self) -> Counter[str]:
        """Say how many operations were started for each item, in whichever epoch."""
        return Counter(map(_text_of, self.emulator.control.operations()))

    def succeeded(self) -> set[str]:
        """Say which items were exported."""
        return {_text_of(one) for one in self.emulator.control.operations() if str(one.state) == "SUCCEEDED"}

    def _count_pending(self) -> None:
        states = [str(operation.state) for operation in self.emulator.control.operations()]
        self.most_pending = max(self.most_pending, states.count("PENDING"))


def _text_of(operation: Any) -> str:
    """Return the description of an operation without its marker: the key of the item."""
    return str(operation.asked.description).rpartition(";af:")[0]
