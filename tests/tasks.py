"""Run a task in Airflow's real task runner, without a database and without an API server: 50 ms each.

outcome = run_task(operator, supervisor)            # the worker's part, up to success, failure or deferral
event = fire(outcome.trigger)                       # the triggerer's part
outcome = resume(operator, supervisor, outcome, event)
"""

import asyncio
import importlib
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import structlog
from airflow.sdk import DAG
from airflow.sdk.api.datamodels._generated import DagRun, DagRunType, TIRunContext
from airflow.sdk.execution_time import comms, task_runner
from airflow.serialization.serialized_objects import BaseSerialization

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Supervisor:
    """Stands where Airflow's supervisor would: keeps what a task says, answers what it asks."""

    xcoms: dict[str, Any] = field(default_factory=dict)
    store: dict[str, Any] = field(default_factory=dict)
    rendered: dict[str, Any] = field(default_factory=dict)
    #: When a sensor was first rescheduled, if it was.
    first_rescheduled: datetime | None = None
    #: The state that Airflow gives the task when it is asked; None if it does not answer.
    task_state: str | None = "running"
    #: The states of all task instances, by DAG, run, task and map index; if None, the one above is that of any.
    task_states: Mapping[tuple[str, str, str, int], str | None] | None = None

    def send(self, msg: Any) -> Any:
        # By name, for Airflow 3.1 knows nothing of task states that are stored.
        match msg.type:
            case "SetXCom":
                self.xcoms[msg.key] = msg.value
            case "SetRenderedFields":
                self.rendered = msg.rendered_fields
            case "GetXCom":
                return comms.XComResult(key=msg.key, value=self.xcoms.get(msg.key))
            case "GetConnection":
                return comms.ErrorResponse(error=comms.ErrorType.CONNECTION_NOT_FOUND)
            case "GetTaskRescheduleStartDate":
                return comms.TaskRescheduleStartDate(start_date=self.first_rescheduled)
            case "GetTaskStateStore":
                return self._stored(msg.key)
            case "SetTaskStateStore":
                self.store[msg.key] = msg.value
            case "GetTaskStates" if self.task_state is None:
                raise RuntimeError("the supervisor is gone")
            case "GetTaskStates":
                return comms.TaskStatesResult(task_states=self._states(msg))
        return comms.OKResponse(ok=True)

    def _stored(self, key: str) -> Any:
        if key not in self.store:
            return comms.ErrorResponse(error=comms.ErrorType.TASK_STORE_NOT_FOUND)
        return comms.TaskStateStoreResult(value=self.store[key])

    def _states(self, asked: Any) -> dict[str, dict[str, str | None]]:
        """Answer as Airflow's API does, where the task a_1 and the task a at map index 1 have the same key."""
        index = -1 if asked.map_index is None else asked.map_index
        every = self.task_states
        if every is None:
            every = {(asked.dag_id, run_id, asked.task_ids[0], index): self.task_state for run_id in asked.run_ids}
        told: dict[str, dict[str, str | None]] = defaultdict(dict)
        for (dag_id, run_id, task_id, map_index), state in every.items():
            if (
                dag_id == asked.dag_id
                and run_id in (asked.run_ids or [run_id])
                and task_id in (asked.task_ids or [task_id])
                and (index < 0 or map_index == index)
            ):
                told[run_id][task_id if map_index < 0 else f"{task_id}_{map_index}"] = state
        return dict(told)

    async def asend(self, msg: Any) -> Any:
        return self.send(msg)

    def __enter__(self) -> Self:
        task_runner.SUPERVISOR_COMMS = self
        return self

    def __exit__(self, *_: object) -> None:
        del task_runner.SUPERVISOR_COMMS


