"""Classifiers: what tells classes apart once it is trained, and how it is stored as an asset."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from airflow_provider_ee.emulator.compute.assets import StoredClassifier
from airflow_provider_ee.emulator.compute.classification.trees import Labels, Tree, majority, parse_tree
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.pixels.rasters import Values

__all__ = [
    "METRICS",
    "Classifier",
    "Forest",
    "Model",
    "Nearest",
    "Samples",
    "check_classifier_export",
    "export_classifier",
    "open_classifier",
]

#: Earth Engine's words for the distances that are computed.
METRICS: dict[str, Callable[[Values, Values], Values]] = {
    "euclidean": lambda samples, mean: np.sqrt(((samples - mean) ** 2).sum(axis=1)),
    "manhattan": lambda samples, mean: np.abs(samples - mean).sum(axis=1),
    "cosine": lambda samples, mean: np.arccos(
        np.clip((samples @ mean) / (np.linalg.norm(samples, axis=1) * np.linalg.norm(mean)), -1, 1)
    ),
}


class Model(Protocol):
    """What training makes of samples."""

    def classify(self, columns: Mapping[str, Values]) -> Labels:
        """Return the class of each sample, given the samples' values of each input."""


@dataclass(frozen=True, eq=False)
class Forest:
    """Decision trees, each with a vote."""

    trees: tuple[Tree, ...]

    def classify(self, columns: Mapping[str, Values]) -> Labels:
        """Return the class that most trees give each sample."""
        return majority(self.trees, columns)


@dataclass(frozen=True, eq=False)
class Nearest:
    """The middles of classes: a sample belongs to the nearest one."""

    metric: str
    classes: Labels
    middles: Values

    def classify(self, columns: Mapping[str, Values]) -> Labels:
        """Return the class whose middle is nearest to each sample."""
        samples = np.stack(list(columns.values()), axis=1)
        distance = METRICS[self.metric]
        nearest = np.argmin([distance(samples, middle) for middle in self.middles], axis=0)
        chosen: Labels = self.classes[nearest]
        return chosen


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of known classes: a row for each sample, a column for each input."""

    inputs: tuple[str, ...]
    values: Values
    labels: Labels


@dataclass(frozen=True, eq=False)
class Classifier:
    """A classifier, trained or not.

    Args:
        kind: Earth Engine's name after `Classifier.`.
        fit: What trains it; None where it needs no training.
        inputs: The names of the bands or properties that it looks at.
        model: What it has learnt; None before it is trained.
        training: What it was trained with; None where that is not known.
    """

    kind: str
    fit: Callable[[Samples], Model] | None = None
    inputs: tuple[str, ...] = ()
    model: Model | None = None
    training: Samples | None = None

    def classify(self, columns: Sequence[Values]) -> Labels:
        """Return the class of each sample, given the samples' values of each input in their order."""
        if self.model is None:
            raise ComputeError(f"The classifier {self.kind} has not been trained.")
        plain = (np.asarray(column, dtype=np.float64) for column in columns)
        return self.model.classify(dict(zip(self.inputs, plain, strict=True)))


def check_classifier_export(classifier: Any) -> None:
    """Refuse what Earth Engine does not export: anything but trained decision trees."""
    if not isinstance(classifier, Classifier):
        raise ComputeError("The expression to export is not a Classifier.")
    if not isinstance(classifier.model, Forest):
        raise ComputeError(
            f"A classifier {classifier.kind} cannot be exported: only trained smileRandomForest and smileCart, "
            "decisionTree and decisionTreeEnsemble can."
        )


def export_classifier(classifier: Any, *, name: str, target: Path) -> StoredClassifier:
    """Write a classifier export: the trees at `target`, and the record of the asset called `name`."""
    check_classifier_export(classifier)
    record = {
        "kind": classifier.kind,
        "inputs": classifier.inputs,
        "trees": [tree.text for tree in classifier.model.trees],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.write_text(json.dumps(record, indent=1), encoding="utf-8")
    size = unfinished.stat().st_size
    unfinished.replace(target)
    return StoredClassifier(name, target, {"sizeBytes": str(size)})


def open_classifier(stored: StoredClassifier) -> Classifier:
    """Return a stored classifier."""
    record = json.loads(stored.path.read_text(encoding="utf-8"))
    forest = Forest(tuple(parse_tree(text) for text in record["trees"]))
    return Classifier(record["kind"], inputs=tuple(record["inputs"]), model=forest)
