"""Grow decision trees from samples: CART, which splits where the Gini impurity falls most.

Exact and without pruning: every limit halfway between two neighbouring values is tried. Smile, which Earth Engine
uses, does the same; where several splits are equally good the first input and the least limit are taken here.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from airflow_provider_ee.emulator.compute.classification.trees import Labels
from airflow_provider_ee.emulator.compute.pixels.rasters import Mask, Values

__all__ = ["Growth", "generator", "grow"]

#: Differences of impurity that are rounding.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Growth:
    """How far a tree grows.

    Args:
        most_leaves: How many leaves it may have; None for any number.
        fewest_samples: How many samples each leaf has at least.
        tried_inputs: How many inputs each split chooses among, drawn anew; None for all.
    """

    most_leaves: int | None = None
    fewest_samples: int = 1
    tried_inputs: int | None = None


def generator(seed: int) -> np.random.Generator:
    """Return random numbers, the same again for a seed; numpy knows no negative one."""
    return np.random.default_rng(seed % 2**64)


class _Split(NamedTuple):
    gain: float
    source: int
    limit: float


def grow(names: Sequence[str], samples: Values, labels: Labels, growth: Growth, random: np.random.Generator) -> str:
    """Return the tree, in R's form, that tells the classes of samples apart.

    Args:
        names: The names of the inputs.
        samples: A row for each sample, a column for each input.
        labels: The class of each sample.
        growth: How far the tree grows.
        random: Draws the inputs that are tried.
    """
    classes, encoded = np.unique(labels, return_inverse=True)
    members = {1: np.arange(len(labels))}
    conditions = {1: "root"}
    waiting: list[tuple[float, int, _Split]] = []

    def consider(number: int) -> None:
        split = _best(samples[members[number]], encoded[members[number]], len(classes), growth, random)
        if split is not None:
            heapq.heappush(waiting, (-split.gain, number, split))

    consider(1)
    branches: set[int] = set()
    while waiting and (growth.most_leaves is None or len(branches) + 1 < growth.most_leaves):
        _, number, split = heapq.heappop(waiting)
        branches.add(number)
        inside = members[number]
        below = samples[inside, split.source] <= split.limit
        for child, operator, part in ((2 * number, "<=", below), (2 * number + 1, ">", ~below)):
            members[child] = inside[part]
            conditions[child] = f"{names[split.source]}{operator}{split.limit!r}"
            consider(child)
    lines = [
        _line(number, conditions[number], encoded[members[number]], classes, number not in branches)
        for number in sorted(members)
    ]
    return "\n".join(lines)


def _line(number: int, condition: str, encoded: Labels, classes: Labels, leaf: bool) -> str:
    counts = np.bincount(encoded, minlength=len(classes))
    share = " ".join(f"{fraction:.6g}" for fraction in counts / counts.sum())
    end = " *" if leaf else ""
    return (
        f"{number}) {condition} {counts.sum()} {counts.sum() - counts.max()} {classes[counts.argmax()]} ({share}){end}"
    )


def _best(samples: Values, encoded: Labels, classes: int, growth: Growth, random: np.random.Generator) -> _Split | None:
    """Return the split after which the impurity is least, or None where no split makes it less."""
    if np.all(encoded == encoded[0]):
        return None
    sources = np.arange(samples.shape[1])
    if growth.tried_inputs is not None and growth.tried_inputs < sources.size:
        sources = np.sort(random.choice(sources, growth.tried_inputs, replace=False))
    found = [split for source in sources if (split := _best_limit(int(source), samples, encoded, classes, growth))]
    return max(found, key=lambda split: split.gain, default=None)


def _best_limit(source: int, samples: Values, encoded: Labels, classes: int, growth: Growth) -> _Split | None:
    order = np.argsort(samples[:, source], kind="stable")
    values = samples[order, source]
    counted = np.zeros((len(values), classes))
    counted[np.arange(len(values)), encoded[order]] = 1
    below = np.cumsum(counted, axis=0)[:-1]
    above = below[-1] + counted[-1] - below
    size = np.arange(1, len(values))
    allowed: Mask = (values[1:] > values[:-1]) & (np.minimum(size, len(values) - size) >= growth.fewest_samples)
    if not allowed.any():
        return None
    # Gini impurity times samples, before and after.
    total = counted.sum(axis=0)
    before = len(values) - (total**2).sum() / len(values)
    after = len(values) - (below**2).sum(axis=1) / size - (above**2).sum(axis=1) / (len(values) - size)
    gains = np.where(allowed, before - after, -np.inf)
    at = int(gains.argmax())
    if gains[at] <= _NOTHING:
        return None
    low, high = float(values[at]), float(values[at + 1])
    middle = low + (high - low) / 2
    return _Split(float(gains[at]), source, middle if middle < high else low)
