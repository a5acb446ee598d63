"""Classifiers, from features to classified pixels."""

import importlib.metadata
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from airflow_provider_ee.emulator.compute import ALGORITHMS, ComputeError, NotComputed, evaluate, to_json
from airflow_provider_ee.emulator.compute.classification.classifiers import check_classifier_export, export_classifier
from airflow_provider_ee.emulator.compute.functions.classifiers import train
from airflow_provider_ee.emulator.compute.functions.confusion import error_matrix
from airflow_provider_ee.emulator.compute.images import Collection, Feature
from tests.emulator.compute.nodes import call, compute, constant, expression, image, masked, pixel, planes

#: Two classes that `a` tells apart, and a third that `b` tells from the second.
SAMPLES = [(1, 5, 0), (2, 1, 0), (3, 4, 1), (4, 5, 1), (4.5, 2, 2), (3.5, 1, 2)]

TREE = "1) root 9999 9999 9999\n2) a<2.5 9999 9999 7 *\n3) a>=2.5 9999 9999 8 *"


#: What the cases below are about.
FUNCTIONS = {
    "Classifier.confusionMatrix",
    "Classifier.decisionTree",
    "Classifier.decisionTreeEnsemble",
    "Classifier.explain",
    "Classifier.load",
    "Classifier.minimumDistance",
    "Classifier.mode",
    "Classifier.schema",
    "Classifier.setOutputMode",
    "Classifier.smileCart",
    "Classifier.smileRandomForest",
    "Classifier.train",
    "Collection.errorMatrix",
    "ConfusionMatrix.accuracy",
    "ConfusionMatrix.array",
    "ConfusionMatrix.kappa",
    "ConfusionMatrix.order",
    "FeatureCollection.classify",
    "Image.classify",
}


def features(*samples: tuple[float, float, float], **more: Any) -> dict[str, Any]:
    rows = [call("Feature", metadata={"a": a, "b": b, "class": label, **more}) for a, b, label in samples]
    return call("Collection", features=rows)


def trained(learner: dict[str, Any], *samples: tuple[float, float, float], **more: Any) -> dict[str, Any]:
    return call(
        "Classifier.train",
        **{
            "classifier": learner,
            "features": features(*(samples or SAMPLES)),
            "classProperty": "class",
            "inputProperties": ["a", "b"],
            **more,
        },
    )


def ab(a: float, b: float) -> dict[str, Any]:
    return call("Image.rename", input=image(a, b), names=["a", "b"])


def classified(classifier: dict[str, Any], picture: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call("Image.classify", image=picture, classifier=classifier, **more)


CART = call("Classifier.smileCart")
FOREST = call("Classifier.smileRandomForest", numberOfTrees=25, seed=4, bagFraction=0.9)
NEAREST = call("Classifier.minimumDistance")


@pytest.mark.parametrize("learner", [CART, FOREST, NEAREST], ids=["cart", "forest", "nearest"])
def test_a_classifier_finds_the_classes_that_it_was_shown(learner: dict[str, Any]) -> None:
    classifier = trained(learner)
    assert [pixel(classified(classifier, ab(a, b))) for a, b, _ in SAMPLES] == [label for _, _, label in SAMPLES]


def test_a_masked_pixel_has_no_class() -> None:
    picture = call("Image.rename", input=call("Image.addBands", dstImg=image(1), srcImg=masked(1)), names=["a", "b"])
    assert pixel(classified(trained(CART), picture)) is None


def test_bands_are_found_by_their_names_not_by_their_order() -> None:
    turned = call("Image.rename", input=image(4, 1), names=["b", "a"])
    assert pixel(classified(trained(CART), turned)) == pixel(classified(trained(CART), ab(1, 4))) == 0


def test_a_classified_image_is_one_band_of_whole_numbers() -> None:
    described = to_json(compute(classified(trained(CART), ab(1, 2), outputName="cover")))
    (band,) = described["bands"]
    assert band["id"] == "cover"
    assert band["data_type"] == {"type": "PixelType", "precision": "int", "min": -(2**31), "max": 2**31 - 1}


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("euclidean", 2), ("manhattan", 1), ("cosine", 2)],
    ids=["euclidean", "manhattan", "cosine"],
)
def test_the_nearest_class_depends_on_the_metric(metric: str, expected: int) -> None:
    """From (0, 0) to (0, 5) it is 5 both ways, to (3, 3) it is 4.2 or 6; (1, 1.1) has nearly the angle of (3, 3)."""
    learner = call("Classifier.minimumDistance", metric=metric)
    classifier = trained(learner, (0, 5, 1), (3, 3, 2))
    place = (1, 1.1) if metric == "cosine" else (0, 0)
    assert pixel(classified(classifier, ab(*place))) == expected


def test_a_given_tree_needs_no_training() -> None:
    classifier = call("Classifier.decisionTree", treeString=TREE)
    assert [pixel(classified(classifier, ab(a, 0))) for a in (2, 3)] == [7, 8]
    assert compute(call("Classifier.schema", classifier=classifier)) == ["a"]


