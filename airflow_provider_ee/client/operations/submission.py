"""Start the work of one task instance exactly once, as flows.

Earth Engine gives an operation's description back but not its request id. So every submission carries a marker at the
end of its description, by which a later try finds what an earlier one started; and a request id that changes exactly
when new work is wanted, by which Earth Engine refuses a second start. What a try knows it writes down, before it
submits and after: a note saves a listing, and is never the only truth.
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.client.arguments.descriptions import description, readable
from airflow_provider_ee.client.arguments.names import is_operation_name
from airflow_provider_ee.client.errors import (
    AlreadyExists,
    EarthEngineError,
    InvalidRequest,
    NotFound,
    QueueFull,
    TimedOut,
    Transient,
)
from airflow_provider_ee.client.operations.cancel import cancel_and_wait
from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint
from airflow_provider_ee.client.operations.listing import each_operation
from airflow_provider_ee.client.operations.looks import LOOKS, between_looks, fetch_operation, wait_for_the_end
from airflow_provider_ee.client.operations.markers import (
    LONGEST_ITEM_TEXT,
    LONGEST_TEXT,
    Note,
    Ticket,
    digest_in,
    request_digest,
)
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.traces import imported_asset, is_import_of, names_import_of
from airflow_provider_ee.client.rest.flows import Flow, Pause, next_items
from airflow_provider_ee.client.rest.request import Request

__all__ = ["NoRoom", "Started", "Submission", "marked", "submit", "submit_or_find"]

_LOG = logging.getLogger(__name__)

#: How often a submission is repeated whose answer names no operation.
_REPEATS = 3

#: How often to look, for ten minutes, before a request id is given up that either a full queue has used up, or a
#: submission of which nothing is known. This is the one place where more than one operation depends on time.
_LOOKS_AFTER_A_FULL_QUEUE = 60

_CANCELLING = "CANCELLING"

_TO_START_ANEW = "Clear the task to start it anew."
_UNMARKED = (
    "Without a mark in its description nothing tells the operation from others: look among the project's tasks. "
    + _TO_START_ANEW
)
_UNLISTED = f"Another try looks again. If it was the project's full queue that used the request id up: {_TO_START_ANEW}"


@dataclass(frozen=True, slots=True)
class Submission:
    """What to start, and how to tell it from everything else.

    Attributes:
        request: The request, whose body gets the marker and the request id.
        project: Where it runs: `projects/my-project`.
        ticket: For whom it runs.
        remember: Called with each note that a later try should find.
        destination: Where the result goes, as part of what the task returns.
        try_number: Which try of the task instance this is; before the first, nothing can have been started.
        tries: How many tries there have been since a person cleared it, with this one.
        note: What an earlier try wrote down.
        request_id: Overrides the request id of the ticket.
        marked: Whether the description carries the marker. Without it a later try knows only what was written down.
        queue_interval: Seconds between two submissions while the project's queue is full; None to give up at once.
        restart_on_clear: Whether what an earlier epoch left running is cancelled and replaced, or attached to.
        since: When the run began, in seconds since 1970: no import is older that was started for it.
        report: Called with what a log should say.
    """

    request: Request
    project: str
    ticket: Ticket
    remember: Callable[[Note], object]
    destination: Mapping[str, Any] = field(default_factory=dict)
    try_number: int = 1
    tries: int = 1
    note: Note | None = None
    request_id: str | None = None
    marked: bool = True
    queue_interval: float | None = 60.0
    restart_on_clear: bool = True
    since: float = 0.0
    report: Callable[[str], object] = _LOG.info

    def own_note(self) -> Note | None:
        """Return what an earlier try of the same epoch wrote down."""
        return self.note if self.note and self.note.ticket == self.ticket else None

    def check(self) -> None:
        """Check what Earth Engine would refuse.

        Raises:
            InvalidArgument: The description has other characters, or more, than it may have.
        """
        marked(self.request, "", self.ticket if self.marked else None)

    def fingerprint(self) -> str:
        """Return the digest of what is asked for."""
        return request_digest(self.request)


@dataclass(frozen=True, slots=True)
class Started:
    """The operation that does the work.

    Attributes:
        operation: The operation.
        destination: Where its result goes, as part of what the task returns; None if nobody knows.
        as_asked: Whether it was started by the request that is asked for now.
    """

    operation: Operation
    destination: Mapping[str, Any] | None
    as_asked: bool = True


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The project's queue has no room.

    Attributes:
        note: By which to submit when there is some.
        full: What Earth Engine said.
    """

    note: Note
    full: QueueFull


