"""Wait for operations that something else has started."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk import Context, PokeReturnValue

from airflow_provider_ee.compat import AirflowException, AirflowFailException, AirflowSensorTimeout
from airflow_provider_ee.deadlines import backstop
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink
from airflow_provider_ee.sensors.waiting import WaitingSensor

if TYPE_CHECKING:
    from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["EarthEngineOperationSensor"]

_FAILURES_IN_MESSAGE = 20
_FEW = 5
#: What another task has started a moment ago may be unknown for a while.
_SECONDS_UNTIL_KNOWN = 120.0


class EarthEngineOperationSensor(WaitingSensor):
    """Wait until operations are done, and fail if any of them did not succeed.

    Returns what an operator returns of its operation, or a list of that for a list of names.

    Args:
        operation_name: `projects/my-project/operations/ID`, the id alone, or a list of either.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poke_interval: Seconds between two looks.
    """

    template_fields: Sequence[str] = ("operation_name", *WaitingSensor.template_fields)
    operator_extra_links = (EarthEngineOperationLink(),)

    def __init__(self, *, operation_name: str | Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.operation_name = operation_name

    def poke(self, context: Context) -> PokeReturnValue:
        """Look at every operation once."""
        from airflow_provider_ee.client.errors import NotFound, Transient

        with explained(), EarthEngineHook.of(self) as hook:
            try:
                operations = self._look(hook)
            except Transient as error:
                self.log.warning("Cannot look just now, trying again: %s", error)
                return PokeReturnValue(is_done=False)
            except NotFound as error:
                if time.time() - context["ti"].start_date.timestamp() > _SECONDS_UNTIL_KNOWN:
                    raise
                self.log.warning("Earth Engine may not know it yet, trying again: %s", error)
                return PokeReturnValue(is_done=False)
        for line in _lines(operations):
            self.log.info("%s", line)
        if not all(operation.done for operation in operations):
            return PokeReturnValue(is_done=False)
        return PokeReturnValue(is_done=True, xcom_value=self._results(operations))

    def execute_complete(self, context: Context, event: Mapping[str, Any] | None = None) -> Any:
        """Go on when the trigger has fired."""
        from airflow_provider_ee.triggers.operations import TIMED_OUT, UNREACHABLE, read_event

        event = read_event(event)
        looked = self.poke(context)
        if looked:
            return looked.xcom_value
        if event["status"] == TIMED_OUT:
            raise AirflowSensorTimeout(f"Earth Engine was not done within {self.timeout} seconds.")
        if event["status"] == UNREACHABLE:
            raise AirflowException(f"The operations go on, but could not be watched: {event['message']}")
        return self._defer(context)  # they are done, but Earth Engine cannot be asked how they ended just now

    def _defer(self, context: Context) -> NoReturn:
        from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger

        deadline = self._deadline(context)
        with explained(), EarthEngineHook.of(self) as hook:
            project = hook.client().project
            names = self._names(project)
        self.defer(
            trigger=EarthEngineOperationTrigger(
                names,
                project_id=project,
                earthengine_conn_id=self.earthengine_conn_id,
                impersonation_chain=self.impersonation_chain,
                api_version=self.api_version,
                poll_interval=self.poke_interval,
                deadline=deadline.timestamp(),
                cancel_on_kill=False,
            ),
            method_name="execute_complete",
            timeout=backstop(deadline),
        )

    def _look(self, hook: EarthEngineHook) -> list[Operation]:
        """Look at a few by their names; at many with one listing, and by name at what that does not show."""
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.operations.listing import find_operations

        client = hook.client()
        names = self._names(client.project)
        found: dict[str, Operation] = {}

        def take(operation: Operation) -> None:
            found[operation.name] = operation

        if len(names) > _FEW:
            client.run(find_operations(project_path(client.project), set(names), take))
        return [found.get(name) or hook.get_operation(name) for name in names]

    def _names(self, project: str) -> list[str]:
        from airflow_provider_ee.client.arguments.names import operation_name

        given = [self.operation_name] if isinstance(self.operation_name, str) else list(self.operation_name)
        return [operation_name(name, project) for name in given]

    def _results(self, operations: Sequence[Operation]) -> Any:
        failures = [operation for operation in operations if not operation.succeeded]
        if failures:
            told = "; ".join(f"{failure.name}: {failure.error}" for failure in failures[:_FAILURES_IN_MESSAGE])
            raise AirflowFailException(f"{len(failures)} of {len(operations)} operations did not succeed: {told}")
        results = [operation.result() for operation in operations]
        return results[0] if isinstance(self.operation_name, str) else results


def _lines(operations: Sequence[Operation]) -> Iterator[str]:
    """Say how far operations are: each of a few, the numbers of many."""
    if len(operations) <= _FEW:
        yield from (f"{operation.id} {operation}" for operation in operations)
    else:
        numbers = Counter(operation.state for operation in operations)
        yield f"{len(operations)} operations: {', '.join(f'{number} {state}' for state, number in numbers.items())}"
