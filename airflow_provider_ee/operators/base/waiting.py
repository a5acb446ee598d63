"""What an operator does with its operation once that is started: wait, come back, cancel, and say how it ended."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.client.errors import NotFound, OverBudget, Transient
from airflow_provider_ee.client.operations.checkpoints import step
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, TaskDeferralTimeout
from airflow_provider_ee.deadlines import backstop, deadline, in_time
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.task_states import ended_by_a_person

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["WaitingOperator"]


class WaitingOperator(CallsEarthEngine):
    """See an operation through that a subclass has started.

    Attributes:
        operation_name: The operation, once it is known.
    """

    poll_interval: float
    wait_for_completion: bool
    cancel_on_kill: bool
    on_clear: str
    max_eecu_seconds: float | None
    operation_name: str | None = None
    _task_instance: Any = None
    _begun_at: float = 0.0

    @abstractmethod
    def _result(self, operation: Operation) -> dict[str, Any]:
        """Say what the operation did, as plain JSON."""

    def execute_complete(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when the operation is done, or there is no more waiting for it."""
        from airflow_provider_ee.triggers import operations

        event = operations.read_event(event)
        name = self.operation_name = event["operation_names"][0]
        self._task_instance = context["ti"]
        step("resuming", name)
        with self._cancelling_at_an_end(), EarthEngineHook.of(self) as hook:
            try:
                operation = hook.get_operation(name).operation
            except (NotFound, Transient) as error:  # the list may have been ahead of it
                if event["status"] == operations.DONE:
                    self.log.warning("Earth Engine cannot be asked how it ended just now, waiting again: %s", error)
                    self._defer(name, context)
            else:
                if operation.done:
                    return self._complete(operation)
            if event["status"] == operations.TIMED_OUT:
                raise AirflowTaskTimeout(f"{name} was not done within the task's execution_timeout.")
            if event["status"] == operations.OVER_BUDGET:
                raise OverBudget(event["message"], name=name)
        raise AirflowException(f"{name} goes on, but could not be watched: {event['message']}")

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
        """Cancel the operation if a person ended the task, and not if its worker is merely drained."""
        if (
            self.cancel_on_kill
            and self.operation_name
            and ended_by_a_person(
                self._task_instance,
                success_ends=self.wait_for_completion,  # one that does not wait succeeds by itself, perhaps later
                clear_ends=self.on_clear == "restart",
            )
        ):
            self._cancel()

    def _wait(self, client: Client, operation: Operation) -> Operation:
        from airflow_provider_ee.client.operations.waiting import wait_for_operation

        return self._run_in_time(
            client,
            wait_for_operation(
                operation.name,
                poll_interval=self.poll_interval,
                clock=time.monotonic,
                max_eecu_seconds=self.max_eecu_seconds,
                report=self.log.info,
            ),
        )

    def _run_in_time(self, client: Client, flow: Flow[Operation]) -> Operation:
        """Run something that may wait for long, and end it when the task's time is over."""
        return client.run(flow, before_pause=in_time(self._begun_at, self.execution_timeout))

    def _defer(self, name: str, context: Context) -> NoReturn:
        from airflow_provider_ee.triggers import operations

        end = deadline(context["ti"], self.execution_timeout)
        step("deferring", name)
        self.defer(
            trigger=operations.EarthEngineOperationTrigger(
                name,
                project_id=name.split("/")[1],
                deadline=end.timestamp() if end else None,
                cancel_on_kill=self.cancel_on_kill,
                max_eecu_seconds=self.max_eecu_seconds,
                **self._looking(),
            ),
            method_name="execute_complete",
            timeout=backstop(end),
        )

    def _looking(self) -> dict[str, Any]:
        """What a trigger needs to look for this operator."""
        return {
            "earthengine_conn_id": self.earthengine_conn_id,
            "impersonation_chain": self.impersonation_chain,
            "api_version": self.api_version,
            "poll_interval": self.poll_interval,
        }

    def _complete(self, operation: Operation) -> dict[str, Any]:
        self.log.info("%s: %s", operation.name, operation)
        operation.raise_unless_succeeded()
        step("finished", operation.name)
        return self._result(operation)

    @contextmanager
    def _cancelling_at_an_end(self) -> Iterator[None]:
        """Cancel the operation when its time or its budget is over, and explain to Airflow what went wrong."""
        with explained():
            try:
                yield
            except (AirflowTaskTimeout, OverBudget):
                if self.cancel_on_kill:
                    self._cancel()
                raise

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