def submit_or_find(submission: Submission) -> Flow[Started | NoRoom]:
    """Return the operation of a ticket: the one that an earlier try started, else a new one."""
    ended, own = 0, submission.own_note()
    spent = 0  # what the note says of operations that ended: Earth Engine may have forgotten them
    for seen in (yield from _earlier(submission)):
        operation = yield from _settled(submission, seen)
        ticket = _ticket(submission, operation)
        if ticket == submission.ticket:
            if not _in_vain(operation):
                return _attached(submission, operation, f"An earlier try started {operation.name}")
            ended += 1
            spent = own.ended + 1 if own and own.operation == operation.name else spent
        elif not operation.done and not submission.restart_on_clear and submission.ticket.same_run(ticket):
            return _attached(submission, operation, f"{operation.name} still runs from before the task was cleared")
        elif not operation.done:
            submission.report(f"{operation.name} still runs from before the task was cleared: cancelling it first.")
            yield from cancel_and_wait(operation.name, submission.report)
    note = _note_for(submission, max(ended, spent))
    uncertain = own.request_id == note.request_id if own else submission.tries > 1
    return (yield from _submit(_Attempt(submission, note, uncertain=uncertain and not note.refused)))


def submit(submission: Submission, note: Note) -> Flow[Started | NoRoom]:
    """Submit under the request id of a note that a full queue has refused, as soon as there is room."""
    return _submit(_Attempt(submission, note, uncertain=not note.refused))


def _submit(attempt: _Attempt) -> Flow[Started | NoRoom]:
    submission = attempt.submission
    pass_checkpoint("noting", attempt.note.request_id)
    while True:
        attempt.begin()
        try:
            answer = yield marked(
                submission.request, attempt.note.request_id, submission.ticket if submission.marked else None
            )
        except QueueFull as full:
            no_room = attempt.turned_away(full)
            if submission.queue_interval is None:
                return no_room
            yield Pause(submission.queue_interval)
            continue
        except EarthEngineError as error:
            operation = yield from attempt.refused(error)
        else:
            operation = yield from attempt.answered(Operation.from_answer(answer))
        if operation:
            return _kept(submission, attempt.note, operation)


