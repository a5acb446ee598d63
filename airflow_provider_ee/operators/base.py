"""Submit, wait, complete: written once for every operator that starts an operation at Earth Engine."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import pendulum
from airflow.sdk import BaseOperator, Context

from airflow_provider_ee import task_states
from airflow_provider_ee.client.checks import finite
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, conf
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink, tasks_page
from airflow_provider_ee.operators.submission import known_operation, note_operation, ticket_of
from airflow_provider_ee.triggers.operations import TIMED_OUT, EarthEngineOperationTrigger, checked

if TYPE_CHECKING:
    from airflow_provider_ee.client.clients import Client
    from airflow_provider_ee.client.operations import Operation
    from airflow_provider_ee.client.request import Request

__all__ = ["EarthEngineOperationOperator"]

#: How long after our own deadline, which the trigger keeps, Airflow ends the wait: a triggerer may be away.
_GRACE = timedelta(minutes=10)


class EarthEngineOperationOperator(BaseOperator):
    """Start an operation at Earth Engine, wait until it is done, return what it did.

    A subclass says what to ask for (`request`) and where the result goes (`destination`).

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        request_id: Overrides the id by which Earth Engine knows a request that it has seen before.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without
            it a try that was killed between the submission and its answer may lead to a second operation.
        wait_for_completion: Whether to wait at all, or return as soon as the operation has been started.
        deferrable: Whether to wait without occupying a worker.
        poll_interval: Seconds between two looks, and between two submissions while the project's queue is full.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its time is over.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
    """

    template_fields: Sequence[str] = ("project_id", "request_id")
    template_ext: Sequence[str] = (".json",)
    operator_extra_links = (EarthEngineOperationLink(),)
    ui_color = "#e8f1ea"

    def __init__(
        self,
        *,
        project_id: str | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        request_id: str | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: float = conf.getfloat("earthengine", "poll_interval", fallback=30.0),
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if on_clear not in {"restart", "attach"}:
            raise InvalidArgument("on_clear", f"{shown(on_clear)} is none of the ways", "restart or attach")
        self.project_id = project_id
        self.earthengine_conn_id = earthengine_conn_id
        self.impersonation_chain = impersonation_chain
        self.api_version = api_version
        self.request_id = request_id
        self.mark_description = mark_description
        self.wait_for_completion = wait_for_completion
        self.deferrable = deferrable
        self.poll_interval = finite("poll_interval", poll_interval, above=0)
        self.cancel_on_kill = cancel_on_kill
        self.on_clear = on_clear
        self.operation_name: str | None = None
        self._task_instance: Any = None

    @abstractmethod
    def request(self, project: str) -> Request:
        """Build the request that starts the operation, for `projects/my-project`."""

    @abstractmethod
    def destination(self) -> dict[str, Any]:
        """Say where the result goes, as part of what the task returns."""

    def execute(self, context: Context) -> Any:
        """Start the operation, or find the one that an earlier try started, and see it through."""
        self._task_instance = context["ti"]
        try:
            with explained(), EarthEngineHook.of(self) as hook:
                client = hook.client()
                operation = self._start(client, context)
                if not self.wait_for_completion:
                    return self._result(operation)
                if not operation.done and self.deferrable:
                    self._defer(operation, context)
                return self._complete(operation if operation.done else self._wait(client, operation))
        except AirflowTaskTimeout:
            if self.cancel_on_kill:
                self._cancel()
            raise

    def execute_complete(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when the trigger has fired."""
        self._task_instance = context["ti"]
        event = checked(event)
        self.operation_name = event["operation_names"][0]
        with explained(), EarthEngineHook.of(self) as hook:
            operation = hook.get_operation(self.operation_name)
            if operation.done:
                return self._complete(operation)
        if event["status"] != TIMED_OUT:
            raise AirflowException(f"{self.operation_name} goes on, but could not be watched: {event['message']}")
        if self.cancel_on_kill:
            self._cancel()
        raise AirflowTaskTimeout(f"{self.operation_name} was not done within the task's execution_timeout.")

    def on_kill(self) -> None:
        """Cancel the operation if a person ended the task, and not if its worker is merely drained."""
        if self.cancel_on_kill and self.operation_name and self._ended_by_a_person():
            self._cancel()

    def _start(self, client: Client, context: Context) -> Operation:
        from airflow_provider_ee.client import names
        from airflow_provider_ee.client.submission import Submission, submit_or_find

        project = names.project_path(client.project)
        submission = Submission(
            request=self.request(project),
            project=project,
            ticket=ticket_of(context),
            try_number=context["ti"].try_number,
            known=known_operation(context),
            request_id=self.request_id and names.request_id(self.request_id),
            marked=self.mark_description,
            queue_interval=self.poll_interval,
            restart_on_clear=self.on_clear == "restart",
        )
        operation = client.run(submit_or_find(submission, tell=self.log.info))
        self.operation_name = operation.name
        note_operation(context, operation.name)
        context["ti"].xcom_push(key="operation_name", value=operation.name)
        context["ti"].xcom_push(key=EarthEngineOperationLink().xcom_key, value=tasks_page(operation.name))
        self.log.info("%s: %s", operation.name, operation)
        return operation

    def _wait(self, client: Client, operation: Operation) -> Operation:
        from airflow_provider_ee.client.flows import wait_for_operation

        return client.run(
            wait_for_operation(
                operation.name, poll_interval=self.poll_interval, clock=time.monotonic, tell=self.log.info
            )
        )

    def _defer(self, operation: Operation, context: Context) -> NoReturn:
        deadline = self.execution_timeout and context["ti"].start_date + self.execution_timeout
        self.defer(
            trigger=EarthEngineOperationTrigger(
                operation.name,
                project_id=operation.project,
                earthengine_conn_id=self.earthengine_conn_id,
                impersonation_chain=self.impersonation_chain,
                api_version=self.api_version,
                poll_interval=self.poll_interval,
                deadline=deadline.timestamp() if deadline else None,
                cancel_on_kill=self.cancel_on_kill,
            ),
            method_name="execute_complete",
            timeout=deadline - pendulum.now("UTC") + _GRACE if deadline else None,
        )

    def _complete(self, operation: Operation) -> dict[str, Any]:
        self.log.info("%s: %s", operation.name, operation)
        operation.raise_unless_succeeded()
        return self._result(operation)

    def _result(self, operation: Operation) -> dict[str, Any]:
        return {**operation.result(), **self.destination()}

    def _cancel(self) -> None:
        """Cancel the operation; trouble with that is said and not raised, for the task is ending anyway."""
        if self.operation_name is None:
            return
        self.log.info("Cancelling %s.", self.operation_name)
        try:
            with EarthEngineHook.of(self) as hook:
                hook.cancel_operation(self.operation_name)
        except Exception:
            self.log.exception("%s could not be cancelled: it goes on at Earth Engine.", self.operation_name)

    def _ended_by_a_person(self) -> bool:
        from airflow.sdk.execution_time import task_runner

        try:
            answer = task_runner.SUPERVISOR_COMMS.send(task_states.question(self._task_instance))
        except Exception:
            self.log.exception("Airflow does not say why the task is to stop: %s goes on.", self.operation_name)
            return False
        return task_states.state(self._task_instance, answer) not in {None, "running"}
