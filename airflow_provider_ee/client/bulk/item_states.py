"""The state of each item, judged from a snapshot of the operations. Knows no clock and does no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot, read_epoch
from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["ItemState", "Refusal", "StartRules", "find_kept", "judge_item"]


@dataclass(frozen=True, slots=True)
class StartRules:
    """When a new operation is started for an item.

    Attributes:
        epoch: The task's clear-generation: equal for all retries, different after a clear.
        tries: How many tries of the task there have been in this epoch, with this one: each may start one operation
            anew for an item whose last one ended without success.
        item_retries: How many more may be started for an item if the failure is one that may pass.
        resume: Whether results of an earlier epoch count: running operations are waited for, successes are kept.
    """

    epoch: str
    tries: int = 1
    item_retries: int = 0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing can be started for an item in this try.

    Attributes:
        reason: In Earth Engine's words, or those of the check that refused it.
        retry_may_help: Whether another try of the task may start it, or find what was started.
    """

    reason: str
    retry_may_help: bool = False


@dataclass(frozen=True, slots=True)
class ItemState:
    """The state of one item.

    Attributes:
        wanted: Whether a new operation is to be started for it.
        operation: The operation that counts; the last one that ended, if none does.
        ended: How many of this epoch ended without success.
        refusal: Why none was started, if Earth Engine or a check refused it.
    """

    wanted: bool = False
    operation: Operation | None = None
    ended: int = 0
    refusal: Refusal | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it is exported."""
        return not self.wanted and self.operation is not None and self.operation.succeeded

    @property
    def active(self) -> bool:
        """Whether an operation is running or pending for it."""
        return not self.wanted and self.operation is not None and not self.operation.done

    @property
    def failed(self) -> bool:
        """Whether it is given up."""
        return not (self.wanted or self.succeeded or self.active)

    @property
    def retry_may_help(self) -> bool:
        """Whether another try of the task may export it, if it is given up."""
        judge = self.refusal or self.operation
        return judge is not None and judge.retry_may_help


def judge_item(
    history: Sequence[Operation], rules: StartRules, *, kept: Operation | None = None, refusal: Refusal | None = None
) -> ItemState:
    """Return the state of one item.

    Args:
        history: The operations that were started for it, newest first.
        rules: When to start a new one.
        kept: The operation that succeeded in an earlier epoch and still counts.
        refusal: Why nothing can be started for it.
    """
    own = [operation for operation in history if read_epoch(operation) == rules.epoch]
    ended = [operation for operation in own if operation.done and not operation.succeeded]
    candidates = [*own, *([operation for operation in history if not operation.done] if rules.resume else ())]
    for operation in (*(one for one in own if one.succeeded), *(one for one in candidates if not one.done)):
        return ItemState(operation=operation, ended=len(ended))
    if kept:
        return ItemState(operation=kept, ended=len(ended))
    last = ended[0] if ended else None
    if refusal:
        return ItemState(operation=last, ended=len(ended), refusal=refusal)
    allowed = rules.tries + (rules.item_retries if last and last.retry_may_help else 0)
    return ItemState(wanted=len(ended) < allowed, operation=last, ended=len(ended))


def find_kept(snapshot: OperationsSnapshot, digests: Collection[str], rules: StartRules) -> Mapping[str, Operation]:
    """Return the successes of earlier epochs that still count, by the item's digest.

    A run that failed in part has achieved them, and they need not be done again. Once all items had succeeded, the run
    was complete: clearing the task after that wants everything anew, so only what succeeded since counts.
    """
    if not rules.resume:
        return {}
    by_epoch: dict[str, list[tuple[str, Operation]]] = {}
    oldest_first = sorted(
        ((digest, operation) for digest in digests for operation in snapshot.operations.get(digest, ())),
        key=lambda found: found[1].create_time or "",
    )
    for digest, operation in oldest_first:
        by_epoch.setdefault(read_epoch(operation), []).append((digest, operation))
    kept: dict[str, Operation] = {}
    for epoch, started in by_epoch.items():
        if epoch == rules.epoch:
            continue
        if len(kept) == len(digests):
            kept = {}
        kept |= {digest: operation for digest, operation in started if operation.succeeded}
    return kept