class _Attempt:
    """What is known of the submissions under one request id.

    Args:
        submission: What is submitted.
        note: The note of the next submission.
        uncertain: Whether an earlier try may have started something under the request id.
    """

    def __init__(self, submission: Submission, note: Note, *, uncertain: bool) -> None:
        self.submission = submission
        self.note = note
        self._uncertain = uncertain
        #: Whether a full queue refused every submission under the request id, and there was one.
        self._refused = note.refused
        #: Whether this try has lost an answer to a submission under the request id.
        self._lost = False
        self._unnamed = 0

    def begin(self) -> None:
        """Write down that something may be started from now on."""
        self.note = replace(self.note, refused=False)
        self.submission.remember(self.note)
        pass_checkpoint("noted", self.note.request_id)
        pass_checkpoint("submitting", self.note.request_id)

    def turned_away(self, full: QueueFull) -> NoRoom:
        """Take note of a full queue's refusal."""
        submission = self.submission
        self._lost |= full.after_lost_answer
        self._refused = not self._lost and not self._uncertain
        self.note = replace(self.note, refused=self._refused, refusals=self.note.refusals + 1)
        if self._refused and self.note.used_up:  # so it was before: each refusal uses an id up
            self._take_next_id()
        submission.remember(self.note)
        if self.note.refusals == 1 and submission.queue_interval is not None:
            submission.report(f"{full.message} Trying again every {submission.queue_interval:g} s.")
        return NoRoom(self.note, full)

    def answered(self, operation: Operation) -> Flow[Operation | None]:
        """Return the operation of an answer; None to submit again, if the answer names none."""
        if is_operation_name(operation.name):
            return operation
        self._lost, self._unnamed = True, self._unnamed + 1
        if found := (yield from self._find(looks=1)):
            return found
        if self._unnamed > _REPEATS:
            raise Transient("The answers name no operation.", method=self.submission.request.method.id)
        yield between_looks()
        return None

    def refused(self, error: EarthEngineError) -> Flow[Operation | None]:
        """Return the operation that was started all the same; None to submit again."""
        self._lost |= error.after_lost_answer or (isinstance(error, Transient) and error.may_have_started)
        # After a full queue's refusal any other one may be about the request id, which that has used up.
        duplicate = isinstance(error, AlreadyExists) or (self._refused and isinstance(error, InvalidRequest))
        if not (duplicate or self._lost or self._uncertain):
            raise error
        if duplicate:
            self.submission.report(f"The work was started before ({error.message}): looking for it.")
        found = yield from self._find(self._looks_worth(error))
        if found and (self._lost or not _in_vain(found)):
            return found
        if found and duplicate:  # an earlier try started it, and it has ended without success since
            self.note = _new_note(self.submission, self.note.ended + 1)
            self._refused = self._uncertain = False
            return None
        if duplicate and self.note.refusals and (self.submission.marked or not (self._lost or self._uncertain)):
            self._take_next_id()
            return None
        if duplicate and self.submission.marked:
            raise TimedOut(f"{error.message} But no such operation is listed.", method=error.method, hint=_UNLISTED)
        if duplicate:
            error.hint = _UNMARKED
            raise error
        if not isinstance(error, Transient):
            message = f"{error.message} But an answer was lost before: the work may have been started."
            raise Transient(message, status=error.status, reason=error.reason, method=error.method, name=error.name)
        raise error

    def _looks_worth(self, error: EarthEngineError) -> int:
        if isinstance(error, Transient):  # another try looks again
            return 1
        if self._refused and not self._lost:  # only a try that Airflow takes for dead can have started it meanwhile
            return 2
        return _LOOKS_AFTER_A_FULL_QUEUE if self.note.refusals else LOOKS

    def _take_next_id(self) -> None:
        self.note, self._refused, self._uncertain = self.note.with_next_id(), False, False

    def _find(self, looks: int) -> Flow[Operation | None]:
        """Find what was started for the ticket; the list may lag, or be out of reach."""
        submission = self.submission
        if not submission.marked and imported_asset(submission.request) is None:
            return None
        for look in range(looks):
            if look:
                yield between_looks()
            try:
                operations = yield from _of_task(submission)
                own = [one for one in operations if _ticket(submission, one) == submission.ticket]
                imports = [] if own else (yield from _imports(submission))
            except EarthEngineError as error:
                _LOG.debug("The list of operations is out of reach.", exc_info=error)
                continue
            candidates = [one for one in own if not _in_vain(one)] or own or imports
            if candidates and (not _in_vain(candidates[0]) or len(own or imports) > self.note.ended):
                return candidates[0]
        return None


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


def _earlier(submission: Submission) -> Flow[list[Operation]]:
    """Return the operations of the task instance, of any epoch, newest first; or the one that counts."""
    noted, own = (yield from _noted(submission)), submission.own_note()
    if noted and own and (noted.succeeded or not (noted.done or noted.state == _CANCELLING)):
        return [noted]
    listed: list[Operation] = []
    if submission.marked and submission.try_number > 1:
        listed = yield from _of_task(submission)
    if own and own.operation and not noted and own.operation not in {operation.name for operation in listed}:
        raise TimedOut(
            "Earth Engine does not know this operation, which an earlier try started.",
            name=own.operation,
            hint=f"It forgets operations after about ten days. {_TO_START_ANEW}",
        )
    names = {operation.name for operation in listed}
    return [*([noted] if noted and noted.name not in names else []), *listed]


