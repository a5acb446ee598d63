"""Wait for operations that something else has started."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import PokeReturnValue

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, arguments
from airflow_provider_ee.compat import AirflowFailException
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink
from airflow_provider_ee.sensors.waiting import WaitingSensor

if TYPE_CHECKING:
    from typing import TypeAlias, Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.waiting import OperationMonitor
    from airflow_provider_ee.triggers.base import WaitingTrigger
    from airflow_provider_ee.typing import SensorArguments, Text

    OperationLike: TypeAlias = str | Mapping[str, Any] | XComArg

__all__ = ["EarthEngineOperationSensor"]

_FAILURES_IN_MESSAGE = 20
_FEW = 5


class EarthEngineOperationSensor(WaitingSensor):
    """Wait until operations are done, and fail if any of them did not succeed.

    Returns what an operator returns of its operation, or a list of that for a list of names.

    Args:
        operation_name: `projects/my-project/operations/ID`, the id alone, what an operator with
            `wait_for_completion=False` has returned, or a list of these.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poll_interval: Seconds between two polls; the configured `[earthengine] poll_interval` if None.
        poke_interval: Airflow's name for `poll_interval`, which counts if both are given.
    """

    template_fields: Sequence[str] = ("operation_name", *WaitingSensor.template_fields)
    operator_extra_links = (EarthEngineOperationLink(),)

    def __init__(
        self,
        *,
        operation_name: OperationLike | Sequence[OperationLike],
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: timedelta | float | None = None,
        poke_interval: timedelta | float | None = None,
        **kwargs: Unpack[SensorArguments],
    ) -> None:
        common = arguments(locals())
        self.operation_name: Any = common.pop("operation_name")
        super().__init__(**common)
        self._monitors: dict[str, OperationMonitor] = {}
        self._counted: tuple[float, str] = (float("-inf"), "")

    def _poll(self, hook: EarthEngineHook) -> PokeReturnValue:
        """Poll a few operations by their names; many with one listing, and by name what that does not show."""
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.operations.listing import find_operations

        client = hook.client()
        names = self._names(client.project)
        found: dict[str, Operation] = {}

        def take(operation: Operation) -> None:
            found[operation.name] = operation

        if len(names) > _FEW:
            client.run(find_operations(project_path(client.project), set(names), take))
        operations = [found.get(name) or hook.get_operation(name).operation for name in names]
        self._log(operations)
        if not all(operation.done for operation in operations):
            return PokeReturnValue(is_done=False)
        return PokeReturnValue(is_done=True, xcom_value=self._results(operations))

    def _trigger(self, project: str, common: Mapping[str, Any]) -> WaitingTrigger:
        from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger

        return EarthEngineOperationTrigger(self._names(project), project_id=project, cancel_on_kill=False, **common)

    def _read_event(self, event: Mapping[str, Any] | None) -> Mapping[str, Any]:
        from airflow_provider_ee.triggers.operations import read_event

        return read_event(event)

    @property
    def _is_one(self) -> bool:
        return isinstance(self.operation_name, (str, Mapping))

    def _names(self, project: str) -> list[str]:
        from airflow_provider_ee.client.arguments.names import operation_name

        given = [self.operation_name] if self._is_one else list(self.operation_name)
        return [operation_name(one.get("name") if isinstance(one, Mapping) else one, project) for one in given]

    def _log(self, operations: Sequence[Operation]) -> None:
        """Log how far each of a few operations is, or the numbers of many, if that is new or was not said for long."""
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES, OperationMonitor

        now = time.monotonic()
        if len(operations) <= _FEW:
            for operation in operations:
                if line := self._monitors.setdefault(operation.name, OperationMonitor()).observe(operation, now):
                    self.log.info("%s %s", operation.id, line)
            return
        numbers = Counter(operation.state for operation in operations)
        line = ", ".join(f"{number:,} {state}" for state, number in numbers.items())
        if line != self._counted[1] or now - self._counted[0] >= SECONDS_BETWEEN_LINES:
            self._counted = (now, line)
            self.log.info("%s operations: %s", f"{len(operations):,}", line)

    def _results(self, operations: Sequence[Operation]) -> Any:
        failures = [operation for operation in operations if not operation.succeeded]
        if failures:
            listed = "; ".join(f"{failure.name}: {failure.error}" for failure in failures[:_FAILURES_IN_MESSAGE])
            raise AirflowFailException(f"{len(failures)} of {len(operations)} operations did not succeed: {listed}")
        results = [operation.result() for operation in operations]
        return results[0] if self._is_one else results
