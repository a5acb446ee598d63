"""Look after operations that other tasks have started."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pendulum
from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.client.arguments.scalars import is_list
from airflow_provider_ee.client.errors import EarthEngineError, InvalidArgument, shown
from airflow_provider_ee.compat import AirflowException, AirflowFailException
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.identity import deployment, may_be_mistaken
from airflow_provider_ee.task_states import (
    FINISHED,
    TaskInstance,
    answered,
    instances,
    question,
    question_about_dag,
    state,
)

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.typing import Flag, OperatorArguments, Text, TextsLike

__all__ = ["GONE", "EarthEngineCancelOrphansOperator"]

#: The state of a task instance that Airflow no longer has.
GONE = "gone"

_ENDS = FINISHED | {GONE}
_FAILURES_IN_MESSAGE = 20


@dataclass(frozen=True, slots=True)
class _Orphan:
    """An operation whose task has ended without it.

    Attributes:
        operation: The operation.
        dag_id: The DAG whose task started it.
        owner: The task instance, if Airflow still has it.
        task_state: The state of that.
    """

    operation: Operation
    dag_id: str
    owner: TaskInstance | None
    task_state: str

    def __str__(self) -> str:
        """Say whose it was."""
        if self.owner is None:
            return f"its task instance of {self.dag_id} is {self.task_state}"
        index = f"[{self.owner.map_index}]" if self.owner.map_index >= 0 else ""
        return f"{self.owner.task_id}{index} of {self.dag_id}, run {self.owner.run_id}, is {self.task_state}"

    def result(self, *, cancelled: bool) -> dict[str, Any]:
        """What a person or the next task wants to know, as plain JSON."""
        return {
            "name": self.operation.name,
            "description": self.operation.description,
            "state": self.operation.state,
            "create_time": self.operation.create_time,
            "dag_id": self.dag_id,
            "run_id": self.owner and self.owner.run_id,
            "task_id": self.owner and self.owner.task_id,
            "map_index": self.owner and self.owner.map_index,
            "task_state": self.task_state,
            "cancelled": cancelled,
        }


class EarthEngineCancelOrphansOperator(CallsEarthEngine):
    """Cancel the operations that tasks of this Airflow have left behind, or only say which they are.

    A task that a person ends takes its operation with it, but not while the triggerer is down, and not when its DAG is
    deleted: then the operation works on, and costs, for no task. This finds it among the project's operations by the
    mark at the end of its description, and asks Airflow what became of its task. Operations without a mark
    (`mark_description=False` among them), of other Airflows, of other DAGs and of tasks that are still at work are left
    alone. The mark does not tell whether a task was given `cancel_on_kill=False`: its operation is an orphan too.

    Returns a list of orphans, each with `name`, `description`, `state`, `create_time`, `dag_id`, `run_id`, `task_id`,
    `map_index`, `task_state` and whether it was `cancelled`. Of a task that is `gone`, only the DAG may be known.

    Args:
        dag_ids: Whose orphans: one DAG or several, by default the DAG that this task stands in. Airflow does not tell a
            task which DAGs there are. One that was deleted may be named.
        dry_run: Whether to cancel nothing, and only say what would be cancelled.
        task_states: The states of a task in which its operation is an orphan, `gone` where Airflow no longer has the
            task instance. `success` is left out by default: a task with `wait_for_completion=False` succeeds while its
            operation works on as it should, and nothing tells that from a success which a person declared. Add it if
            all tasks of these DAGs wait.
        min_age: How long an operation must have existed: Airflow may be about to cancel a younger one by itself.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    template_fields: Sequence[str] = ("dag_ids", "dry_run", *CallsEarthEngine.template_fields)

    def __init__(
        self,
        *,
        dag_ids: TextsLike | None = None,
        dry_run: Flag = False,
        task_states: Collection[str] = _ENDS - {"success"},
        min_age: timedelta = timedelta(minutes=10),
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(
            project_id=project_id,
            earthengine_conn_id=earthengine_conn_id,
            impersonation_chain=impersonation_chain,
            api_version=api_version,
            **kwargs,
        )
        if not task_states or not set(task_states) <= _ENDS:
            problem = f"{shown(task_states)} are not states of finished tasks"
            raise InvalidArgument("task_states", problem, f"a list of some of {', '.join(sorted(_ENDS))}")
        if min_age < timedelta(0):
            raise InvalidArgument("min_age", f"{shown(min_age)} is not an age", "a timedelta from 0 up")
        self.dag_ids = dag_ids
        self.dry_run = dry_run  # type: ignore[assignment,method-assign]  # Airflow 3 calls its method of this name nowhere
        self.task_states = frozenset(task_states)
        self.min_age = min_age

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Look for orphans, and cancel them if this is no dry run."""
        results, failures = [], []
        with explained(), EarthEngineHook.of(self) as hook:
            dry_run = _truth("dry_run", self.dry_run)
            dag_ids = _names("dag_ids", context["ti"].dag_id if self.dag_ids is None else self.dag_ids)
            if not dry_run:
                _be_somebody()
            for orphan in self._orphans((one.operation for one in hook.list_operations()), dag_ids):
                self.log.info("%s %s: %s.", "Would cancel" if dry_run else "Cancelling", orphan.operation.name, orphan)
                cancelled = False
                if not dry_run:
                    try:
                        cancelled = hook.cancel_operation(orphan.operation.name)
                    except EarthEngineError as error:
                        self.log.warning("%s could not be cancelled: %s", orphan.operation.name, error)
                        failures.append(f"{orphan.operation.name}: {error}")
                results.append(orphan.result(cancelled=cancelled))
        if failures:
            told = "; ".join(failures[:_FAILURES_IN_MESSAGE])
            raise AirflowException(f"{len(failures)} of {len(results)} orphans could not be cancelled: {told}")
        return results

    def _orphans(self, operations: Iterable[Operation], dag_ids: Collection[str]) -> Iterator[_Orphan]:
        """Find orphans one by one: Airflow is asked about each just before whoever asked may cancel it."""
        left: Counter[str] = Counter()
        for dag_id, marked in self._candidates(operations, dag_ids).items():
            owners = _owners(dag_id, {mark for mark, _ in marked.values()})
            for mark, operation in marked.values():
                owner = owners.get(mark)
                task_state = state(owner, answered(question(owner)), gone=GONE) if owner else GONE
                if task_state in self.task_states:
                    yield _Orphan(operation, dag_id, owner, task_state)
                else:
                    left[f"whose task is {task_state or 'not scheduled yet'}"] += 1
        self._tell(left)

    def _candidates(
        self, operations: Iterable[Operation], dag_ids: Collection[str]
    ) -> dict[str, dict[str, tuple[str, Operation]]]:
        """Return what may be orphans: for each DAG, by the operation's name, the mark of its task and the operation."""
        from airflow_provider_ee.client.operations.markers import Ticket

        own, dags = Ticket.deployment_of(deployment()), {Ticket.dag_of(dag_id): dag_id for dag_id in dag_ids}
        oldest = pendulum.now("UTC") - self.min_age
        candidates: dict[str, dict[str, tuple[str, Operation]]] = defaultdict(dict)
        left: Counter[str] = Counter()
        for operation in operations:
            ticket = Ticket.read(operation.description)
            if operation.done or ticket is None or ticket.deployment != own:
                continue
            if ticket.dag not in dags:
                left["of DAGs that were not named"] += 1
            elif operation.state == "CANCELLING":
                left["that are being cancelled"] += 1
            elif operation.create_time is None or datetime.fromisoformat(operation.create_time) > oldest:
                left["that are too young"] += 1
            else:
                candidates[dags[ticket.dag]][operation.name] = (ticket.task, operation)
        self._tell(left)
        return candidates

    def _tell(self, left: Counter[str]) -> None:
        for which, number in left.items():
            self.log.info("Left alone: %d %s.", number, which)


def _owners(dag_id: str, marks: Collection[str]) -> dict[str, TaskInstance]:
    """Find the task instances of a DAG that have these marks; one that is missing is gone."""
    from airflow_provider_ee.client.operations.markers import Ticket

    known = instances(dag_id, answered(question_about_dag(dag_id)))
    marked = ((Ticket.task_of(dag_id, ti.run_id, ti.task_id, ti.map_index), ti) for ti in known)
    return {mark: task_instance for mark, task_instance in marked if mark in marks}


def _be_somebody() -> None:
    """Refuse to cancel anything where nothing tells this Airflow's operations from another one's."""
    if may_be_mistaken():
        raise AirflowFailException(
            "Nothing tells this Airflow from another one: operations of another one would be taken for this one's. Set "
            "[earthengine] deployment_id in Airflow's configuration to a word of your own."
        )


def _truth(argument: str, value: object) -> bool:
    """Check a truth value; so is the text that a template renders it to. Nothing else: what it guards costs work."""
    meaning = {"true": True, "false": False}.get(str(value).lower())
    if meaning is None:
        raise InvalidArgument(argument, f"{shown(value)} is not a truth value", "true or false")
    return meaning


def _names(argument: str, value: object) -> list[str]:
    """Check the names of one thing or of several."""
    names = [value] if isinstance(value, str) else value
    if not is_list(names) or not names or not all(isinstance(name, str) and name for name in names):
        raise InvalidArgument(argument, f"{shown(value)} names nothing", "one name, or a list of names")
    return list(names)
