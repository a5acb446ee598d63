"""Every way to lose an answer, in every Earth Engine, with every death: one operation for each demand."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.client.operations.earth import NEVER, Earth, Task

LOSSES = {
    "none": (),
    "reset before the work": ("before",),
    "reset after the work": ("after",),
    "every answer": ("all", "all", "all"),
    "empty": ("empty",),
    "nameless": ("nameless",),
    "empty without work": ("empty without work",),
}
DUPLICATES = ("already-exists", "same-operation", "strange words")
LIST_LAGS = (0.0, 45.0, 500.0, NEVER)
GET_LAGS = (0.0, 45.0)
#: How many submissions find it full, whether these use request ids up, whether it counts more than a known id, and how
#: many operations are started before.
QUEUES = (
    (0, False, False, 0),
    (2, False, False, 0),
    (2, False, True, 0),
    (2, False, True, 1),
    (2, True, False, 0),
    (2, True, True, 0),
    (2, True, True, 1),
)
DEATHS = (None, *range(9))
NOTES = (True, False)
DEFERRABLE = (True, False)

#: That the list shows an operation within ten minutes is assumed after a full queue, and only then.
CASES = [
    case
    for case in itertools.product(LOSSES, DUPLICATES, LIST_LAGS, GET_LAGS, QUEUES, DEATHS, NOTES, DEFERRABLE)
    if not (case[2] == NEVER and case[4][0])
]

_TRIES = 6


@dataclass
class Tally:
    """What came of the cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[Any] = field(default_factory=list)


def run(cases: list[Any]) -> Tally:
    """Play cases, each with as many tries as Airflow may give."""
    tally = Tally()
    for case in cases:
        outcome = _play(*case)
        tally.outcomes[outcome] += 1
        if outcome in {"doubled", "lost", "stuck"}:
            tally.wrong.append((outcome, case))
    return tally


def _play(loss, duplicate, list_lag, get_lag, queue, death, notes, deferrable):  # noqa: PLR0917 - the axes
    earth = Earth(duplicate, list_lag, get_lag, *queue, losses=iter(LOSSES[loss]))
    burns = queue[1]
    task = Task(earth, keeps_notes=notes, deferrable=deferrable, death=death)
    for _ in range(_TRIES):
        outcome = task.attempt()
        if outcome in {"started", "failed for good"}:
            break
    if len(earth.operations) > 1:
        return "doubled"
    if outcome == "started":
        [work] = earth.operations
        return "once" if task.started.operation.name == work.name else "lost"
    if list_lag == NEVER:
        return "waits for a list that never shows it"
    if burns and death is not None:
        return "killed in the moment of a refusal" if notes else "killed without a note while the queue was full"
    if burns and duplicate == "strange words":
        return "told in strange words that a request id was used up"
    return "stuck"
