"""Aggregates: what the values of a property are together, over the elements of a collection."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.collections import aggregate_array
from airflow_provider_ee.emulator.compute.images import Collection

__all__ = ["AGGREGATES", "aggregate"]


def _numbers(values: list[Any]) -> list[int | float]:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ComputeError(f"The values must be numbers, but one is {str(value)[:80]!r}.")
    return values


def _ordered(choose: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    def extreme(values: list[Any]) -> Any:
        try:
            return choose(values) if values else None
        except TypeError as error:
            raise ComputeError("The values cannot be put in order: their types differ.") from error

    return extreme


def _statistic(compute: Callable[[list[int | float]], Any], least: int = 1) -> Callable[[list[Any]], Any]:
    """Return a statistic of numbers, which is null for fewer than so many of them."""

    def computed(values: list[Any]) -> Any:
        try:
            return compute(_numbers(values)) if len(values) >= least else None
        except (ArithmeticError, ValueError) as error:
            raise ComputeError(f"The result is no finite number: {error}.") from error

    return computed


def _counted(values: list[Any]) -> dict[str, int]:
    return dict(Counter(map(str, values)))


#: Earth Engine's names after "AggregateFeatureCollection." of what the values of a property give.
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": _statistic(sum, least=0),
    "mean": _statistic(statistics.fmean),
    "total_sd": _statistic(statistics.pstdev),
    "total_var": _statistic(statistics.pvariance),
    "sample_sd": _statistic(statistics.stdev, least=2),
    "sample_var": _statistic(statistics.variance, least=2),
    "count_distinct": lambda values: len(_counted(values)),
    "first": lambda values: values[0] if values else None,
    "min": _ordered(min),
    "max": _ordered(max),
    "histogram": _counted,
}


def aggregate(name: str) -> Callable[[Collection, str], Any]:
    """Return the function of a collection and a property with this name; elements without it do not count."""
    return lambda collection, field: AGGREGATES[name](aggregate_array(collection, field))
