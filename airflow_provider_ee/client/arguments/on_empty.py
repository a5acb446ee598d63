"""The argument `on_empty`: what to do when nothing in a result has a value."""

from __future__ import annotations

import warnings

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.client.errors import EmptyResult
from airflow_provider_ee.client.warnings import EmptyResultWarning

__all__ = ["check_on_empty", "report_empty"]

_CHOICES = {name: name for name in ("warn", "fail", "ignore")}


def check_on_empty(argument: str, value: object) -> str:
    """Check an argument `on_empty`: `warn`, `fail` or `ignore`."""
    return choice(argument, value, _CHOICES, "reaction to an empty result")


def report_empty(on_empty: str, problem: str) -> None:
    """Warn that a result is empty, fail, or do nothing.

    Args:
        on_empty: `warn`, `fail` or `ignore`.
        problem: What is empty, as a sentence.

    Raises:
        EmptyResult: `on_empty` is `fail`.
    """
    if on_empty == "fail":
        raise EmptyResult(problem)
    if on_empty == "warn":
        warnings.warn(EmptyResultWarning(problem), stacklevel=2)
