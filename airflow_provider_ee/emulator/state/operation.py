"""One long-running operation: what it is, how far it is, and how the API shows it."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from airflow_provider_ee.emulator.envelope import CODES
from airflow_provider_ee.emulator.state.clocks import NEVER, timestamp

__all__ = ["Operation", "Outcome", "State", "Submission", "Work"]

Work = Callable[[], None]


class State(StrEnum):
    """The states of an operation."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def terminal(self) -> bool:
        """Whether nothing follows."""
        return self in (State.SUCCEEDED, State.CANCELLED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a caller asked for.

    Args:
        project: The project, by its id.
        kind: The `type` of the operation's metadata, such as EXPORT_IMAGE.
        description: The caller's text.
        priority: From 0 to 9999, higher runs first.
        request_id: The caller's id of the request, empty for none.
        user: Who asked; the same requestId of another user is another request.
        destination_uris: Where a person finds the result.
        work: What has to be done; None for an operation that was made up for a test.
        version: The version of the API that was called.
        fingerprint: A digest of the request's body; the same requestId with another body is another request.
    """

    project: str
    kind: str
    description: str = ""
    priority: int = 100
    request_id: str = ""
    user: str = ""
    destination_uris: tuple[str, ...] = ()
    work: Work | None = None
    version: str = "v1"
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation will end, told beforehand.

    Args:
        attempts: How many times Earth Engine tries by itself; the progress starts again with each.
        code: The name of the error's code; None when the last attempt does the work.
        message: The error's text.
    """

    attempts: int = 1
    code: str | None = None
    message: str = ""


@dataclass(slots=True)
class Operation:
    """A long-running operation and its history.

    Args:
        name: Its full name.
        number: How many operations were made before it.
        asked: What the caller asked for.
        created: When it was made.
        granted: When it got one of the places of running operations; its time counts from here.
        outcome: How it will end.
        looks: How often somebody looked at it since it got its place.
        gets: How often it was asked for by name.
        listings: How often the list had been asked for when it was made.
        working: The work being done.
        distortion: Fields that its answers show differently, by dotted path.
        dropped: Fields that its answers leave out, by dotted path.
        hurried: Whether a test asked for its end now.
    """

    name: str
    number: int
    asked: Submission
    created: float
    granted: float | None = None
    outcome: Outcome = Outcome()
    state: State = State.PENDING
    attempt: int = 1
    progress: float = 0.0
    started: float | None = None
    updated: float = 0.0
    ended: float | None = None
    error: dict[str, Any] | None = None
    eecu_seconds: float = 0.0
    looks: int = 0
    gets: int = 0
    listings: int = 0
    working: "Future[None] | None" = None
    distortion: dict[str, Any] = field(default_factory=dict)
    dropped: Sequence[str] = ()
    hurried: bool = False

    def move(self, passed: float, eecu_per_attempt: float, now: float) -> None:
        """Show as much progress as belongs to a share of the whole time, over all attempts."""
        position = passed * self.outcome.attempts
        self.attempt = min(self.outcome.attempts, 1 + math.floor(position))
        self.progress = min(1.0, position - (self.attempt - 1))
        self.eecu_seconds = position * eecu_per_attempt
        self.updated = now

    def end(self, state: State, now: float, *, code: str = "", message: str = "") -> None:
        """Close the operation, with an error unless it succeeded; what it worked on is let go."""
        self.asked, self.working = replace(self.asked, work=None), None
        self.state = state
        self.started = self.started if self.started is not None else now
        self.updated = self.ended = now
        if state is State.SUCCEEDED:
            self.progress = 1.0
        else:
            self.error = {"code": CODES[code].number, "message": message}

    def shown(self) -> dict[str, Any]:
        """Return the operation as the API answers it."""
        answer: dict[str, Any] = {"name": self.name, "metadata": self._metadata()}
        if self.state.terminal:
            answer["done"] = True
            if self.error is None:
                answer["response"] = {"@type": "type.googleapis.com/google.protobuf.Empty"}
            else:
                answer["error"] = dict(self.error)
        _distort(answer, self.distortion, self.dropped)
        return answer

    def _metadata(self) -> dict[str, Any]:
        asked = self.asked
        metadata: dict[str, Any] = {
            "@type": f"type.googleapis.com/google.earthengine.{asked.version}.OperationMetadata",
            "state": self.state.value,
            "type": asked.kind,
            "priority": asked.priority,
            "createTime": timestamp(self.created),
            "updateTime": timestamp(self.updated),
            "startTime": NEVER if self.started is None else timestamp(self.started),
            "attempt": self.attempt,
            "progress": round(self.progress, 4),
        }
        if asked.description:
            metadata["description"] = asked.description
        if self.started is not None:
            metadata["stages"] = self._stages()
            metadata["batchEecuUsageSeconds"] = round(self.eecu_seconds, 4)
        if self.ended is not None:
            metadata["endTime"] = timestamp(self.ended)
        if self.state is State.SUCCEEDED:
            metadata["destinationUris"] = list(asked.destination_uris)
        return metadata

    def _stages(self) -> list[dict[str, Any]]:
        written = 1.0 if self.state is State.SUCCEEDED else 0.0
        return [
            {
                "displayName": "Create Local Files",
                "completeWorkUnits": round(self.progress, 4),
                "totalWorkUnits": "1",
                "description": "Computation and writing of temporary files.",
            },
            {
                "displayName": "Write Files to Destination",
                "completeWorkUnits": written,
                "totalWorkUnits": "1",
                "description": "Uploading of files to the export destination.",
            },
        ]


def _distort(answer: dict[str, Any], changes: Mapping[str, Any], dropped: Sequence[str]) -> None:
    """Set fields of an answer and leave some out, each by its dotted path."""
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = answer
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    for path in dropped:
        *parents, last = path.split(".")
        found: Any = answer
        for parent in parents:
            found = found.get(parent, {})
        found.pop(last, None)