def test_a_classifier_gives_out_classes_and_can_be_told_to() -> None:
    told = call("Classifier.setOutputMode", classifier=trained(CART), mode="CLASSIFICATION")
    assert compute(call("Classifier.mode", classifier=told)) == "CLASSIFICATION"
    assert compute(call("Classifier.schema", classifier=told)) == ["a", "b"]
    assert compute(call("Classifier.schema", classifier=CART)) is None


def test_the_inputs_are_those_that_were_sampled_where_none_are_named() -> None:
    sampled = replace(compute(features(*SAMPLES)), properties={"band_order": ["b", "class", "a"]})
    learner = compute(CART)
    assert train(learner, sampled, "class", None, 1, 0).inputs == ("b", "a")


def test_given_trees_vote() -> None:
    other = TREE.replace("7 *", "9 *")
    classifier = call("Classifier.decisionTreeEnsemble", treeStrings=[TREE, other, other])
    assert [pixel(classified(classifier, ab(a, 0))) for a in (2, 3)] == [9, 8]


def test_what_a_classifier_explains_makes_the_same_classifier() -> None:
    tree = compute(call("Classifier.explain", classifier=trained(CART)))["tree"]
    forest = compute(call("Classifier.explain", classifier=trained(FOREST)))
    again = call("Classifier.decisionTreeEnsemble", treeStrings=forest["trees"])

    assert forest["numberOfTrees"] == len(forest["trees"]) == 25
    for a, b, _ in SAMPLES:
        given = call("Classifier.decisionTree", treeString=tree)
        assert pixel(classified(given, ab(a, b))) == pixel(classified(trained(CART), ab(a, b)))
        assert pixel(classified(again, ab(a, b))) == pixel(classified(trained(FOREST), ab(a, b)))


def test_a_forest_is_the_same_again_with_the_same_seed() -> None:
    def trees(seed: int) -> Any:
        learner = call("Classifier.smileRandomForest", numberOfTrees=3, seed=seed)
        return compute(call("Classifier.explain", classifier=trained(learner)))["trees"]

    assert trees(-1) == trees(-1) != trees(2)


def test_features_get_their_class_as_a_property() -> None:
    found = to_json(compute(call("FeatureCollection.classify", features=features(*SAMPLES), classifier=trained(CART))))
    assert [feature["properties"]["classification"] for feature in found["features"]] == [0, 0, 1, 1, 2, 2]


def test_the_training_data_are_compared_with_what_is_made_of_them() -> None:
    classifier = trained(call("Classifier.smileCart", maxNodes=2))
    matrix = call("Classifier.confusionMatrix", classifier=classifier)

    assert to_json(compute(matrix)) == [[2, 0, 0], [0, 2, 0], [0, 2, 0]]
    assert compute(call("ConfusionMatrix.accuracy", confusionMatrix=matrix)) == pytest.approx(4 / 6)
    assert compute(call("ConfusionMatrix.kappa", confusionMatrix=matrix)) == pytest.approx(0.5)


def test_two_properties_are_compared_in_the_order_asked_for() -> None:
    rows = [call("Feature", metadata={"is": actual, "was": found}) for actual, found in [(10, 10), (10, 30), (30, 30)]]
    matrix = call(
        "Collection.errorMatrix",
        collection=call("Collection", features=rows),
        actual="is",
        predicted="was",
        order=constant([30, 10]),
    )
    assert compute(call("ConfusionMatrix.array", confusionMatrix=matrix)) == [[1, 0], [1, 1]]
    assert compute(call("ConfusionMatrix.order", confusionMatrix=matrix)) == [30, 10]


def test_a_part_of_the_samples_is_drawn_the_same_again() -> None:
    many = [(number, number % 7, number % 3) for number in range(60)]

    def seen(seed: int) -> Any:
        classifier = trained(CART, *many, subsampling=0.5, subsamplingSeed=seed)
        return np.sum(compute(call("Classifier.confusionMatrix", classifier=classifier))), to_json(
            compute(call("Classifier.explain", classifier=classifier))
        )

    assert seen(1) == seen(1) != seen(2)
    assert 10 < seen(1)[0] < 50


