"""How the items of a task stand, judged from a census. Knows no clock and does no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_ee.client.bulk.census import Census, epoch_of
from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["Rules", "Standing", "judged", "kept_from_before"]


@dataclass(frozen=True, slots=True)
class Rules:
    """When a new operation is started for an item.

    Attributes:
        epoch: Which demand of a person for the task to be run this is.
        tries: How many tries of the task there have been in this epoch, with this one: each may start one operation
            anew for an item whose last one ended without success.
        item_retries: How many more may be started for an item if the failure is one that may pass.
        resume: Whether what an earlier epoch left is good: what runs is gone on with, what has succeeded is kept.
    """

    epoch: str
    tries: int = 1
    item_retries: int = 0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How one item stands.

    Attributes:
        wanted: Whether a new operation is to be started for it.
        operation: The operation that counts; the last one that ended, if none does.
        ended: How many of this epoch ended without success.
        refusal: Why none was started, if Earth Engine or a check refused it for good.
    """

    wanted: bool = False
    operation: Operation | None = None
    ended: int = 0
    refusal: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it is exported."""
        return not self.wanted and self.operation is not None and self.operation.succeeded

    @property
    def active(self) -> bool:
        """Whether an operation works on it, or waits to."""
        return not self.wanted and self.operation is not None and not self.operation.done

    @property
    def failed(self) -> bool:
        """Whether it is given up."""
        return not (self.wanted or self.succeeded or self.active)

    @property
    def retry_may_help(self) -> bool:
        """Whether another try of the task may have more luck with it, if it is given up."""
        return self.refusal is None and self.operation is not None and self.operation.retry_may_help


def judged(
    history: Sequence[Operation], rules: Rules, *, kept: Operation | None = None, refusal: str | None = None
) -> Standing:
    """Judge one item.

    Args:
        history: What was started for it, the newest first.
        rules: When to start anew.
        kept: What succeeded in an earlier epoch and is good still.
        refusal: Why nothing can be started for it.
    """
    own = [operation for operation in history if epoch_of(operation) == rules.epoch]
    ended = [operation for operation in own if operation.done and not operation.succeeded]
    candidates = [*own, *([operation for operation in history if not operation.done] if rules.resume else ())]
    for operation in (*(one for one in own if one.succeeded), *(one for one in candidates if not one.done)):
        return Standing(operation=operation, ended=len(ended))
    if kept:
        return Standing(operation=kept, ended=len(ended))
    last = ended[0] if ended else None
    if refusal:
        return Standing(operation=last, ended=len(ended), refusal=refusal)
    allowed = rules.tries + (rules.item_retries if last and last.retry_may_help else 0)
    return Standing(wanted=len(ended) < allowed, operation=last, ended=len(ended))


def kept_from_before(census: Census, digests: Collection[str], rules: Rules) -> Mapping[str, Operation]:
    """Return what succeeded in earlier epochs since an epoch began with all items done, by the digest of the item.

    That is what a run which did not get through has achieved, and need not be done again. Once all items have
    succeeded, the run was complete: whoever clears the task after that wants everything anew.
    """
    if not rules.resume:
        return {}
    by_epoch: dict[str, list[tuple[str, Operation]]] = {}
    oldest_first = sorted(
        ((digest, operation) for digest in digests for operation in census.operations.get(digest, ())),
        key=lambda found: found[1].create_time or "",
    )
    for digest, operation in oldest_first:
        by_epoch.setdefault(epoch_of(operation), []).append((digest, operation))
    kept: dict[str, Operation] = {}
    for epoch, started in by_epoch.items():
        if epoch == rules.epoch:
            continue
        if len(kept) == len(digests):
            kept = {}
        kept |= {digest: operation for digest, operation in started if operation.succeeded}
    return kept
