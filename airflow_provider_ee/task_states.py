"""What Airflow says about task instances, asked from inside of a task or a trigger.

A trigger is told to stop in the same way when a person ended its task and when it merely moves to another triggerer;
a worker, when a person ended its task and when its machine is drained. Only Airflow's state of the task tells.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.compat import AirflowException

__all__ = [
    "FINISHED",
    "TaskInstance",
    "answered",
    "ended_by_a_person",
    "instances",
    "question",
    "question_about_dag",
    "state",
]

_LOG = logging.getLogger(__name__)

#: The states in which a task stays until somebody clears it.
FINISHED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})

_MAPPED = re.compile(r"(.+)_(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """Which task instance, in Airflow's words."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1


def question(task_instance: Any) -> Any:
    """Return the message that asks the supervisor for the state of a task instance."""
    from airflow.sdk.execution_time.comms import GetTaskStates

    return GetTaskStates(
        dag_id=task_instance.dag_id,
        task_ids=[task_instance.task_id],
        run_ids=[task_instance.run_id],
        map_index=task_instance.map_index,
    )


def question_about_dag(dag_id: str) -> Any:
    """Return the message that asks the supervisor for the states of all task instances of a DAG."""
    from airflow.sdk.execution_time.comms import GetTaskStates

    return GetTaskStates(dag_id=dag_id)


def answered(message: Any) -> Any:
    """Send such a message from a worker, and return the answer where nothing but an answer will do."""
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.comms import TaskStatesResult

    answer = task_runner.SUPERVISOR_COMMS.send(message)
    if not isinstance(answer, TaskStatesResult):
        raise AirflowException(f"Airflow does not tell the states of tasks of {message.dag_id}: {answer!r:.200}")
    return answer


def state(task_instance: Any, answer: Any, *, gone: str | None = None) -> str | None:
    """Return the state that an answer gives the task instance; None if it does not say.

    Args:
        task_instance: Which.
        answer: What the supervisor answered to the question.
        gone: What to return if Airflow has no such task instance.
    """
    index = task_instance.map_index
    key = task_instance.task_id if index is None or index < 0 else f"{task_instance.task_id}_{index}"
    states = getattr(answer, "task_states", None) or {}
    found = (states.get(task_instance.run_id) or {}).get(key, gone)
    return str(found) if found is not None else None


def instances(dag_id: str, answer: Any) -> Iterator[TaskInstance]:
    """Return every task instance of a DAG that an answer may be about.

    Airflow's `a_1` is the task a_1 or the task a at map index 1, and where both exist, it has told only one of the two
    states: whoever wants to know asks about the one instance.
    """
    for run_id, states in answer.task_states.items():
        for key in states:
            yield TaskInstance(dag_id, run_id, key)
            if mapped := _MAPPED.fullmatch(key):
                yield TaskInstance(dag_id, run_id, mapped[1], int(mapped[2]))


def ended_by_a_person(task_instance: Any, *, success_ends: bool, clear_ends: bool) -> bool:
    """Ask Airflow whether a person ended the task, so that what it has started is to be cancelled.

    Args:
        task_instance: Which; it runs here.
        success_ends: Whether a person has ended it if Airflow takes it for a success.
        clear_ends: Whether a person has ended it who cleared it.
    """
    try:
        answer = answered(question(task_instance))
    except Exception:  # noqa: BLE001 - it stands in a signal's handler, and no answer is an answer
        _LOG.exception("Airflow does not say why the task is to stop: what it has started goes on.")
        return False
    found = state(task_instance, answer)
    if found == "success":
        return success_ends
    return found in FINISHED or (found == "restarting" and clear_ends)
