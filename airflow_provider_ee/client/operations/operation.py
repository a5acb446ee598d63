"""A long-running operation, as much of it as we read. Every field may be missing; the raw answer is kept.

https://developers.google.com/earth-engine/reference/rest/v1/projects.operations
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pendulum

from airflow_provider_ee.client.errors import OperationCancelled, OperationFailed
from airflow_provider_ee.client.rest.error_texts import retry_may_help

__all__ = ["Operation", "current_stage"]

_CANCELLED = 1
_BAR_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Operation:
    """One long-running operation at one moment.

    Attributes:
        name: `projects/my-project/operations/ID`.
        done: Whether it ended, in whatever way. Only this tells: Earth Engine may invent new states.
        state: Earth Engine's word for it, such as `RUNNING`.
        type: What it does, such as `EXPORT_IMAGE`.
        progress: Between 0 and 1.
        attempt: How often Earth Engine has begun the work; it tries up to five times by itself.
        stage: What it is doing just now.
        destination_uris: Pages where a person finds the result; no list of files.
        eecu_seconds: Computing time used so far.
        error_code: The google.rpc code of a failure.
        error: Earth Engine's words about a failure.
        raw: The whole answer.
    """

    name: str
    done: bool = False
    state: str = "STATE_UNSPECIFIED"
    type: str | None = None
    description: str | None = None
    progress: float = 0.0
    attempt: int | None = None
    stage: str | None = None
    destination_uris: tuple[str, ...] = ()
    eecu_seconds: float | None = None
    create_time: str | None = None
    start_time: str | None = None
    update_time: str | None = None
    end_time: str | None = None
    error_code: int | None = None
    error: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Operation:
        """Read Earth Engine's answer, whatever it leaves out or adds."""
        metadata = _mapping(answer.get("metadata"))
        error = answer.get("error")
        problem = _mapping(error)
        return cls(
            name=_text(answer.get("name")) or "",
            done=answer.get("done") is True,
            state=_text(metadata.get("state")) or "STATE_UNSPECIFIED",
            type=_text(metadata.get("type")),
            description=_text(metadata.get("description")),
            progress=min(max(_number(metadata.get("progress")) or 0.0, 0.0), 1.0),
            attempt=_integer(metadata.get("attempt")),
            stage=current_stage(metadata.get("stages")),
            destination_uris=tuple(uri for uri in _list(metadata.get("destinationUris")) if isinstance(uri, str)),
            eecu_seconds=_number(metadata.get("batchEecuUsageSeconds")),
            create_time=_moment(metadata.get("createTime")),
            start_time=_moment(metadata.get("startTime")),
            update_time=_moment(metadata.get("updateTime")),
            end_time=_moment(metadata.get("endTime")),
            error_code=_integer(problem.get("code")) if error is not None else None,
            error=(_text(problem.get("message")) or "no message") if error is not None else None,
            raw=answer,
        )

    @property
    def id(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def project(self) -> str:
        """The project that it belongs to."""
        return self.name.split("/")[1] if self.name.count("/") else ""

    @property
    def cancelled(self) -> bool:
        """Whether it ended because somebody cancelled it."""
        return self.done and (self.error_code == _CANCELLED or self.state == "CANCELLED")

    @property
    def succeeded(self) -> bool:
        """Whether it ended and did what it was asked to."""
        return self.done and self.error is None and self.state not in {"FAILED", "CANCELLED"}

    @property
    def retry_may_help(self) -> bool:
        """Whether the failure is of a kind that a new operation may not meet again."""
        return retry_may_help(self.error, self.error_code)

    @property
    def seconds(self) -> float | None:
        """How long it has existed: from its creation to its end, or to Earth Engine's last word about it, or to now."""
        if self.create_time is None:
            return None
        last = self.end_time or self.update_time
        end = datetime.fromisoformat(last) if last else datetime.now(UTC)
        return (end - datetime.fromisoformat(self.create_time)).total_seconds()

    def raise_unless_succeeded(self) -> None:
        """Turn an unhappy end into its error.

        Raises:
            OperationCancelled: It was cancelled.
            OperationFailed: It failed, in Earth Engine's words.
        """
        known: dict[str, Any] = {"reason": self.state, "name": self.name, "method": self.type}
        if self.cancelled:
            raise OperationCancelled("The operation was cancelled.", **known)
        if not self.succeeded:
            attempts = f" It was tried {self.attempt} times." if self.attempt and self.attempt > 1 else ""
            raise OperationFailed(f"{self.error}{attempts}", retry_may_help=self.retry_may_help, **known)

    def result(self) -> dict[str, Any]:
        """What the next task wants to know, as plain JSON."""
        return {
            "name": self.name,
            "state": self.state,
            "type": self.type,
            "description": self.description,
            "destination_uris": list(self.destination_uris),
            "eecu_seconds": self.eecu_seconds,
            "attempt": self.attempt,
            "create_time": self.create_time,
            "start_time": self.start_time,
            "end_time": self.end_time,
        }

    def __str__(self) -> str:
        """Say how far it is, in one line: `[####      ]  40% RUNNING · Write files · attempt 2 · 9.5 EECU-seconds`."""
        seconds = round(max(self.seconds or 0.0, 0.0))
        facts = [
            self.state,
            self._now(),
            f"attempt {self.attempt}" if self.attempt and self.attempt > 1 else None,
            f"{self.eecu_seconds:,.1f} EECU-seconds" if self.eecu_seconds else None,
            pendulum.duration(seconds=seconds).in_words() if seconds else None,
        ]
        return f"{self._bar()}{' · '.join(fact for fact in facts if fact)}"

    def _now(self) -> str | None:
        """What it is doing just now."""
        if self.done:
            return None
        return "waits in the project's queue" if self.state == "PENDING" else self.stage

    def _bar(self) -> str:
        """Draw the progress: full only when it is done and succeeded, and nothing where it ended otherwise."""
        if self.done:
            return f"[{'#' * _BAR_WIDTH}] 100% " if self.succeeded else ""
        filled = min(int(_BAR_WIDTH * self.progress), _BAR_WIDTH - 1)
        return f"[{'#' * filled}{' ' * (_BAR_WIDTH - filled)}] {min(int(100 * self.progress), 99):3d}% "


def current_stage(stages: Any) -> str | None:
    """Return the first stage that is not complete. Units may be missing, or strings."""
    for stage in _list(stages):
        known = _mapping(stage)
        complete, total = _number(known.get("completeWorkUnits")), _number(known.get("totalWorkUnits"))
        if total is None or (complete or 0.0) < total:
            return _text(known.get("displayName"))
    return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    """Read a number, which JSON from Google may carry as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _integer(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _moment(value: Any) -> str | None:
    """Read a time in RFC 3339; while an operation is pending, its start is given as the year 1970."""
    text = _text(value)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return text if moment and moment.tzinfo and moment.year > 1970 else None