@dataclass
class Outcome:
    """How the worker's part of a task ended."""

    state: str
    message: Any
    error: BaseException | None
    xcoms: dict[str, Any]
    #: The operator as it ran: Airflow runs a copy.
    task: Any

    @property
    def result(self) -> Any:
        """What the task returned."""
        return self.xcoms.get("return_value")

    @property
    def trigger(self) -> Any:
        """The trigger that the task deferred to, made anew from what Airflow kept of it, as a triggerer does."""
        module, _, name = self.message.classpath.rpartition(".")
        return getattr(importlib.import_module(module), name)(**self.message.trigger_kwargs)


def run_task(
    operator: Any,
    supervisor: Supervisor,
    *,
    try_number: int = 1,
    max_tries: int = 0,
    map_index: int = -1,
    run_start: datetime = NOW,
) -> Outcome:
    """Run a task as far as a worker does."""
    return _run(
        operator, supervisor, try_number=try_number, max_tries=max_tries, map_index=map_index, run_start=run_start
    )


def resume(operator: Any, supervisor: Supervisor, deferred: Outcome, event: Any, **task: Any) -> Outcome:
    """Go on with a task whose trigger has fired, as a worker does: with nothing but what Airflow kept of it."""
    # In the words of Airflow 3.1; later ones understand them, for a task may be deferred while they are installed.
    kept = deferred.message.next_kwargs or {}
    next_kwargs = BaseSerialization.serialize({**kept, "event": event})
    return _run(operator, supervisor, next_method=deferred.message.next_method, next_kwargs=next_kwargs, **task)


def give_up(operator: Any, supervisor: Supervisor) -> Outcome:
    """Go on with a deferred task for which no trigger fired in the time that Airflow gave it."""
    next_kwargs = BaseSerialization.serialize({"error": "Trigger timeout"})
    return _run(operator, supervisor, next_method="__fail__", next_kwargs=next_kwargs)


def fire(trigger: Any) -> Any:
    """Run a trigger until it fires, and return the payload of its event."""

    async def first() -> Any:
        return (await anext(aiter(trigger.run()))).payload

    return asyncio.run(first())


def _run(operator: Any, supervisor: Supervisor, **task: Any) -> Outcome:
    with supervisor:
        ti = task_instance(operator, reschedules=int(supervisor.first_rescheduled is not None), **task)
        state, message, error = task_runner.run(ti, ti.get_template_context(), structlog.get_logger())
        comms._RequestFrame(id=0, body=message.model_dump()).as_bytes()  # not everything can be sent to a supervisor
    if state.value == "up_for_reschedule" and supervisor.first_rescheduled is None:
        supervisor.first_rescheduled = ti.start_date
    return Outcome(state.value, message, error, supervisor.xcoms, ti.task)


def task_instance(
    operator: Any,
    *,
    try_number: int = 1,
    max_tries: int = 0,
    map_index: int = -1,
    next_method: str | None = None,
    next_kwargs: Any = None,
    reschedules: int = 0,
    run_start: datetime = NOW,
) -> Any:
    """A task instance as a worker has it. Private to Airflow in part: it may move with its versions."""
    if not operator.has_dag():
        operator.dag = DAG("d", schedule=None)
    # Not validated, for the fields differ between versions.
    run = DagRun.model_construct(
        dag_id="d", run_id="r", logical_date=NOW, data_interval_start=NOW, data_interval_end=NOW, run_after=NOW,
        start_date=run_start, end_date=None, run_type=DagRunType.MANUAL, state="running", consumed_asset_events=[], conf={},
        partition_key=None,
    )  # fmt: skip
    context = TIRunContext(
        dag_run=run, max_tries=max_tries, variables=[], connections=[], should_retry=False,
        task_reschedule_count=reschedules, xcom_keys_to_clear=[], next_method=next_method, next_kwargs=next_kwargs,
    )  # fmt: skip
    return task_runner.RuntimeTaskInstance.model_construct(
        id=uuid.uuid4(), task_id=operator.task_id, dag_id="d", run_id="r", try_number=try_number, map_index=map_index,
        dag_version_id=uuid.uuid4(), task=operator, max_tries=max_tries, start_date=datetime.now(UTC), hostname="h",
        queue="default", context_carrier=None, _ti_context_from_server=context,
    )  # fmt: skip