@pytest.mark.parametrize("value", [None, "1", 0.5, -1, 1001, 10**400, float("inf")], ids=str)
def test_a_matrix_is_of_small_whole_numbers(value: Any) -> None:
    with pytest.raises(ComputeError, match="must be"):
        error_matrix(Collection([Feature(None, {"is": 1, "was": value})]), "is", "was", None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (trained(CART, inputProperties=["a", "c"]), "Classifier.train: Property 'c' of feature '0' is missing."),
        (trained(CART, classProperty="cover"), "Property 'cover' of feature '0' is missing."),
        (trained(CART, features=features(*SAMPLES, b="wet")), "Property 'b' of feature '0' is no number."),
        (trained(CART, (1, 2, 3), (2, 3, 3)), "Only one class."),
        (trained(CART, (1, 2, 0.5), (2, 3, 1)), "'class' must be whole numbers"),
        (trained(CART, (1, 2, 1e12), (2, 3, 1)), "'class' must be whole numbers of 32 bits"),
        (trained(CART, (1, 2, 10**400), (2, 3, 1)), "Property 'class' of feature '0' is no number."),
        (trained(CART, features=call("Collection", features=constant([]))), "No valid training data were found."),
        (trained(CART, subsampling=0), "'subsampling' must be above 0"),
        (trained(CART, inputProperties=None), "'inputProperties' must be given"),
        (trained(image(1)), "Expected type: Classifier."),
        (trained(call("Classifier.decisionTree", treeString=TREE)), "decisionTree cannot be trained"),
        (classified(CART, ab(1, 2)), "Image.classify: The classifier smileCart has not been trained."),
        (classified(trained(CART), image(1)), "No band named 'a'. Available band names: \\[constant\\]."),
        (call("Classifier.minimumDistance", metric="far"), "Unknown metric 'far'"),
        (call("Classifier.smileCart", maxNodes=0), "'maxNodes' must be at least 1"),
        (call("Classifier.smileRandomForest", numberOfTrees=0), "'numberOfTrees' must be at least 1"),
        (call("Classifier.smileRandomForest", numberOfTrees=1, bagFraction=2), "'bagFraction' must be above 0"),
        (call("Classifier.decisionTree", treeString="1) root 1 1 3 *"), "no decision tree with a condition"),
        (call("Classifier.setOutputMode", classifier=CART, mode="LOUD"), "Unknown output mode 'LOUD'"),
        (call("ConfusionMatrix.accuracy", confusionMatrix=image(1)), "Expected type: ConfusionMatrix."),
        (call("Classifier.load", id="projects/p/assets/none"), "Classifier asset 'projects/p/assets/none' not found"),
    ],
)
def test_what_cannot_be_is_refused_by_name(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ComputeError, match=words):
        compute(wrong)


@pytest.mark.parametrize(
    "beyond",
    [
        call("Classifier.minimumDistance", metric="mahalanobis"),
        call("Classifier.minimumDistance", kNearest=2),
        call("Classifier.setOutputMode", classifier=CART, mode="PROBABILITY"),
        call("Classifier.explain", classifier=trained(NEAREST)),
        call("Classifier.libsvm"),
        call("Classifier.smileRandomForest", numberOfTrees=10**9),
    ],
    ids=["mahalanobis", "neighbours", "probability", "explain", "libsvm", "trees"],
)
def test_what_is_not_computed_says_so(beyond: dict[str, Any]) -> None:
    with pytest.raises(NotComputed):
        compute(beyond)


@pytest.mark.parametrize("learner", [CART, FOREST], ids=["cart", "forest"])
def test_an_exported_classifier_is_loaded_as_it_was(learner: dict[str, Any], tmp_path: Path) -> None:
    name = "projects/p/assets/cover"
    stored = export_classifier(compute(trained(learner)), name=name, target=tmp_path / "deep" / "cover.json")
    load = call("Classifier.load", id=name)

    for a, b, _ in SAMPLES:
        (again,) = planes(evaluate(expression(classified(load, ab(a, b))), {name: stored}.get))
        assert again.values.item() == pixel(classified(trained(learner), ab(a, b)))
    assert int(stored.fields["sizeBytes"]) == stored.path.stat().st_size


def test_an_image_is_not_loaded_as_a_classifier() -> None:
    with pytest.raises(ComputeError, match="'projects/p/assets/image' is not a Classifier"):
        evaluate(expression(call("Classifier.load", id="projects/p/assets/image")), lambda _: [])


@pytest.mark.parametrize(
    ("value", "words"),
    [(image(1), "not a Classifier"), (trained(NEAREST), "minimumDistance cannot be"), (CART, "smileCart cannot be")],
    ids=["an image", "the nearest", "untrained"],
)
def test_only_trained_trees_are_exported(value: dict[str, Any], words: str) -> None:
    with pytest.raises(ComputeError, match=words):
        check_classifier_export(compute(value))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_arguments_are_those_that_googles_client_knows(name: str) -> None:
    listed = Path(str(importlib.metadata.distribution("earthengine-api").locate_file("ee/tests/algorithms.json")))
    theirs = {one["name"]: one for one in json.loads(listed.read_text(encoding="utf-8"))["algorithms"]}
    ours = {one["name"]: one for one in ALGORITHMS}

    assert arguments(ours[f"algorithms/{name}"]) == arguments(theirs[f"algorithms/{name}"])


def arguments(algorithm: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return the names of a function's arguments, and whether they may be left out."""
    return [(one["argumentName"], one.get("optional", False)) for one in algorithm.get("arguments", [])]
