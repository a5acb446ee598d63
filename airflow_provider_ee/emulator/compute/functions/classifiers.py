"""Train classifiers, and let them classify images and features.

The samples that `subsampling` chooses are not those that Earth Engine chooses with the same seed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.classification.classifiers import Classifier, Forest, Samples
from airflow_provider_ee.emulator.compute.classification.tree_growing import generator
from airflow_provider_ee.emulator.compute.classification.trees import GREATEST_CLASS
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.functions.confusion import ConfusionMatrix, confusion
from airflow_provider_ee.emulator.compute.images import Band, Collection, Element, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster

__all__ = [
    "classify_features",
    "classify_image",
    "confusion_matrix",
    "explain",
    "mode",
    "schema",
    "set_output_mode",
    "train",
]

_MODES = ("CLASSIFICATION", "REGRESSION", "PROBABILITY", "MULTIPROBABILITY", "RAW", "RAW_REGRESSION")

#: What a class is in the pixels of a classified image.
_CLASS = np.dtype(np.int32)


def train(  # noqa: PLR0917 - the arguments of the API, in its order
    classifier: Any, features: Collection, label: str, inputs: list[str] | None, share: float, seed: int
) -> Classifier:
    """Return a classifier trained with the properties of features."""
    untrained = _classifier(classifier)
    if untrained.fit is None:
        raise ComputeError(f"The classifier {untrained.kind} cannot be trained.")
    # Image.sample and its sisters note what they sampled.
    inputs = inputs or [name for name in features.properties.get("band_order", []) if name != label]
    if not inputs:
        raise ComputeError("'inputProperties' must be given for features without a 'band_order'.")
    chosen = list(features.elements)
    if not 0 < share <= 1:
        raise ComputeError(f"'subsampling' must be above 0 and at most 1, but is {share:g}.")
    if share < 1:
        chance = generator(seed).random(len(chosen))
        chosen = [element for element, drawn in zip(chosen, chance, strict=True) if drawn < share]
    if not chosen:
        raise ComputeError("No valid training data were found.")
    labels = np.array([_property(element, label) for element in chosen])
    if not np.all((labels == np.trunc(labels)) & (np.abs(labels) <= GREATEST_CLASS)):
        raise ComputeError(f"The values of '{label}' must be whole numbers of 32 bits, as classes are.")
    values = np.array([[_property(element, name) for name in inputs] for element in chosen])
    samples = Samples(tuple(inputs), values, labels.astype(np.int64))
    if len(np.unique(samples.labels)) == 1:
        raise ComputeError("Only one class.")
    return replace(untrained, inputs=samples.inputs, model=untrained.fit(samples), training=samples)


def classify_image(image: Image, classifier: Any, name: str) -> Image:
    """Return the class of every pixel as a band."""
    classifier = _trained(classifier)
    rasters = {band.id: band.raster for band in image.bands}
    for band in classifier.inputs:
        if band not in rasters:
            raise ComputeError(f"No band named '{band}'. Available band names: [{', '.join(rasters)}].")

    def compute(_: Grid, planes: Sequence[Plane]) -> Plane:
        valid = np.logical_and.reduce([plane.valid for plane in planes])
        classes = np.zeros(valid.shape, _CLASS)
        classes[valid] = classifier.classify([plane.values[valid] for plane in planes])
        return Plane(classes, valid)

    classes = Raster(_CLASS, compute, tuple(rasters[band] for band in classifier.inputs))
    return replace(image, bands=(Band(name, classes),), id=None)


def classify_features(features: Collection, classifier: Any, name: str) -> Collection:
    """Return the features with their class as a property."""
    classifier = _trained(classifier)
    elements = features.elements
    columns = [np.array([_property(element, band) for element in elements]) for band in classifier.inputs]
    classes = classifier.classify(columns).tolist() if elements else []
    return replace(
        features,
        elements=[
            replace(element, properties={**element.properties, name: found})
            for element, found in zip(elements, classes, strict=True)
        ],
    )


def confusion_matrix(classifier: Any) -> ConfusionMatrix:
    """Compare the classes of the training data with what the classifier makes of them."""
    classifier = _trained(classifier)
    if classifier.training is None:
        raise ComputeError("The classifier's training data are not known.")
    samples = classifier.training
    return confusion(samples.labels, classifier.classify(list(samples.values.T)))


def explain(classifier: Any) -> dict[str, Any]:
    """Describe a trained classifier; the importance of its inputs is not computed."""
    classifier = _trained(classifier)
    if not isinstance(classifier.model, Forest):
        raise NotComputed(f"The explanation of a classifier {classifier.kind} is not computed by the emulator.")
    texts = [tree.text for tree in classifier.model.trees]
    if len(texts) == 1 and classifier.kind != "smileRandomForest":
        return {"tree": texts[0]}
    return {"numberOfTrees": len(texts), "trees": texts}


def schema(classifier: Any) -> list[str] | None:
    """Return the names of the inputs; null before the classifier is trained."""
    return list(_classifier(classifier).inputs) or None


def mode(classifier: Any) -> str:
    """Return what the classifier gives out."""
    _classifier(classifier)
    return _MODES[0]


def set_output_mode(classifier: Any, wanted: str) -> Classifier:
    """Return the classifier, which gives out classes and nothing else."""
    if wanted not in _MODES:
        raise ComputeError(f"Unknown output mode '{wanted[:40]}'; it must be one of {', '.join(_MODES)}.")
    if wanted != _MODES[0]:
        raise NotComputed(f"The output mode {wanted} is not computed by the emulator; {_MODES[0]} is.")
    return _classifier(classifier)


def _classifier(value: Any) -> Classifier:
    if not isinstance(value, Classifier):
        raise ComputeError(f"Invalid type.\nExpected type: Classifier.\nActual value: {str(value)[:80]}")
    return value


def _trained(value: Any) -> Classifier:
    classifier = _classifier(value)
    if classifier.model is None:
        raise ComputeError(f"The classifier {classifier.kind} has not been trained.")
    return classifier


def _property(element: Element, name: str) -> float:
    value = element.properties.get(name)
    index = element.properties.get("system:index", "?")
    if value is None:
        raise ComputeError(f"Property '{name}' of feature '{index}' is missing.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise ComputeError(f"Property '{name}' of feature '{index}' is no number.")
    return float(value)
