"""Start the work of one task instance exactly once, as flows.

Earth Engine gives an Operation's description back but not its request id. So every submission carries a marker at the
end of its description, by which a later try finds what an earlier one started; and a request id that changes exactly
when new work is wanted, by which Earth Engine refuses a second start. What a try knows it writes down, before it
submits and after: a note saves a listing, and is never the only truth.
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_ee.client.arguments.descriptions import description, readable
from airflow_provider_ee.client.errors import AlreadyExists, EarthEngineError, NotFound, QueueFull, TimedOut
from airflow_provider_ee.client.operations.checkpoints import step
from airflow_provider_ee.client.operations.listing import list_operations
from airflow_provider_ee.client.operations.markers import LONGEST_ITEM_TEXT, LONGEST_TEXT, Note, Ticket, request_digest
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Submission", "cancel_and_wait", "marked", "submit", "submit_or_find"]

_LOG = logging.getLogger(__name__)

#: Neither the list of operations nor a single one is sure to be up to date: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0

_CANCELLING = "CANCELLING"


@dataclass(frozen=True, slots=True)
class Submission:
    """What to start, and how to tell it from everything else.

    Attributes:
        request: The request, whose body gets the marker and the request id.
        project: Where it runs: `projects/my-project`.
        ticket: For whom it runs.
        remember: Told each note that a later try should find.
        try_number: Which try of the task instance this is; before the first, nothing can have been started.
        note: What an earlier try wrote down.
        request_id: Overrides the request id of the ticket.
        marked: Whether the description carries the marker. Without it a later try knows only what was written down.
        queue_interval: Seconds between two submissions while the project's queue is full; None to give up at once.
        restart_on_clear: Whether what an earlier epoch left running is cancelled and replaced, or attached to.
        tell: Told what a log should say.
    """

    request: Request
    project: str
    ticket: Ticket
    remember: Callable[[Note], object]
    try_number: int = 1
    note: Note | None = None
    request_id: str | None = None
    marked: bool = True
    queue_interval: float | None = 60.0
    restart_on_clear: bool = True
    tell: Callable[[str], object] = _LOG.info

    def own_note(self) -> Note | None:
        """What an earlier try of the same epoch wrote down."""
        return self.note if self.note and self.note.ticket == self.ticket else None

    def fingerprint(self) -> str:
        """Return the digest of what is asked for."""
        return request_digest(self.request)


def submit_or_find(submission: Submission) -> Flow[Operation]:
    """Return the operation of a ticket: the one that an earlier try started, else a new one.

    Raises:
        QueueFull: The project's queue has no room, and the submission is not to wait for it.
    """
    ended, own = 0, submission.own_note()
    spent = 0  # what the note says of operations that ended: Earth Engine may have forgotten them
    for seen in (yield from _earlier(submission)):
        operation = yield from _settled(submission, seen)
        this_epoch = _epoch(submission, operation) == submission.ticket.epoch
        if this_epoch and (operation.succeeded or not operation.done):
            return _attached(submission, operation, f"An earlier try started {operation.name}")
        if this_epoch:
            ended += 1
            spent = own.ended + 1 if own and own.operation == operation.name else spent
        elif not operation.done and not submission.restart_on_clear:
            return _attached(submission, operation, f"{operation.name} still runs from before the task was cleared")
        elif not operation.done:
            submission.tell(f"{operation.name} still runs from before the task was cleared: cancelling it first.")
            yield from cancel_and_wait(operation.name)
    return (yield from submit(submission, _note_for(submission, max(ended, spent))))


def submit(submission: Submission, note: Note) -> Flow[Operation]:
    """Submit under the request id of a note, as soon as the project's queue has room.

    Raises:
        QueueFull: It has none, and the submission is not to wait for it.
    """
    step("noting", note.request_id)
    submission.remember(note)
    step("noted", note.request_id)
    while True:
        step("submitting", note.request_id)
        try:
            answer = yield marked(submission.request, note.request_id, submission.ticket if submission.marked else None)
        except QueueFull as error:
            note = note.refused()
            submission.remember(note)
            if submission.queue_interval is None:
                raise
            if note.refusals == 1:
                submission.tell(f"{error.message} Trying again every {submission.queue_interval:g} s.")
            yield Pause(submission.queue_interval)
        except AlreadyExists as error:
            submission.tell(f"The work was started before ({error.message}): looking for it.")
            return _kept(submission, note, (yield from _started_before(submission, note, error)))
        else:
            return _kept(submission, note, Operation.from_answer(answer))


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
    return (yield from _until_over(name))


def _until_over(name: str) -> Flow[Operation | None]:
    for _ in range(_LOOKS):
        try:
            operation = Operation.from_answer((yield methods.operations_get(name)))
        except NotFound:
            return None
        if operation.done:
            return operation
        yield Pause(_SECONDS_BETWEEN_LOOKS)
    raise TimedOut("It was cancelled but is not over.", name=name)


def _earlier(submission: Submission) -> Flow[list[Operation]]:
    """Return the operations of the task instance, of any epoch, newest first; or the one that counts."""
    noted = yield from _noted(submission)
    if noted and submission.own_note() and (noted.succeeded or not (noted.done or noted.state == _CANCELLING)):
        return [noted]
    listed: list[Operation] = []
    if submission.marked and submission.try_number > 1:
        everything = yield from list_operations(submission.project)
        listed = [operation for operation in everything if _epoch(submission, operation) is not None]
    names = {operation.name for operation in listed}
    return [*([noted] if noted and noted.name not in names else []), *listed]


def _noted(submission: Submission) -> Flow[Operation | None]:
    """Look at the operation that an earlier try wrote down; one of this epoch may be too new to be seen."""
    note = submission.note
    if note is None or note.operation is None or not submission.ticket.same_task(note.ticket):
        return None
    for _ in range(_LOOKS if submission.own_note() else 1):
        try:
            return Operation.from_answer((yield methods.operations_get(note.operation)))
        except NotFound:
            yield Pause(_SECONDS_BETWEEN_LOOKS)
    submission.tell(f"Earth Engine no longer knows {note.operation}, which an earlier try started.")
    return None


def _settled(submission: Submission, operation: Operation) -> Flow[Operation]:
    """Return an operation once it is clear what comes of it: of one that is being cancelled, after its end."""
    if operation.done or operation.state != _CANCELLING:
        return operation
    submission.tell(f"{operation.name} is being cancelled: waiting for its end.")
    return (yield from _until_over(operation.name)) or replace(operation, done=True, state="CANCELLED")


def _epoch(submission: Submission, operation: Operation) -> str | None:
    """The epoch in which an operation was started for this task instance; None if it was not."""
    note = submission.note
    ticket = note.ticket if note and note.operation == operation.name else Ticket.read(operation.description)
    return ticket.epoch if ticket and submission.ticket.same_task(ticket) else None


def _attached(submission: Submission, operation: Operation, why: str) -> Operation:
    submission.tell(f"{why}: going on with it.")
    note = submission.own_note() or _note_for(submission, 0)
    if note.fingerprint != submission.fingerprint():
        _LOG.warning("The task asks for something else than when it started %s; clear it to run anew.", operation.name)
    return _kept(submission, note, operation)


def _note_for(submission: Submission, ended: int) -> Note:
    """Return the note for new work; or again that of a try that did not learn whether its submission arrived."""
    own, fingerprint = submission.own_note(), submission.fingerprint()
    if own and own.ended >= ended:
        return replace(own, operation=None, fingerprint=fingerprint)
    if not submission.marked:
        ended = max(ended, submission.try_number - 1)
    request_id = submission.request_id or submission.ticket.request_id(ended)
    return Note(submission.ticket, request_id, ended, fingerprint=fingerprint)


def _kept(submission: Submission, note: Note, operation: Operation) -> Operation:
    step("submitted", operation.name)
    submission.remember(replace(note, operation=operation.name))
    step("kept", operation.name)
    return operation


def _started_before(submission: Submission, note: Note, error: AlreadyExists) -> Flow[Operation]:
    """Find what a submission started whose answer was lost; the list may lag."""
    for _ in range(_LOOKS if submission.marked else 0):
        everything = yield from list_operations(submission.project)
        own = [one for one in everything if _epoch(submission, one) == submission.ticket.epoch]
        if own and (len(own) > note.ended or own[0].succeeded or not own[0].done):
            return own[0]
        yield Pause(_SECONDS_BETWEEN_LOOKS)
    error.hint = "No such operation is listed. If an earlier try met a full queue, clear the task to run it anew."
    raise error


def marked(request: Request, request_id: str, ticket: Ticket | None) -> Request:
    """Return a request with its id, and with the marker of the ticket at the end of its description.

    The description of an item may be any text, such as its key, and is made readable; any other has to fit.

    Raises:
        InvalidArgument: Earth Engine would refuse the description, or the marker has no room.
    """
    body: Mapping[str, Any] = request.body or {}
    text = body.get("description")
    if ticket and ticket.item:
        text = readable([str(text)], longest=LONGEST_ITEM_TEXT) + ticket.marker_for(request)
    elif ticket:
        text = description(text, longest=LONGEST_TEXT) + ticket.marker_for(request)
    elif text is not None:
        text = description(text)
    return replace(request, body={**body, "requestId": request_id, **({} if text is None else {"description": text})})
