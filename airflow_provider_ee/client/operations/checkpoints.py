"""The checkpoints at which a task may die, logged at DEBUG: a log shows how far it came, a test lets it die there."""

from __future__ import annotations

import logging

__all__ = ["pass_checkpoint"]

_LOG = logging.getLogger("airflow_provider_ee.checkpoints")


def pass_checkpoint(label: str, about: object = "") -> None:
    """Log that a checkpoint is reached.

    Args:
        label: Which: `noting`, `noted`, `submitting`, `submitted`, `kept`, `deferring`, `linking`, `polling`, `firing`,
            `resuming` or `finished`.
        about: The request id or the operation that it is about.
    """
    _LOG.debug("%s %s", label, about)
