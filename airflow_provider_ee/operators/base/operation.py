"""Submit, and see through: written once for every operator that starts an operation at Earth Engine."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from airflow.sdk import Context

from airflow_provider_ee.client.arguments.scalars import finite
from airflow_provider_ee.client.errors import InvalidArgument, QueueFull, shown
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, conf
from airflow_provider_ee.deadlines import backstop, deadline
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink, tasks_page
from airflow_provider_ee.operators.base.identity import default_description, note_of, remember, ticket_of
from airflow_provider_ee.operators.base.waiting import WaitingOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.operations.markers import Note
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.submission import Submission
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineOperationOperator"]


class EarthEngineOperationOperator(WaitingOperator):
    """Start an operation at Earth Engine, wait until it is done, return what it did.

    A subclass says what to ask for (`request`) and where the result goes (`destination`).

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
    """

    template_fields: Sequence[str] = (*WaitingOperator.template_fields, "request_id")
    template_ext: Sequence[str] = (".json",)
    operator_extra_links = (EarthEngineOperationLink(),)
    #: What the operation is called; what tells DAG, task, map index and run if None.
    description: str | None = None

    def __init__(
        self,
        *,
        request_id: str | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: float = conf.getfloat("earthengine", "poll_interval", fallback=30.0),
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if on_clear not in {"restart", "attach"}:
            raise InvalidArgument("on_clear", f"{shown(on_clear)} is none of the ways", "restart or attach")
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
        self._note: Note | None = None

    @abstractmethod
    def request(self, project: str, context: Context) -> Request:
        """Build the request that starts the operation, for `projects/my-project`."""

    @abstractmethod
    def destination(self) -> dict[str, Any]:
        """Say where the result goes, as part of what the task returns."""

    def already_done(self, client: Client) -> dict[str, Any] | None:  # noqa: ARG002 - for those who look
        """Return what the task returns if there is nothing left to do. Asked before anything is started."""
        return None

    def execute(self, context: Context) -> Any:
        """Start the operation, or find the one that an earlier try started, and see it through."""
        return self._see_through(context, None)

    def submit_again(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when there is room in the project's queue."""
        from airflow_provider_ee.client.operations.markers import Note
        from airflow_provider_ee.triggers import queue

        event = queue.read_event(event)
        if event["status"] == queue.TIMED_OUT:
            raise AirflowTaskTimeout("The project's queue had no room within the task's execution_timeout.")
        if event["status"] != queue.ROOM:
            raise AirflowException(f"The project's queue could not be watched: {event['message']}")
        return self._see_through(context, note_of(context) or Note.read(event["note"]))

    def _see_through(self, context: Context, refused: Note | None) -> Any:
        self._task_instance, self._begun_at = context["ti"], time.monotonic()
        with self._cancelling_at_an_end(), EarthEngineHook.of(self) as hook:
            client = hook.client()
            if refused is None and not self._begun(context) and (there := self.already_done(client)) is not None:
                return there
            operation = self._start(client, context, refused)
            if not self.wait_for_completion:
                return self._result(operation)
            if not operation.done and self.deferrable:
                self._defer(operation.name, context)
            return self._complete(operation if operation.done else self._wait(client, operation))

    @staticmethod
    def _begun(context: Context) -> bool:
        """Whether an earlier try has noted what it was about to start, since the task was last cleared."""
        note = note_of(context)
        return note is not None and note.ticket == ticket_of(context)

    def _start(self, client: Client, context: Context, refused: Note | None) -> Operation:
        from airflow_provider_ee.client.operations.submission import submit, submit_or_find

        submission = self._submission(client, context)
        try:
            flow = submit(submission, refused) if refused else submit_or_find(submission)
            operation = self._run_in_time(client, flow)
        except QueueFull as full:
            self.log.info("%s Letting go of the worker until there is room.", full.message)
            self._defer_until_room(full.places, client.project, context)
        context["ti"].xcom_push(key="operation_name", value=operation.name)
        context["ti"].xcom_push(key=EarthEngineOperationLink().xcom_key, value=tasks_page(operation.name))
        self.log.info("%s: %s", operation.name, operation)
        return operation

    def _submission(self, client: Client, context: Context) -> Submission:
        from airflow_provider_ee.client.arguments import names
        from airflow_provider_ee.client.operations.submission import Submission

        def write_down(note: Note) -> None:
            self._note, self.operation_name = note, note.operation
            remember(context, note.kept())

        project = names.project_path(client.project)
        return Submission(
            request=self._described(self.request(project, context), context),
            project=project,
            ticket=ticket_of(context),
            remember=write_down,
            try_number=context["ti"].try_number,
            note=note_of(context),
            request_id=self.request_id and names.request_id(self.request_id),
            marked=self.mark_description,
            queue_interval=None if self.deferrable else self.poll_interval,
            restart_on_clear=self.on_clear == "restart",
            tell=self.log.info,
        )

    def _described(self, request: Request, context: Context) -> Request:
        """Return the request with a description that tells whose it is, unless the user gave one."""
        if self.description is not None:
            return request
        from airflow_provider_ee.client.operations.markers import LONGEST_TEXT

        return replace(
            request, body={**(request.body or {}), "description": default_description(context, LONGEST_TEXT)}
        )

    def _defer_until_room(self, places: int, project: str, context: Context) -> NoReturn:
        from airflow_provider_ee.triggers import queue

        end = deadline(context["ti"], self.execution_timeout)
        self.defer(
            trigger=queue.EarthEngineQueueTrigger(
                project,
                limit=places,
                note=self._note.kept() if self._note else {},
                deadline=end.timestamp() if end else None,
                **self._looking(),
            ),
            method_name="submit_again",
            timeout=backstop(end),
        )

    def _result(self, operation: Operation) -> dict[str, Any]:
        return {**operation.result(), **self.destination()}