def _noted(submission: Submission) -> Flow[Operation | None]:
    """Look at the operation that an earlier try wrote down; one of this epoch may be too new to be seen."""
    note = submission.note
    if note is None or note.operation is None or not submission.ticket.same_task(note.ticket):
        return None
    for look in range(LOOKS if submission.own_note() else 1):
        if look:
            yield between_looks()
        try:
            return (yield from fetch_operation(note.operation))
        except NotFound:
            continue
    return None


def _of_task(submission: Submission) -> Flow[list[Operation]]:
    """Return the listed operations of the task instance, of any epoch, newest first."""
    listing, found = each_operation(submission.project), []
    while (operations := (yield from next_items(listing))) is not None:
        found += [one for one in operations if is_operation_name(one.name) and _ticket(submission, one)]
    return found


def _imports(submission: Submission) -> Flow[list[Operation]]:
    """Return the listed operations that may be the import that is asked for and carry no mark of anybody."""
    asset = imported_asset(submission.request)
    if asset is None:
        return []
    listing, found = each_operation(submission.project), []
    while (operations := (yield from next_items(listing))) is not None:
        found += [
            one for one in operations if is_operation_name(one.name) and is_import_of(one, asset, submission.since)
        ]
    return found


def _settled(submission: Submission, operation: Operation) -> Flow[Operation]:
    """Return an operation once it is clear what comes of it: of one that is being cancelled, after its end."""
    if operation.done or operation.state != _CANCELLING:
        return operation
    submission.report(f"{operation.name} is being cancelled: waiting for its end.")
    return (yield from wait_for_the_end(operation.name)) or replace(operation, done=True, state="CANCELLED")


def _in_vain(operation: Operation) -> bool:
    return operation.done and not operation.succeeded


def _ticket(submission: Submission, operation: Operation) -> Ticket | None:
    """Return the ticket in whose name an operation was started for this task instance; None if it was not."""
    note = submission.note
    ticket = note.ticket if note and note.operation == operation.name else Ticket.read(operation.description)
    return ticket if ticket and submission.ticket.same_task(ticket) else None


def _attached(submission: Submission, operation: Operation, why: str) -> Started:
    submission.report(f"{why}: going on with it.")
    return _kept(submission, submission.own_note() or _new_note(submission, 0), operation)


def _note_for(submission: Submission, ended: int) -> Note:
    """Return the note for new work; or again that of a try that did not learn whether its submission arrived."""
    own = submission.own_note()
    return replace(own, operation=None) if own and own.ended >= ended else _new_note(submission, ended)


def _new_note(submission: Submission, ended: int) -> Note:
    if not submission.marked:
        ended = max(ended, submission.try_number - 1)
    request_id = submission.request_id or submission.ticket.request_id(ended)
    return Note(
        submission.ticket,
        request_id,
        ended,
        fingerprint=submission.fingerprint(),
        destination=submission.destination,
    )


def _kept(submission: Submission, note: Note, operation: Operation) -> Started:
    pass_checkpoint("submitted", operation.name)
    started = _recognised(submission, note, operation)
    fingerprint = submission.fingerprint() if started.as_asked else digest_in(operation.description) or ""
    submission.remember(
        replace(note, operation=operation.name, fingerprint=fingerprint, destination=started.destination or {})
    )
    pass_checkpoint("kept", operation.name)
    return started


def _recognised(submission: Submission, note: Note, operation: Operation) -> Started:
    """Say where the result of an operation goes, which another request may have started than the present one."""
    now, then = submission.fingerprint(), digest_in(operation.description)
    if note.operation == operation.name or (then is None and note.fingerprint == now):
        then = note.fingerprint
    asset = imported_asset(submission.request)
    if then == now or (then is None and asset and names_import_of(operation, asset)):
        return Started(operation, submission.destination)
    destination = note.destination if then == note.fingerprint else None
    return Started(operation, destination or None, as_asked=False)
