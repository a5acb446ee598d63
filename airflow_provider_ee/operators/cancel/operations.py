"""Cancel operations, whoever started them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from airflow_provider_ee.base import arguments
from airflow_provider_ee.client.arguments.scalars import text, texts
from airflow_provider_ee.client.errors import EarthEngineError, InvalidArgument, shown
from airflow_provider_ee.compat import AirflowException
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator, read_guard

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.typing import Flag, OperatorArguments, Text, TextsLike

__all__ = ["EarthEngineCancelOperationsOperator"]

_STATES = ("PENDING", "RUNNING")
_FAILURES_IN_MESSAGE = 20
_AT_ONCE = 32


class EarthEngineCancelOperationsOperator(EarthEngineDirectOperator):
    """Cancel the operations that fit all of the criteria given; at least one has to be.

    A project's operations are those of all its users. They are asked to end, and do so a while later. One that has
    ended meanwhile is no error. See `EarthEngineCancelOrphansOperator` for what tasks of Airflow have left behind.

    Returns a list with `name`, `description`, `state` (before) of each, and whether it was `cancelled`.

    Args:
        operation_names: `projects/my-project/operations/ID` or ids alone: a list, or one text with commas.
        description_prefix: What their descriptions begin with; case matters.
        states: `PENDING`, `RUNNING`, or both, which they are in; by default both, which is no criterion by itself.
        dry_run: Whether to cancel nothing, and only say what would be cancelled.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    operation_names: str | Sequence[str] | None
    description_prefix: str | None
    states: str | Sequence[str] | None
    dry_run: bool | str  # type: ignore[assignment]  # Airflow 3 calls its method of this name nowhere

    def __init__(
        self,
        *,
        operation_names: TextsLike | None = None,
        description_prefix: Text | None = None,
        states: TextsLike | None = None,
        dry_run: Flag = False,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, _: Context) -> list[dict[str, Any]]:
        """Find them and cancel them."""
        from airflow_provider_ee.client.arguments.names import operation_name, project_path
        from airflow_provider_ee.client.http.concurrency import run_concurrently
        from airflow_provider_ee.client.operations.cancel import cancel_operation, operations_to_cancel

        dry_run = read_guard("dry_run", self.dry_run)
        names, prefix, states = self._criteria()
        client = hook.client()
        found = client.run(
            operations_to_cancel(
                project_path(client.project),
                operation_names=names and [operation_name(name, client.project, "operation_names") for name in names],
                description_prefix=prefix,
                states=states,
            )
        )
        for operation in found:
            self.log.info("%s %s: %s", "Would cancel" if dry_run else "Cancelling", operation.name, operation)
        flows = ((one.name, cancel_operation(one.name, self.log.info)) for one in found if not dry_run)
        outcomes = dict(run_concurrently(client, flows, _AT_ONCE))
        failures = {name: error for name, error in outcomes.items() if isinstance(error, EarthEngineError)}
        if failures:
            told = "; ".join(f"{name}: {error}" for name, error in list(failures.items())[:_FAILURES_IN_MESSAGE])
            raise AirflowException(f"{len(failures)} of {len(found)} operations could not be cancelled: {told}")
        return [
            {
                "name": one.name,
                "description": one.description,
                "state": one.state,
                "cancelled": outcomes.get(one.name, False),
            }
            for one in found
        ]

    def _criteria(self) -> tuple[list[str] | None, str | None, list[str]]:
        names = [] if self.operation_names == [] else texts("operation_names", self.operation_names)
        prefix = text("description_prefix", self.description_prefix)
        states = texts("states", self.states)
        if names is None and prefix is None and states is None:
            raise InvalidArgument(
                "operation_names",
                "every operation of the project would be cancelled",
                "operation_names, description_prefix or states",
            )
        for state in states or ():
            if state not in _STATES:
                raise InvalidArgument("states", f"{shown(state)} cannot be cancelled", " and ".join(_STATES))
        return names, prefix, states or list(_STATES)
