"""Confusion matrices: how often each class was taken for each other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.classification.trees import GREATEST_CLASS, Labels
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.images import Collection

__all__ = ["ConfusionMatrix", "accuracy", "confusion", "error_matrix", "kappa", "order", "rows"]

#: Rows and columns count classes from 0, so a class of a million would be a matrix of 8 TB.
_GREATEST = 1000


class ConfusionMatrix(list[list[int]]):
    """The rows of a matrix, a row for each actual class and a column for each found one.

    A list, since that is how value:compute answers it.
    """

    def __init__(self, counts: Any, classes: Sequence[int]) -> None:
        super().__init__(counts.tolist())
        self.counts = counts
        self.classes = list(classes)


def confusion(actual: Labels, found: Labels, classes: Sequence[int] | None = None) -> ConfusionMatrix:
    """Count the pairs of actual and found classes; the rows are those of `classes`, or from 0 to the greatest."""
    if classes is None:
        greatest = max(0, *actual.tolist(), *found.tolist())
        if greatest > _GREATEST or min(0, *actual.tolist(), *found.tolist()) < 0:
            raise ComputeError(f"The classes of a confusion matrix must be from 0 to {_GREATEST}.")
        classes = range(greatest + 1)
    if len(classes) > _GREATEST + 1:
        raise ComputeError(f"A confusion matrix has at most {_GREATEST + 1} rows.")
    place = {label: number for number, label in enumerate(classes)}
    counts = np.zeros((len(place), len(place)), np.int64)
    for pair in zip(actual.tolist(), found.tolist(), strict=True):
        if pair[0] in place and pair[1] in place:
            counts[place[pair[0]], place[pair[1]]] += 1
    return ConfusionMatrix(counts, classes)


def error_matrix(features: Collection, actual: str, found: str, classes: list[int] | None) -> ConfusionMatrix:
    """Compare two properties of features."""
    pairs = [(element.properties.get(actual), element.properties.get(found)) for element in features.elements]
    for pair in pairs:
        for name, value in zip((actual, found), pair, strict=True):
            if not isinstance(value, int | float) or not abs(value) <= GREATEST_CLASS or value != int(value):
                raise ComputeError(f"The property '{name}' must be a whole number of each feature.")
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    return confusion(columns[:, 0], columns[:, 1], classes)


def rows(matrix: Any) -> list[list[int]]:
    """Return the rows of the matrix."""
    return list(_matrix(matrix))


def order(matrix: Any) -> list[int]:
    """Return the classes of the rows."""
    return _matrix(matrix).classes


def accuracy(matrix: Any) -> float | None:
    """Return which share of all was found right."""
    counts = _matrix(matrix).counts
    return float(counts.trace() / counts.sum()) if counts.sum() else None


def kappa(matrix: Any) -> float | None:
    """Return how much better than by chance the classes were found."""
    counts = _matrix(matrix).counts
    total = counts.sum()
    if not total:
        return None
    chance = float((counts.sum(axis=0) * counts.sum(axis=1)).sum() / total**2)
    return None if chance == 1 else (float(counts.trace() / total) - chance) / (1 - chance)


def _matrix(value: Any) -> ConfusionMatrix:
    if not isinstance(value, ConfusionMatrix):
        raise ComputeError(f"Invalid type.\nExpected type: ConfusionMatrix.\nActual value: {str(value)[:80]}")
    return value
