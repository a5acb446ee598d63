"""Start the work of one task instance exactly once, as a flow.

Earth Engine gives an Operation's description back but not its request id. So every submission carries a marker at the
end of its description, by which a later try finds what an earlier one started; and a request id that changes exactly
when new work is wanted, by which Earth Engine refuses a second start.
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_ee.client import methods
from airflow_provider_ee.client.errors import AlreadyExists, EarthEngineError, NotFound, QueueFull, TimedOut
from airflow_provider_ee.client.flows import Flow, Pause, list_operations
from airflow_provider_ee.client.operations import Operation
from airflow_provider_ee.client.request import Request

__all__ = ["Submission", "Ticket", "cancel_and_wait", "submit_or_find"]

_LOG = logging.getLogger(__name__)

_MARKER = re.compile(r" \[af-([0-9a-f]{16})-(\d+)\]$")

_LONGEST_REQUEST_ID = 60

#: The list of operations may lag behind: how often and how long after one another it is looked at.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which run of which task instance wants work done.

    Attributes:
        key: 16 hexadecimal digits that no other task instance has.
        epoch: How often a person has asked for the task instance to be run anew.
    """

    key: str
    epoch: int

    @property
    def marker(self) -> str:
        """What the description of every operation of this ticket ends with."""
        return f" [af-{self.key}-{self.epoch}]"

    def request_id(self, ended: int) -> str:
        """The request id for new work after so many operations of this ticket ended without success."""
        return f"af-{self.key}-{self.epoch}-{ended}"

    def epoch_of(self, operation: Operation) -> int | None:
        """The epoch in which an operation was started for this task instance; None if it was not."""
        match = _MARKER.search(operation.description or "")
        return int(match[2]) if match and match[1] == self.key else None


@dataclass(frozen=True, slots=True)
class Submission:
    """What to start, and how to tell it from everything else.

    Attributes:
        request: The request, whose body gets the marker and the request id.
        project: Where it runs: `projects/my-project`.
        ticket: For whom it runs.
        try_number: Which try of the task instance this is; before the first, nothing can have been started.
        known: The name of an operation that an earlier try noted down; it saves a listing.
        request_id: Overrides the request id of the ticket.
        marked: Whether the description carries the marker. Without it a later try knows nothing of earlier ones.
        queue_interval: Seconds between two submissions while the project's queue is full.
        restart_on_clear: Whether what an earlier epoch left running is cancelled and replaced, or attached to.
    """

    request: Request
    project: str
    ticket: Ticket
    try_number: int = 1
    known: str | None = None
    request_id: str | None = None
    marked: bool = True
    queue_interval: float = 60.0
    restart_on_clear: bool = True


def submit_or_find(submission: Submission, tell: Callable[[str], object] = _LOG.info) -> Flow[Operation]:
    """Return the operation of a ticket: the one that an earlier try started, else a new one."""
    ticket, ended = submission.ticket, 0
    if not submission.marked:
        ended = submission.try_number - 1
    elif submission.try_number > 1:
        for operation in (yield from _earlier(submission)):
            epoch = ticket.epoch_of(operation)
            if epoch == ticket.epoch and (operation.succeeded or not operation.done):
                tell(f"An earlier try started {operation.name}: going on with it.")
                return operation
            if epoch == ticket.epoch:
                ended += 1
            elif not operation.done and not submission.restart_on_clear:
                tell(f"{operation.name} still runs from before the task was cleared: going on with it.")
                return operation
            elif not operation.done:
                tell(f"{operation.name} still runs from before the task was cleared: cancelling it first.")
                yield from cancel_and_wait(operation.name)
    return (yield from _submit(submission, submission.request_id or ticket.request_id(ended), tell))


def _submit(submission: Submission, request_id: str, tell: Callable[[str], object]) -> Flow[Operation]:
    """Submit as soon as the project's queue has room. A submission that is refused uses its request id up."""
    refusals = 0
    while True:
        suffix = f"-q{refusals}" if refusals else ""
        try:
            answer = yield _marked(submission, request_id[: _LONGEST_REQUEST_ID - len(suffix)] + suffix)
        except QueueFull as error:
            if not refusals:
                tell(f"{error.message} Trying again every {submission.queue_interval:g} s.")
            refusals += 1
            yield Pause(submission.queue_interval)
        except AlreadyExists as error:
            tell(f"The work was started before ({error.message}): looking for it.")
            return (yield from _started_before(submission, error))
        else:
            return Operation.from_answer(answer)


def cancel_and_wait(name: str) -> Flow[Operation | None]:
    """Cancel an operation and return it once it is over; None if Earth Engine no longer knows it.

    Raises:
        TimedOut: It goes on for minutes all the same.
    """
    try:
        yield methods.operations_cancel(name)
    except NotFound:
        return None
    except EarthEngineError:
        # One that is done cannot be cancelled; which error says so is not documented. Looking tells.
        _LOG.debug("Cancelling %s was refused.", name, exc_info=True)
    for _ in range(_LOOKS):
        operation = Operation.from_answer((yield methods.operations_get(name)))
        if operation.done:
            return operation
        yield Pause(_SECONDS_BETWEEN_LOOKS)
    raise TimedOut("It was cancelled but is not over.", name=name)


def _earlier(submission: Submission) -> Flow[list[Operation]]:
    """List the operations of the task instance, of any epoch, newest first."""
    if submission.known:
        try:
            known = Operation.from_answer((yield methods.operations_get(submission.known)))
        except NotFound:
            pass
        else:
            mine = submission.ticket.epoch_of(known) == submission.ticket.epoch
            if mine and (known.succeeded or not known.done):
                return [known]
    everything = yield from list_operations(submission.project)
    return [operation for operation in everything if submission.ticket.epoch_of(operation) is not None]


def _started_before(submission: Submission, error: AlreadyExists) -> Flow[Operation]:
    for _ in range(_LOOKS):
        for operation in (yield from list_operations(submission.project)):
            if submission.ticket.epoch_of(operation) == submission.ticket.epoch:
                return operation
        yield Pause(_SECONDS_BETWEEN_LOOKS)
    error.hint = "No such operation is listed. If an earlier try met a full queue, clear the task to run it anew."
    raise error


def _marked(submission: Submission, request_id: str) -> Request:
    body: Mapping[str, Any] = submission.request.body or {}
    marked = {"description": f"{body.get('description') or ''}{submission.ticket.marker}".strip()}
    own = {"requestId": request_id, **(marked if submission.marked else {})}
    return replace(submission.request, body={**body, **own})
