"""What a person sees while chaos reigns, and afterwards."""

import sys
import time
from collections.abc import Callable

from tests.benchmarks.report import show
from tests.chaos.invariants import Judgement

__all__ = ["diary", "table"]

HEADINGS = (
    "",
    "actions",
    "operations",
    "duplicates",
    "lost",
    "wrong cancels",
    "ownerless",
    "seconds until all was over",
)


def diary() -> Callable[[str], None]:
    """Return a function that writes a line with the seconds since now."""
    start = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - start:7.1f} s  {line}\n")
        sys.stdout.flush()

    return say


def table(title: str, actions: dict[str, int], judgement: Judgement, seconds: float) -> None:
    """Print the table of a test.

    Args:
        title: What it was about.
        actions: What was done, and how often.
        judgement: What came of it.
        seconds: How long it took after the last action until everything was over.
    """
    found = (judgement.duplicates, judgement.lost, judgement.wrong_cancels, judgement.ownerless)
    total = ["together", sum(actions.values()), judgement.operations, *map(len, found), seconds]
    rows = [[action, count, *[""] * (len(HEADINGS) - 2)] for action, count in actions.items()]
    show(title, HEADINGS, [*rows, total])
