"""One poll round: a GET for each of a few operations; the list for many, and GETs for what it does not show cheaply.

Earth Engine allows a project 100 requests a second, for all that it does. Poll rounds take a small share of that, in
trouble as well, and spread it: https://developers.google.com/earth-engine/guides/usage
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient

__all__ = ["PAUSE_BETWEEN_GETS", "PAUSE_BETWEEN_PAGES", "Pace", "PollRounds", "Target"]

#: Seconds between two pages of a list, and between two GETs. Pages come one after the other; GETs do not wait for each
#: other, and a client may send each of them twice: both make ten requests a second at most.
PAUSE_BETWEEN_PAGES, PAUSE_BETWEEN_GETS = 0.1, 0.2

#: So many operations are always polled by GETs: a page of the list is a hundred times as large as an operation.
_FEW = 5
_GETS_AT_ONCE = 8
#: How many failures are reported before anybody else gets the event loop: what subscribers do with it runs at once.
_REPORTED_AT_ONCE = 50

#: In so many rounds in a row the list may fail before GETs are tried instead.
_FAILED_LISTS = 3

_NOWHERE = float("inf")


class Pace:
    """Spreads requests evenly over time."""

    def __init__(self) -> None:
        self._free_at = float("-inf")

    def wait(self, seconds: float) -> float:
        """Return how long to wait before the next request, after which nothing is sent for so many seconds."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._free_at)
        self._free_at = start + seconds
        return start - now


@dataclass(eq=False, slots=True)
class Target:
    """An operation to be polled, and where the list is likely to show it.

    Attributes:
        name: `projects/my-project/operations/ID`.
        page: The page of the list that showed it last; of one that was never listed, the last page that did not.
        listed: Whether the list has shown it.
        polled_at: When something was learned of it last, by the clock of the event loop.
    """

    name: str
    page: float = 0
    listed: bool = False
    polled_at: float = float("-inf")

    def expected(self, read: int) -> float:
        """Return the page on which it is to be expected once so many pages have been read without it."""
        if self.listed:
            return max(self.page, read + 1)  # others that are newer have pushed it on
        # The newest come first, so what is new to the list is there; what is older may be anywhere.
        return max(2 * read, self.page + 1) if read else 1


AnyTarget = TypeVar("AnyTarget", bound=Target)
#: Called with the raw answer about an operation, or with why there is none.
Report: TypeAlias = Callable[[AnyTarget, "Mapping[str, Any] | EarthEngineError"], object]


