"""Decision trees in R's form, and the growing of them."""

import numpy as np
import pytest

from airflow_provider_ee.emulator.compute import ComputeError
from airflow_provider_ee.emulator.compute.classification.tree_growing import Growth, grow
from airflow_provider_ee.emulator.compute.classification.trees import majority, parse_tree

#: As people write them by hand, with both kinds of conditions.
BY_HAND = """1) root 9999 9999 9999
2) forest>=80 9999 9999 1 *
3) forest<80 9999 9999 9999
6) town<=70 9999 9999 2 *
7) town>70 9999 9999 3 *"""

#: As R prints them.
BY_R = """n= 150

node), split, n, loss, yval, (yprob)
      * denotes terminal node

1) root 150 100 0 (0.33333333 0.33333333 0.33333333)
  2) length< 2.45 50   0 0 (1.00000000 0.00000000 0.00000000) *
  3) length>=2.45 100  50 1 (0.00000000 0.50000000 0.50000000) *"""


def classified(text: str, **columns: list[float]) -> list[int]:
    found: list[int] = parse_tree(text).classify({name: np.array(values) for name, values in columns.items()}).tolist()
    return found


def grown(columns: dict[str, list[float]], labels: list[int], growth: Growth = Growth()) -> str:  # noqa: B008 - frozen
    samples = np.stack([np.array(values, float) for values in columns.values()], axis=1)
    return grow(list(columns), samples, np.array(labels), growth, np.random.default_rng(0))


def test_a_sample_goes_down_the_side_whose_condition_holds() -> None:
    found = classified(BY_HAND, forest=[80, 79.9, 0, 0], town=[0, 0, 70, 70.1])
    assert found == [1, 2, 2, 3]


def test_what_r_prints_around_the_nodes_is_passed_over() -> None:
    assert classified(BY_R, length=[2.44, 2.45]) == [0, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no root"),
        ("1) root 9999 9999 9999", "Node 1 .* needs two children"),
        (BY_HAND.replace("3 *", "much *"), "7\\) town>70 9999 9999 much"),
        (BY_HAND.replace("3 *", "1.5 *"), "whole number as the class"),
        (BY_HAND.replace("3 *", "1e300 *"), "whole number as the class"),
        (BY_HAND.replace("town>70", "town=70"), "town=70"),
        (BY_HAND.replace("town>70", "town>=70"), "nodes 6 and 7 are not each other's opposite"),
        (BY_HAND.replace("town>70", "town>71"), "nodes 6 and 7 are not each other's opposite"),
        (BY_HAND.replace("7) town", "9) town"), "hangs in the air|needs two children"),
    ],
    ids=["empty", "root alone", "class", "fraction", "great class", "condition", "operator", "limit", "number"],
)
def test_a_text_that_is_no_tree_is_refused(text: str, words: str) -> None:
    with pytest.raises(ComputeError, match=words):
        parse_tree(text)


def test_most_trees_win_and_of_as_many_the_least_class() -> None:
    trees = [
        parse_tree(f"1) root 1 1 9\n2) a<1 1 1 {low} *\n3) a>=1 1 1 {high} *") for low, high in ((4, 7), (5, 6), (5, 3))
    ]
    assert majority(trees, {"a": np.array([0.0, 2.0])}).tolist() == [5, 3]


def test_a_tree_splits_halfway_between_the_classes() -> None:
    text = grown({"a": [5, 1, 7, 2], "b": [1, 4, 10, 20]}, [0, 0, 1, 1])
    assert text.splitlines() == [
        "1) root 4 2 0 (0.5 0.5)",
        "2) b<=7.0 2 0 0 (1 0) *",
        "3) b>7.0 2 0 1 (0 1) *",
    ]


def test_a_tree_grows_until_every_sample_is_in_its_class() -> None:
    random = np.random.default_rng(3)
    columns = {"a": random.random(60).tolist(), "b": random.random(60).tolist()}
    labels = random.integers(0, 4, 60).tolist()
    assert classified(grown(columns, labels), **columns) == labels


def test_a_limit_on_the_leaves_keeps_the_splits_that_tell_most_apart() -> None:
    """The lower half has one stranger in it, the upper half is two classes: the third leaf goes to the upper half."""
    columns: dict[str, list[float]] = {"a": list(range(12))}
    labels = [0, 0, 1, 0, 0, 0, 2, 2, 2, 3, 3, 3]

    text = grown(columns, labels, Growth(most_leaves=3))

    leaves = [line.split(" (")[0] for line in text.splitlines() if line.endswith("*")]
    assert leaves == ["2) a<=5.5 6 1 0", "6) a<=8.5 3 0 2", "7) a>8.5 3 0 3"]
    assert grown(columns, labels, Growth(most_leaves=2)).count("*") == 2


def test_a_split_that_tells_nothing_apart_is_not_made() -> None:
    """Neither half of an exclusive or is purer than the whole."""
    assert grown({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]}, [0, 1, 1, 0]) == "1) root 4 2 0 (0.5 0.5) *"


def test_no_leaf_is_smaller_than_asked() -> None:
    text = grown({"a": [1, 2, 3, 4, 5]}, [1, 0, 0, 0, 0], Growth(fewest_samples=2))
    assert "2) a<=2.5 2 " in text


def test_samples_that_are_alike_stay_together() -> None:
    assert grown({"a": [1, 1, 1]}, [0, 2, 2]) == "1) root 3 1 2 (0.333333 0.666667) *"


def test_neighbours_without_a_number_between_are_told_apart() -> None:
    """The middle of two such numbers is one of them: here the upper one, to which it is rounded."""
    low = float(np.nextafter(1, 2))
    high = float(np.nextafter(low, 2))
    assert classified(grown({"a": [low, high]}, [0, 1]), a=[low, high]) == [0, 1]
