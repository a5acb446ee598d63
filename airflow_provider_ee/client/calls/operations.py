"""Start exactly one operation; get, list, wait for and cancel operations. Flows, which check their arguments first."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.scalars import finite, flag, text, texts
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.operations import cancel, waiting
from airflow_provider_ee.client.operations.listing import each_operation
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.submission import NoRoom, Submission, submit_or_find
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Listing
from airflow_provider_ee.client.rest.request import Request

if TYPE_CHECKING:
    from airflow_provider_ee.client.arguments.types import Flag, Number, Texts

__all__ = [
    "Startable",
    "cancel_operation",
    "cancel_operations",
    "default_description",
    "get_operation",
    "list_operations",
    "start",
    "wait_for_operation",
]

_LOG = logging.getLogger(__name__)

#: Whoever starts operations without Airflow: no operator that cancels what tasks have left behind takes them for its.
_DEPLOYMENT = "without Airflow"


class Startable(Protocol):
    """An export or an import, from arguments that have been checked."""

    def request(self, project: str) -> Request:
        """Return the request that starts it in `projects/my-project`, without a request id."""

    def destination(self) -> dict[str, Any]:
        """Return what names the result."""


def default_description(kind: str) -> str:
    """Return a description that no other operation has, such as `image_to_drive-20260131-120000-1f8a3c`."""
    return f"{kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def start(project: str, call: Startable, *, marked: bool = True) -> Flow[Operation]:
    """Start an operation under a request id of its own, and return it.

    If its answer is lost, it is not started twice: it is looked for by the marker at the end of its description.

    Args:
        project: The project that is billed.
        call: The export or import.
        marked: Whether the description may carry the marker. Without it, AlreadyExists is raised in this case.
    """
    identity = secrets.token_hex(16)
    ticket = Ticket.of(_DEPLOYMENT, dag_id="", run_id=identity, task_id="", map_index=-1, run_start="", demand="")
    path = names.project_path(project)
    submission = Submission(
        request=call.request(path),
        project=path,
        ticket=ticket,
        remember=lambda _: None,
        marked=marked,
        queue_interval=None,
    )
    started = yield from submit_or_find(submission)
    if isinstance(started, NoRoom):
        raise started.full
    return started.operation


def get_operation(project: str, operation_name: str) -> Flow[Operation]:
    """Return an operation as it is now.

    Args:
        project: The project that is billed.
        operation_name: `projects/my-project/operations/ID`, or the id alone.
    """
    return Operation.from_answer((yield methods.operations_get(names.operation_name(operation_name, project))))


def list_operations(project: str) -> Listing[Operation]:
    """List the operations of the project, of all its users, the newest first, page by page."""
    return each_operation(names.project_path(project))


def wait_for_operation(
    project: str,
    operation_name: str,
    *,
    poll_interval: Number = 30.0,
    timeout: Number | None = None,
    max_eecu_seconds: Number | None = None,
    log: Callable[[str], object] | None = None,
) -> Flow[Operation]:
    """Wait until an operation has succeeded, and return it.

    Args:
        project: The project that is billed.
        operation_name: `projects/my-project/operations/ID`, or the id alone.
        poll_interval: Seconds between two requests.
        timeout: Seconds after which to give up. The operation goes on.
        max_eecu_seconds: The computing time at which to give up. The operation goes on.
        log: Called with a line whenever something changed; the lines go to Python's logging if None.

    Raises:
        OperationFailed: It failed, or was cancelled.
        TimedOut: It took longer.
        OverBudget: It has used more computing time.
    """
    seconds = None if timeout is None else finite("timeout", timeout, least=0)
    most = None if max_eecu_seconds is None else finite("max_eecu_seconds", max_eecu_seconds, least=0)
    operation = yield from waiting.wait_for_operation(
        names.operation_name(operation_name, project),
        poll_interval=finite("poll_interval", poll_interval, above=0),
        clock=time.monotonic,
        deadline=None if seconds is None else time.monotonic() + seconds,
        max_eecu_seconds=most,
        report=log or _LOG.info,
        warn=log or _LOG.warning,
    )
    operation.raise_unless_succeeded()
    return operation


def cancel_operation(project: str, operation_name: str) -> Flow[bool]:
    """Ask for an operation to be cancelled, which takes effect a while later; False if it is refused, as it has ended.

    Args:
        project: The project that is billed.
        operation_name: `projects/my-project/operations/ID`, or the id alone.
    """
    return (yield from cancel.cancel_operation(names.operation_name(operation_name, project), _LOG.info))


def cancel_operations(
    project: str,
    operation_names: Texts | None = None,
    *,
    description_prefix: str | None = None,
    states: Texts | None = None,
    dry_run: Flag = False,
) -> Flow[list[Operation]]:
    """Ask for the operations that fit all criteria to be cancelled, and return these as they were before.

    A project's operations are those of all its users. At least one criterion has to be given.

    Args:
        project: The project that is billed.
        operation_names: `projects/my-project/operations/ID` or ids alone.
        description_prefix: What their descriptions begin with; case matters.
        states: `PENDING`, `RUNNING`, or both, which they are in.
        dry_run: Whether to cancel nothing.
    """
    given = [] if operation_names == [] else texts("operation_names", operation_names)
    prefix, chosen = text("description_prefix", description_prefix), texts("states", states)
    if given is None and prefix is None and chosen is None:
        raise InvalidArgument(
            "operation_names",
            "every operation of the project would be cancelled",
            "operation_names, description_prefix or states",
        )
    for state in chosen or ():
        if state not in cancel.STATES:
            raise InvalidArgument("states", f"{shown(state)} cannot be cancelled", " and ".join(cancel.STATES))
    found = yield from cancel.operations_to_cancel(
        names.project_path(project),
        operation_names=given and [names.operation_name(name, project, "operation_names") for name in given],
        description_prefix=prefix,
        states=chosen or cancel.STATES,
    )
    if flag("dry_run", dry_run):
        return found
    cancelled = set()
    for one in found:
        if (yield from cancel.cancel_operation(one.name, _LOG.info)):
            cancelled.add(one.name)
    return [one for one in found if one.name in cancelled]