class PollRounds(Generic[AnyTarget]):
    """Polls operations, one round after another.

    Args:
        report: Called for each operation of a round as soon as something is known.
    """

    def __init__(self, report: Report[AnyTarget]) -> None:
        from airflow_provider_ee.client.rest.partial import PartialResponses

        self._report_to = report
        self._partial = PartialResponses()
        self._pace = Pace()
        self._failed_lists: Counter[str] = Counter()

    async def poll(self, client: AsyncClient, targets: Iterable[AnyTarget], *, seconds: float = 0.0) -> None:
        """Poll operations once, and report what was learned of each or why nothing was.

        Args:
            client: The client to send with.
            targets: The operations.
            seconds: For how long operations that the list does not show may be polled by GETs; the others are polled in
                the next round, for those that were polled longest ago come first.
        """
        by_project = defaultdict(list)
        for target in targets:
            by_project[target.name.partition("/operations/")[0]].append(target)
        unlisted: list[AnyTarget] = []
        for project, theirs in by_project.items():
            unlisted += await self._list(client, project, theirs) if len(theirs) > _FEW else theirs
        unlisted.sort(key=lambda target: target.polled_at)
        await self._get_each(client, unlisted[: max(_FEW, int(seconds / PAUSE_BETWEEN_GETS))])

    async def _list(self, client: AsyncClient, project: str, targets: Iterable[AnyTarget]) -> list[AnyTarget]:
        """Poll operations by listing those of their project; return the ones that are to be polled by GETs.

        If the list cannot be read for now, GETs would make that worse; if it may not be read, or cannot be for long,
        GETs are left.
        """
        from airflow_provider_ee.client.errors import EarthEngineError, Transient, Unauthenticated
        from airflow_provider_ee.client.operations.listing import FIELDS, scan_operations

        search = _ListSearch(targets, self._report)
        pause = partial(self._pace.wait, PAUSE_BETWEEN_PAGES)
        await asyncio.sleep(pause())
        try:
            complete = await client.run(
                scan_operations(project, search.read, search.proceed, pause=pause, fields=FIELDS, partial=self._partial)
            )
        except (Transient, Unauthenticated) as error:
            self._failed_lists[project] += 1
            if self._failed_lists[project] > _FAILED_LISTS:
                return list(search.missing.values())
            for number, target in enumerate(search.missing.values(), 1):
                self._report(target, error)
                if not number % _REPORTED_AT_ONCE:
                    await asyncio.sleep(0.0)
            return []
        except EarthEngineError:
            complete = False
        self._failed_lists[project] = 0
        search.learn(complete=complete)
        return list(search.missing.values())

    async def _get_each(self, client: AsyncClient, targets: Sequence[AnyTarget]) -> None:
        """Poll operations by GETs, one after the other without waiting for slow answers."""
        slots = asyncio.Semaphore(_GETS_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as gets:
                for target in targets:
                    await slots.acquire()
                    await asyncio.sleep(self._pace.wait(PAUSE_BETWEEN_GETS) if len(targets) > _FEW else 0.0)
                    gets.create_task(self._get(client, target)).add_done_callback(lambda _: slots.release())
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults

    async def _get(self, client: AsyncClient, target: AnyTarget) -> None:
        from airflow_provider_ee.client.errors import EarthEngineError, Transient
        from airflow_provider_ee.client.operations.listing import get_operation

        try:
            answer = await client.run(get_operation(target.name, self._partial))
        except EarthEngineError as error:
            self._report(target, error)
        else:
            another = answer.get("name") not in {target.name, None}
            self._report(target, Transient("It is about another operation.", name=target.name) if another else answer)

    def _report(self, target: AnyTarget, seen: Mapping[str, Any] | EarthEngineError) -> None:
        target.polled_at = asyncio.get_running_loop().time()
        self._report_to(target, seen)


class _ListSearch(Generic[AnyTarget]):
    """Looks for operations in the list, page by page, for as long as that takes fewer requests than GETs would.

    Args:
        targets: The operations.
        report: Called with each operation that a page shows.

    Attributes:
        missing: Those that no page has shown yet, by name.
    """

    def __init__(self, targets: Iterable[AnyTarget], report: Report[AnyTarget]) -> None:
        self.missing = {target.name: target for target in targets}
        self._report = report
        self._read = 0
        self._goal = self._best_goal()

    def proceed(self) -> bool:
        """Whether to read another page."""
        if self._read >= self._goal:
            self._goal = self._best_goal()
        if self._read >= self._goal:
            return False
        self._read += 1
        return True

    def read(self, answers: Sequence[Mapping[str, Any]]) -> None:
        """Report those of the operations that are among some answers."""
        for answer in answers:
            name = answer.get("name")
            if not isinstance(name, str) or (target := self.missing.pop(name, None)) is None:
                continue
            target.page, target.listed = self._read, True
            self._report(target, answer)

    def learn(self, *, complete: bool) -> None:
        """Take note of where the missing ones are not."""
        for target in self.missing.values():
            if complete:
                target.page, target.listed = _NOWHERE, False
            elif target.page <= self._read:
                target.page = self._read + target.listed

    def _best_goal(self) -> int:
        """Return up to which page to read so that pages and GETs of what they do not show are fewest."""
        expected = Counter(target.expected(self._read) for target in self.missing.values())
        beyond = fewest = len(self.missing)
        goal = self._read
        for page in sorted(expected):
            beyond -= expected[page]
            if page - self._read + beyond < fewest:
                goal, fewest = int(page), int(page) - self._read + beyond
        return goal
