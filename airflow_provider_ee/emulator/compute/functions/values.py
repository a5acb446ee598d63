"""Numbers, lists and dictionaries: what is done with the result of a computation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError

__all__ = ["NUMBERS", "at", "lookup", "number"]

Number = int | float

#: Earth Engine's names after "Number.".
NUMBERS: dict[str, Callable[[Any, Any], Number]] = {
    "add": lambda left, right: left + right,
    "subtract": lambda left, right: left - right,
    "multiply": lambda left, right: left * right,
    "divide": lambda left, right: left / right,
}


def number(name: str) -> Callable[[Number, Number], Number]:
    """Return the function of two numbers with this name."""

    def compute(left: Number, right: Number) -> Number:
        try:
            return NUMBERS[name](left, right)
        except (ZeroDivisionError, OverflowError) as error:
            raise ComputeError(f"The result is no finite number: {error}.") from error

    return compute


def at(values: list[Any], index: int) -> Any:
    """Return a list's value at an index; negative ones count from the end."""
    if not -len(values) <= index < len(values):
        raise ComputeError(
            f"List index must be between 0 and {len(values) - 1}, or -{len(values)} and -1. Found {index}."
        )
    return values[index]


def lookup(dictionary: Mapping[str, Any], key: str, default: Any) -> Any:
    """Return a dictionary's value."""
    if key in dictionary:
        return dictionary[key]
    if default is None:
        raise ComputeError(f"Dictionary does not contain key: '{key}'.")
    return default
