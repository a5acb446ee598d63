"""Start an operation and wait for it: written once for every operator that starts one at Earth Engine."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from airflow.sdk import Context

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, CallsEarthEngine
from airflow_provider_ee.client.arguments.scalars import finite, whole
from airflow_provider_ee.client.errors import (
    InvalidArgument,
    NotFound,
    OverBudget,
    PermissionDenied,
    Transient,
    Unauthenticated,
    shown,
)
from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, TaskDeferralTimeout
from airflow_provider_ee.deadlines import TaskClock, backstop, deadline
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink, EarthEngineResultLink, tasks_page
from airflow_provider_ee.operators.base.identity import (
    default_description,
    may_be_mistaken,
    note_of,
    remember,
    start_of_run,
    ticket_of,
    tries_of,
)
from airflow_provider_ee.task_states import ended_by_a_person

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.operations.markers import Note
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.submission import Started, Submission
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineOperationOperator"]

#: https://developers.google.com/earth-engine/guides/usage
_QUEUE_CAPACITY = 3000

#: What of a result the next task takes by `output["uris"]`: to Airflow that is an XCom of its own.
_XCOM_KEYS = ("name", "uri_prefix", "uris", "asset_id", "table")

#: Trouble that passes: with the list ahead of a single operation, with a network, with a key that is being replaced.
_PASSING = (NotFound, Transient, PermissionDenied, Unauthenticated)


class EarthEngineOperationOperator(CallsEarthEngine):
    """Start an operation at Earth Engine, wait until it is done, return what it did.

    A subclass says what to ask for (`request`) and where the result goes (`destination`). What the task returns speaks
    of the operation that did the work. If another request started it than the task asks for now, since a template has
    rendered to something else in a later try, the task goes on with it, warns, and returns `request_changed`; of its
    destination only what was noted when it was started.

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        request_id: Overrides the id by which Earth Engine knows a request that it has seen before.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without
            it a try that was killed between the submission and its answer may lead to a second operation. With it the
            text before the mark has at most 65 characters.
        wait_for_completion: Whether to wait at all, or return as soon as the operation has been started.
        deferrable: Whether to wait without occupying a worker, for the operation and for room in the project's queue.
        poll_interval: Seconds between two looks, and between two submissions while the project's queue is full.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its time is over.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
        max_eecu_seconds: The computing time after which the operation is cancelled and the task fails for good.
        max_pending: How many operations may wait in the project's queue, whoever started them, before this one waits
            for room instead of being submitted. Earth Engine's own limit, 3000, if None.

    Attributes:
        hook: By which all requests of a part of the task are sent, while it runs.
        operation_name: The operation, once it is known.
        destination_known: Where its result goes, as part of what the task returns, once that is known.
    """

    template_fields: Sequence[str] = (*CallsEarthEngine.template_fields, "request_id")
    template_ext: Sequence[str] = (".json",)
    operator_extra_links = (EarthEngineOperationLink(), EarthEngineResultLink())
    #: What the operation is called; what tells DAG, task, map index and run if None.
    description: str | None = None

    hook: EarthEngineHook
    operation_name: str | None = None
    destination_known: Mapping[str, Any] = {}
    _task_instance: Any = None
    _clock: TaskClock | None = None

    def __init__(
        self,
        *,
        request_id: str | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: float = DEFAULT_POLL_INTERVAL,
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        max_pending: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_pending = None if max_pending is None else whole("max_pending", max_pending, 1, _QUEUE_CAPACITY)
        if on_clear not in {"restart", "attach"}:
            raise InvalidArgument("on_clear", f"{shown(on_clear)} is not a known way", "restart or attach")
        self.request_id = request_id
        self.mark_description = mark_description
        self.wait_for_completion = wait_for_completion
        self.deferrable = deferrable
        self.poll_interval = finite("poll_interval", poll_interval, above=0)
        self.cancel_on_kill = cancel_on_kill
        self.on_clear = on_clear
        self.max_eecu_seconds = max_eecu_seconds
        if max_eecu_seconds is not None:
            self.max_eecu_seconds = finite("max_eecu_seconds", max_eecu_seconds, above=0)

    @abstractmethod
    def request(self, project: str, context: Context) -> Request:
        """Build the request that starts the operation, for `projects/my-project`."""

    @abstractmethod
    def destination(self, request: Request) -> dict[str, Any]:
        """Return where the result of a request goes, as part of what the task returns."""

    def already_done(self, client: Client, request: Request) -> dict[str, Any] | None:  # noqa: ARG002 - for subclasses
        """Return what the task returns if there is nothing left to do. Asked before anything is started."""
        return None

    def add_outputs(self, client: Client, result: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """Return what the task returns, with what the operation has written. Asked when it has succeeded."""
        return result

    def summary(self, request: Request, destination: Mapping[str, Any]) -> str:
        """Return what goes where, in a few words for the log."""
        return f"{request.method.id.removeprefix('projects.')} to {_place(destination)}"

    def execute(self, context: Context) -> Any:
        """Start the operation, or find the one that an earlier try started, and wait for it."""
        return self._start_and_wait(context, None)

    def submit_again(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when there is room in the project's queue."""
        from airflow_provider_ee.client.operations.markers import Note
        from airflow_provider_ee.triggers import queue

        event = queue.read_event(event)
        if event["status"] == queue.TIMED_OUT:
            raise AirflowTaskTimeout("The project's queue had no room within the task's execution_timeout.")
        if event["status"] != queue.ROOM:
            raise AirflowException(f"The project's queue could not be watched: {event['message']}")
        return self._start_and_wait(context, note_of(context) or Note.read(event["note"]), is_admitted=True)

    def execute_complete(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when the operation is done, or there is no more waiting for it."""
        from airflow_provider_ee.triggers import operations

        event = operations.read_event(event)
        name = self.operation_name = event["operation_names"][0]
        pass_checkpoint("resuming", name)
        with self._calling(context) as client:
            result = self._kept_result(context, event)
            try:
                operation = self.hook.get_operation(name).operation
            except _PASSING as error:
                if event["status"] == operations.DONE:
                    self.log.warning("Earth Engine cannot be asked how it ended just now, waiting again: %s", error)
                    self._defer(name, context, result)
                trouble = f"{event.get('message')} {error}"
            else:
                if operation.done:
                    return self._complete(client, operation, result)
                if event["status"] == operations.UNREACHABLE:
                    self.log.warning("%s goes on, and can be watched again: waiting again.", name)
                    self._defer(name, context, result)
                trouble = str(event.get("message"))
            if event["status"] == operations.TIMED_OUT:
                raise AirflowTaskTimeout(f"{name} was not done within the task's execution_timeout.")
            if event["status"] == operations.OVER_BUDGET:
                raise OverBudget(event["message"], name=name)
        raise AirflowException(f"{name} goes on, but cannot be watched: {trouble}")

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after a deferral; one that Airflow ended, since no triggerer kept our own deadline, timed out."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            from airflow_provider_ee.triggers import operations

            ti = context["ti"]
            name = ti.xcom_pull(task_ids=ti.task_id, key="operation_name", map_indexes=ti.map_index)
            if name is None:
                raise AirflowTaskTimeout("Nothing was started within the task's execution_timeout.") from None
            return self.execute_complete(context, {"status": operations.TIMED_OUT, "operation_names": [name]})

    def on_kill(self) -> None:
        """If a person ended the task, wait no longer and cancel the operation; not if its worker is merely drained."""
        if not ended_by_a_person(
            self._task_instance,
            success_ends=self.wait_for_completion,  # one that does not wait succeeds by itself, perhaps later
            clear_ends=self.on_clear == "restart",
        ):
            return
        if self._clock:
            self._clock.stop()
        if self.cancel_on_kill:
            self._cancel()

    @contextmanager
    def _calling(self, context: Context) -> Iterator[Client]:
        """Open the hook for a part of the task, explain errors to Airflow, cancel when time or budget are over."""
        self._task_instance, self._clock = context["ti"], TaskClock(self.execution_timeout)
        with explained(), EarthEngineHook.of(self) as self.hook:
            client = self.hook.client()
            client.sleep = self._clock.sleep
            try:
                yield client
            except (AirflowTaskTimeout, OverBudget):
                if self.cancel_on_kill:
                    self._cancel()
                raise

    def _start_and_wait(self, context: Context, refused: Note | None, *, is_admitted: bool = False) -> Any:
        with self._calling(context) as client:
            submission = self._submission(client, context)
            if refused is None and submission.own_note() is None:
                if (there := self.already_done(client, submission.request)) is not None:
                    return there
                if not is_admitted:
                    self._wait_for_room(client, submission.project, context)
                self._introduce(submission)
            started = self._start(client, context, submission, refused)
            operation, result = started.operation, self._result_of(started)
            if not self.wait_for_completion:
                return self._push_keys({**operation.result(), **result})
            if operation.done:
                return self._complete(client, operation, result)
            if self.deferrable:
                self._defer(operation.name, context, result)
            context["ti"].xcom_push(key=EarthEngineOperationLink().xcom_key, value=tasks_page(operation.name))
            return self._complete(client, self._wait(client, operation.name), result)

    def _submission(self, client: Client, context: Context) -> Submission:
        from airflow_provider_ee.client.arguments import names
        from airflow_provider_ee.client.operations.submission import Submission

        project = names.project_path(client.project)
        request = self._described(self.request(project, context), context)
        submission = Submission(
            request=request,
            project=project,
            ticket=ticket_of(context),
            remember=lambda note: remember(context, note.kept()),
            destination=self.destination(request),
            try_number=context["ti"].try_number,
            tries=tries_of(context),
            note=note_of(context),
            request_id=self.request_id and names.request_id(self.request_id),
            marked=self.mark_description,
            queue_interval=None if self.deferrable else self.poll_interval,
            restart_on_clear=self.on_clear == "restart",
            since=start_of_run(context),
            report=self.log.info,
        )
        submission.check()
        return submission

    def _described(self, request: Request, context: Context) -> Request:
        """Return the request with a description that tells whose it is, unless the user gave one."""
        if self.description is not None:
            return request
        from airflow_provider_ee.client.operations.markers import LONGEST_TEXT

        text = default_description(context, LONGEST_TEXT)
        return replace(request, body={**(request.body or {}), "description": text})

    def _introduce(self, submission: Submission) -> None:
        self.log.info(
            "Starting %s, with the connection %s in %s.",
            self.summary(submission.request, submission.destination),
            self.earthengine_conn_id,
            submission.project,
        )
        if may_be_mistaken():
            self.log.warning(
                "Nothing tells this Airflow from another one: if two of them run the same DAGs in one Earth Engine "
                "project, each takes the other's operations for its own. Set [earthengine] deployment_id."
            )

    def _start(self, client: Client, context: Context, submission: Submission, refused: Note | None) -> Started:
        from airflow_provider_ee.client.operations.submission import NoRoom, submit, submit_or_find

        flow = submit(submission, refused) if refused else submit_or_find(submission)
        started = client.run(flow)
        if isinstance(started, NoRoom):
            self.log.info("%s Letting go of the worker until there is room.", started.full.message)
            self._defer_until_room(submission.project, context, started.full.places, started.note.kept())
        operation = started.operation
        self.operation_name = operation.name
        context["ti"].xcom_push(key="operation_name", value=operation.name)
        self.log.info("%s: %s", operation.name, operation)
        if not started.as_asked:
            self.log.warning(
                "The task asks for something else than when %s was started, and goes on with that. Clear the task to "
                "start what it asks for now.",
                operation.name,
            )
        return started

    def _result_of(self, started: Started) -> dict[str, Any]:
        """Return what the task returns besides what the operation tells."""
        self.destination_known = started.destination or {}
        return {**self.destination_known, **({} if started.as_asked else {"request_changed": True})}

    def _kept_result(self, context: Context, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the same again after a deferral."""
        result = event.get("result")
        if result is None:  # Airflow ended the deferral, or a trigger of an earlier release
            note = note_of(context)
            result = note.destination if note and note.operation == self.operation_name else {}
        self.destination_known = {name: value for name, value in result.items() if name != "request_changed"}
        return dict(result)

    def _wait(self, client: Client, name: str) -> Operation:
        from airflow_provider_ee.client.operations.waiting import wait_for_operation

        return client.run(
            wait_for_operation(
                name,
                poll_interval=self.poll_interval,
                clock=time.monotonic,
                max_eecu_seconds=self.max_eecu_seconds,
                report=self.log.info,
            )
        )

    def _defer(self, name: str, context: Context, result: Mapping[str, Any]) -> NoReturn:
        from airflow_provider_ee.triggers import operations

        end = deadline(context["ti"], self.execution_timeout)
        pass_checkpoint("deferring", name)
        self.defer(
            trigger=operations.EarthEngineOperationTrigger(
                name,
                project_id=name.split("/")[1],
                deadline=end.timestamp() if end else None,
                cancel_on_kill=self.cancel_on_kill,
                max_eecu_seconds=self.max_eecu_seconds,
                result=dict(result),
                **self._caller(),
            ),
            method_name="execute_complete",
            timeout=backstop(end),
        )

    def _wait_for_room(self, client: Client, project: str, context: Context) -> None:
        """Wait until fewer than `max_pending` operations are pending in the project."""
        from airflow_provider_ee.client.operations.listing import count_pending
        from airflow_provider_ee.client.operations.waiting import wait_for_room

        if self.max_pending is None:
            return
        if not self.deferrable:
            waiting = wait_for_room(
                project,
                self.max_pending,
                poll_interval=self.poll_interval,
                clock=time.monotonic,
                report=self.log.info,
                warn=self.log.warning,
            )
            client.run(waiting)
        elif client.run(count_pending(project, self.max_pending)) >= self.max_pending:
            self.log.info(
                "%s or more operations are pending: letting go of the worker until there is room.",
                f"{self.max_pending:,}",
            )
            self._defer_until_room(project, context, self.max_pending, {}, insists=False)

    def _defer_until_room(
        self, project: str, context: Context, limit: int, note: Mapping[str, Any], *, insists: bool = True
    ) -> NoReturn:
        from airflow_provider_ee.triggers import queue

        end = deadline(context["ti"], self.execution_timeout)
        self.defer(
            trigger=queue.EarthEngineQueueTrigger(
                project.removeprefix("projects/"),
                limit=limit,
                note=note,
                insists=insists,
                deadline=end.timestamp() if end else None,
                **self._caller(),
            ),
            method_name="submit_again",
            timeout=backstop(end),
        )

    def _caller(self) -> dict[str, Any]:
        """Return what a trigger needs to look for this operator."""
        return {
            "earthengine_conn_id": self.earthengine_conn_id,
            "impersonation_chain": self.impersonation_chain,
            "api_version": self.api_version,
            "poll_interval": self.poll_interval,
        }

    def _complete(self, client: Client, operation: Operation, result: Mapping[str, Any]) -> dict[str, Any]:
        self.log.info("%s: %s", operation.name, operation)
        operation.raise_unless_succeeded()
        pass_checkpoint("finished", operation.name)
        restricted = {"restricted": True} if client.restricted else {}  # the project's quota is used up: all is slower
        whole = self.add_outputs(client, {**operation.result(), **result, **restricted})
        if not whole.get("uris"):  # those are in the log already, file by file
            self.log.info("Written: %s.", _place(whole))
        return self._push_keys(whole)

    def _push_keys(self, result: dict[str, Any]) -> dict[str, Any]:
        for key in _XCOM_KEYS:
            if result.get(key) is not None:
                self._task_instance.xcom_push(key=key, value=result[key])
        return result

    def _cancel(self) -> None:
        """Cancel the operation; trouble with that is logged and not raised, for the task is ending anyway.

        It may be called in the midst of a request, from the handler of a signal: so it opens a hook of its own.
        """
        if self.operation_name is None:
            return
        from airflow_provider_ee.client.operations.cancel import cancel_operation

        self.log.info("Cancelling %s.", self.operation_name)
        try:
            with EarthEngineHook.of(self) as hook:
                hook.client().run(cancel_operation(self.operation_name, self.log.info))
        except Exception:
            self.log.exception("%s could not be cancelled: it goes on at Earth Engine.", self.operation_name)


def _place(destination: Mapping[str, Any]) -> str:
    """Return where a result goes, as a person would say it."""
    for name in ("uri_prefix", "asset_id", "table"):
        if destination.get(name):
            return str(destination[name])
    if destination.get("folder") is not None or destination.get("file_name_prefix"):
        return f"Drive: {'/'.join(filter(None, (destination.get('folder'), destination.get('file_name_prefix'))))}"
    return "an unknown place"
