"""Classifiers that are not trained yet, and trees that need no training.

Forests draw from numpy's random numbers, not from Smile's: their trees are not those that Earth Engine grows from the
same seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from airflow_provider_ee.emulator.compute.classification.classifiers import (
    METRICS,
    Classifier,
    Forest,
    Model,
    Nearest,
    Samples,
)
from airflow_provider_ee.emulator.compute.classification.tree_growing import Growth, generator, grow
from airflow_provider_ee.emulator.compute.classification.trees import inputs_of, parse_tree
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed

__all__ = ["decision_trees", "minimum_distance", "smile_cart", "smile_random_forest"]

#: The share of the samples that each tree of a forest is grown from by default.
_HALF = 0.5

#: Not of Earth Engine: a typing error must not keep the emulator busy for hours.
_MOST_TREES = 1000


def minimum_distance(metric: str, nearest: int) -> Classifier:
    """Return an untrained classifier that finds the class whose mean is nearest."""
    if metric == "mahalanobis" or nearest > 1:
        raise NotComputed("The metric 'mahalanobis' and a kNearest above 1 are not computed by the emulator.")
    if metric not in METRICS:
        raise ComputeError(f"Unknown metric '{metric[:40]}'; it must be one of {', '.join(METRICS)}, mahalanobis.")

    def fit(samples: Samples) -> Model:
        classes = np.unique(samples.labels)
        middles = np.stack([samples.values[samples.labels == label].mean(axis=0) for label in classes])
        return Nearest(metric, classes, middles)

    return Classifier("minimumDistance", fit)


def smile_cart(most_leaves: int | None, fewest_samples: int) -> Classifier:
    """Return an untrained decision tree."""
    growth = Growth(_positive("maxNodes", most_leaves), _positive("minLeafPopulation", fewest_samples) or 1)

    def fit(samples: Samples) -> Model:
        return Forest((parse_tree(_grown(samples, growth, generator(0))),))

    return Classifier("smileCart", fit)


def smile_random_forest(  # noqa: PLR0917 - the arguments of the API, in its order
    number: int, tried_inputs: int | None, fewest_samples: int, bag: float | None, most_leaves: int | None, seed: int
) -> Classifier:
    """Return an untrained forest: trees grown from parts of the samples, each split from some of the inputs."""
    bag = _HALF if bag is None else bag
    if not 0 < bag <= 1:
        raise ComputeError(f"'bagFraction' must be above 0 and at most 1, but is {bag:g}.")
    _positive("numberOfTrees", number)
    if number > _MOST_TREES:
        raise NotComputed(f"A forest of {number} trees is not grown by the emulator; {_MOST_TREES} are.")
    tried = _positive("variablesPerSplit", tried_inputs)
    leaves, fewest = _positive("maxNodes", most_leaves), _positive("minLeafPopulation", fewest_samples) or 1

    def fit(samples: Samples) -> Model:
        # The square root of their number is what Earth Engine documents as the default.
        growth = Growth(leaves, fewest, tried or max(1, math.isqrt(len(samples.inputs))))
        random = generator(seed)
        return Forest(tuple(parse_tree(_grown(_bagged(samples, bag, random), growth, random)) for _ in range(number)))

    return Classifier("smileRandomForest", fit)


def decision_trees(texts: Sequence[str], kind: str) -> Classifier:
    """Return the classifier of given trees."""
    trees = tuple(parse_tree(text) for text in texts)
    inputs = inputs_of(trees)
    if not inputs:
        raise ComputeError("There is no decision tree with a condition.")
    return Classifier(kind, inputs=inputs, model=Forest(trees))


def _positive(name: str, number: int | None) -> int | None:
    if number is not None and number < 1:
        raise ComputeError(f"'{name}' must be at least 1, but is {number}.")
    return number


def _grown(samples: Samples, growth: Growth, random: np.random.Generator) -> str:
    return grow(samples.inputs, samples.values, samples.labels, growth, random)


def _bagged(samples: Samples, share: float, random: np.random.Generator) -> Samples:
    """Draw a part of the samples; as many as there are, with some of them twice, for a share of 1."""
    total = len(samples.labels)
    drawn = random.choice(total, max(1, round(share * total)), replace=share == 1)
    return replace(samples, values=samples.values[drawn], labels=samples.labels[drawn])
