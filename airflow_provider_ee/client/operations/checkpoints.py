"""The steps at which a task may die, each said at DEBUG: a log shows how far it came, a test lets it die there."""

from __future__ import annotations

import logging

__all__ = ["step"]

_LOG = logging.getLogger("airflow_provider_ee.steps")


def step(label: str, about: object = "") -> None:
    """Say that a step is reached.

    Args:
        label: Which: `noting`, `noted`, `submitting`, `submitted`, `kept`, `deferring`, `linking`, `looking`, `firing`,
            `resuming` or `finished`.
        about: The request id or the operation that it is about.
    """
    _LOG.debug("%s %s", label, about)
