"""What can go wrong, sorted by what to do about it.

EarthEngineError
├── InvalidArgument      fix the argument; nothing was sent
├── InvalidRequest       fix the request; Earth Engine refused it as it is
├── Unauthenticated      fix the credentials
├── PermissionDenied     ask for the permission that the error names
├── NotFound             fix the name, or wait if it was created a moment ago
├── AlreadyExists        find what exists; never start it again
├── QueueFull            wait for room in the project's task queue, then submit with a new request id
├── QuotaExhausted       wait for the quota to be refilled, or raise it
├── Transient            try again later; `retry_after` says when, if the server did
├── InsecureConnection   trust the server's certificate, or use another address; nothing was sent
├── TimedOut             wait longer, or cancel: what was waited for goes on
├── EmptyResult          check region, dates and filters; what was asked for has no value there
├── OverBudget           allow more computing time, or ask for less: what was waited for goes on
└── OperationFailed      read Earth Engine's own message: the work itself failed
    └── OperationCancelled   it was cancelled
"""

from __future__ import annotations

import re
from typing import Any

__all__ = [
    "AlreadyExists",
    "EarthEngineError",
    "EmptyResult",
    "InsecureConnection",
    "InvalidArgument",
    "InvalidRequest",
    "NotFound",
    "OperationCancelled",
    "OperationFailed",
    "OverBudget",
    "PermissionDenied",
    "QueueFull",
    "QuotaExhausted",
    "TimedOut",
    "Transient",
    "Unauthenticated",
    "shown",
]


#: Statuses of passing trouble by which a server says that it did nothing: 403 (rate limits of old), ABORTED, 429.
_REFUSED_FOR_NOW = frozenset({403, 409, 429})

#: https://developers.google.com/earth-engine/guides/usage
_PLACES_IN_QUEUE = 3000


def shown(value: object, limit: int = 80) -> str:
    """Show a value in an error: its repr, cut to a length that fits a line."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # of anybody's class, and of whole numbers of more than 4,300 digits
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class EarthEngineError(Exception):
    """Anything that went wrong between a caller and Earth Engine.

    Attributes:
        message: Earth Engine's own message, or ours where there was none.
        status: The HTTP status, if there was an answer.
        reason: Google's name for the status or its cause, such as `RESOURCE_EXHAUSTED`.
        method: The REST method that was called, such as `projects.image.export`.
        name: The resource that it was called on.
        hint: What usually helps, where the cause is a known one.
        after_lost_answer: Whether an earlier attempt of the same request may have done its work unseen.
    """

    after_lost_answer: bool = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        reason: str | None = None,
        method: str | None = None,
        name: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.status = status
        self.reason = reason
        self.method = method
        self.name = name
        self.hint = hint

    def __str__(self) -> str:
        call = " ".join(part for part in (self.method, self.name and f"on {self.name}") if part)
        answer = " ".join(str(part) for part in (self.status, self.reason) if part)
        text = f"{call}: {self.message}" if call else self.message
        if answer:
            text += f" [{answer}]"
        return f"{text} {self.hint}" if self.hint else text


class InvalidArgument(EarthEngineError, ValueError):
    """A wrong argument, found before any request was sent."""

    def __init__(self, argument: str, problem: str, allowed: str) -> None:
        super().__init__(f"{argument}: {problem}. Allowed: {allowed}.")
        self.argument = argument
        self.problem = problem
        self.allowed = allowed


class InvalidRequest(EarthEngineError):
    """Earth Engine refused the request as it is; sending it again cannot help."""


class EmptyResult(EarthEngineError):
    """Nothing in a result has a value, and `on_empty` is `fail`."""


class Unauthenticated(EarthEngineError):
    """The credentials are missing, expired, revoked or wrong."""


class PermissionDenied(EarthEngineError):
    """The caller may not do this; the hint names the permission, scope, role or API that is missing."""

    @property
    def may_not_exist(self) -> bool:
        """Whether Earth Engine leaves open that the resource does not exist, as it does in projects of others.

        `Permission 'earthengine.assets.get' denied on resource 'projects/p/assets/a' (or it may not exist).`
        """
        return "or it may not exist" in self.message.lower()


class NotFound(EarthEngineError):
    """Nothing of this name exists, or the caller may not see it."""


class AlreadyExists(EarthEngineError):
    """It exists, or the request id was used: the work was started before."""


class QueueFull(EarthEngineError):
    """The project's queue holds as many tasks as it may."""

    @property
    def places(self) -> int:
        """How many tasks it holds, from `Too many tasks already in the queue (3000)`; else the documented number."""
        number = re.search(r"\((\d+)\)", self.message)
        return int(number[1]) if number else _PLACES_IN_QUEUE


class QuotaExhausted(EarthEngineError):
    """A quota is used up until it is refilled; waiting seconds does not help."""


class Transient(EarthEngineError):
    """Trouble that passes: rate limits, server trouble, broken connections.

    Attributes:
        retry_after: Seconds after which the server wants to be asked again, if it said so.
        sent: Whether any of the request may have reached the server.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, sent: bool = True, **known: Any) -> None:
        super().__init__(message, **known)
        self.retry_after = retry_after
        self.sent = sent

    @property
    def may_have_started(self) -> bool:
        """Whether the request may have begun its work: not if it was not sent, or was refused for its rate."""
        return self.sent and self.status not in _REFUSED_FOR_NOW


class InsecureConnection(EarthEngineError):
    """The server's certificate is not trusted, so that nothing was sent; trying again does not change that."""


class TimedOut(EarthEngineError):
    """A deadline passed while something was waited for; it goes on at Earth Engine."""


class OverBudget(EarthEngineError):
    """An operation has used more computing time than it may; it goes on at Earth Engine unless cancelled."""


class OperationFailed(EarthEngineError):
    """An operation ended in failure.

    Attributes:
        retry_may_help: Whether a new operation may not meet the same failure.
    """

    def __init__(self, message: str, *, retry_may_help: bool = False, **known: Any) -> None:
        super().__init__(message, **known)
        self.retry_may_help = retry_may_help


class OperationCancelled(OperationFailed):
    """An operation was cancelled before it could end."""
