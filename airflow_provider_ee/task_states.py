"""What Airflow says about a task instance, asked from inside of it.

A trigger is told to stop in the same way when a person ended its task and when it merely moves to another triggerer;
a worker, when a person ended its task and when its machine is drained. Only Airflow's state of the task tells.
"""

from __future__ import annotations

from typing import Any

__all__ = ["question", "state"]


def question(task_instance: Any) -> Any:
    """Return the message that asks the supervisor for the state of a task instance."""
    from airflow.sdk.execution_time.comms import GetTaskStates

    return GetTaskStates(
        dag_id=task_instance.dag_id,
        task_ids=[task_instance.task_id],
        run_ids=[task_instance.run_id],
        map_index=task_instance.map_index,
    )


def state(task_instance: Any, answer: Any) -> str | None:
    """Return the state that an answer gives the task instance; None if it does not say."""
    index = task_instance.map_index
    key = task_instance.task_id if index is None or index < 0 else f"{task_instance.task_id}_{index}"
    states = getattr(answer, "task_states", None) or {}
    found = (states.get(task_instance.run_id) or {}).get(key)
    return str(found) if found is not None else None
