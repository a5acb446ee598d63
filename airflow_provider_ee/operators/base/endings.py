"""Why a task is told to stop: a person ended it, or its worker is merely drained."""

from __future__ import annotations

import logging
from typing import Any

from airflow_provider_ee import task_states

__all__ = ["ended_by_a_person"]

_LOG = logging.getLogger(__name__)


def ended_by_a_person(task_instance: Any, *, success_ends: bool, clear_ends: bool) -> bool:
    """Ask Airflow whether a person ended the task, so that what it has started is to be cancelled.

    Args:
        task_instance: Which; it runs here.
        success_ends: Whether a person has ended it if Airflow takes it for a success.
        clear_ends: Whether a person has ended it who cleared it.
    """
    try:
        answer = task_states.answered(task_states.question(task_instance))
    except Exception:  # noqa: BLE001 - it stands in a signal's handler, and no answer is an answer
        _LOG.exception("Airflow does not say why the task is to stop: what it has started goes on.")
        return False
    state = task_states.state(task_instance, answer)
    if state == "success":
        return success_ends
    return state in task_states.FINISHED or (state == "restarting" and clear_ends)
