"""Decision trees, as R prints them: the text that Earth Engine gives out, takes in and is stored here.

A line is a node: its number, its condition, two numbers that are not used, its class, and `*` at a leaf. Node `n` has
the children `2n` and `2n + 1`, whose conditions are each other's opposite:

    1) root 9999 9999 9999
    2) ndvi<0.4 9999 9999 1 *
    3) ndvi>=0.4 9999 9999 2 *
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.pixels.rasters import Values

__all__ = ["GREATEST_CLASS", "Labels", "Tree", "inputs_of", "majority", "parse_tree"]

Labels = npt.NDArray[np.int64]

_LINE = re.compile(r"\s*(\d+)\)\s*(root|(.+?)\s*(<=|>=|<|>)\s*(\S+))\s+\S+\s+\S+\s+(\S+)\s*(?:\([^)]*\))?\s*(\*)?\s*")

#: What the second child's condition has to be, and whether the first is that of the lower values, without the limit.
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

_LEAF = -1

#: The pixels of a classified image are of 32 bits.
GREATEST_CLASS = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Tree:
    """A tree as arrays with an entry for each node; the first is the root.

    Args:
        text: The tree as R prints it.
        inputs: The names of what its conditions look at.
        source: Which of the inputs a node's condition looks at; -1 at a leaf.
        limit: What it is compared with.
        strict: Whether the limit itself belongs to the upper side.
        lower: The node of the lower side.
        upper: The node of the upper side.
        label: The class of a node.
    """

    text: str
    inputs: tuple[str, ...]
    source: Labels
    limit: Values
    strict: npt.NDArray[np.bool_]
    lower: Labels
    upper: Labels
    label: Labels

    def classify(self, columns: Mapping[str, Values]) -> Labels:
        """Return the class of each sample, given the samples' values of each input."""
        at = np.zeros(len(next(iter(columns.values()))), np.int64)
        samples = np.stack([columns[name] for name in self.inputs or columns])
        moving = np.arange(at.size)
        while (moving := moving[self.source[at[moving]] != _LEAF]).size:
            nodes = at[moving]
            values, limit = samples[self.source[nodes], moving], self.limit[nodes]
            below = (values < limit) | ((values == limit) & ~self.strict[nodes])
            at[moving] = np.where(below, self.lower[nodes], self.upper[nodes])
        return self.label[at]


def majority(trees: Sequence[Tree], columns: Mapping[str, Values]) -> Labels:
    """Return the class that most trees give each sample; of several, the least."""
    if len(trees) == 1:
        return trees[0].classify(columns)
    classes = np.unique(np.concatenate([tree.label for tree in trees]))
    votes = np.zeros((classes.size, len(next(iter(columns.values())))), np.int32)
    for tree in trees:
        found = np.searchsorted(classes, tree.classify(columns))
        votes[found, np.arange(found.size)] += 1
    chosen: Labels = classes[votes.argmax(axis=0)]
    return chosen


def inputs_of(trees: Sequence[Tree]) -> tuple[str, ...]:
    """Return what the conditions of trees look at, each once."""
    return tuple(dict.fromkeys(name for tree in trees for name in tree.inputs))


@dataclass(frozen=True)
class _Node:
    number: int
    name: str | None
    operator: str
    limit: float
    label: int
    leaf: bool


def parse_tree(text: str) -> Tree:
    """Read a tree.

    Raises:
        ComputeError: The text is no tree; the message shows the line.
    """
    nodes = {node.number: node for line in text.splitlines() if (node := _node(line)) is not None}
    if 1 not in nodes:
        raise ComputeError("The decision tree has no root: a line '1) root 9999 9999 9999'.")
    order = sorted(nodes)
    place = {number: index for index, number in enumerate(order)}
    inputs = tuple(dict.fromkeys(name for number in order if (name := nodes[number].name) is not None))
    tree: dict[str, list[Any]] = {name: [] for name in ("source", "limit", "strict", "lower", "upper")}
    for number in order:
        node = nodes[number]
        if number > 1 and (number // 2 not in nodes or nodes[number // 2].leaf):
            raise ComputeError(f"Node {number} of the decision tree hangs in the air: node {number // 2} is no branch.")
        entry = _leaf() if node.leaf else _branch(nodes, number, place, inputs)
        for name, value in zip(tree, entry, strict=True):
            tree[name].append(value)
    return Tree(
        text,
        inputs,
        np.array(tree["source"]),
        np.array(tree["limit"], np.float64),
        np.array(tree["strict"], np.bool_),
        np.array(tree["lower"]),
        np.array(tree["upper"]),
        np.array([nodes[number].label for number in order]),
    )


def _node(line: str) -> _Node | None:
    if not re.match(r"\s*\d+\)", line):
        return None  # R's head lines, such as "n= 150"
    found = _LINE.fullmatch(line)
    numbers = None if found is None else _numbers(found[5] or "0", found[6])
    if found is None or numbers is None:
        raise ComputeError(
            f"The decision tree has a line {line.strip()[:80]!r}; it must be 'NUMBER) NAME<LIMIT 9999 9999 CLASS', "
            "with one of <, <=, >, >= and a whole number as the class, and a '*' at the end of a leaf."
        )
    return _Node(int(found[1]), found[3], found[4] or "", *numbers, leaf=found[7] is not None)


def _numbers(limit: str, label: str) -> tuple[float, int] | None:
    try:
        numbers = float(limit), int(float(label))
    except (ValueError, OverflowError):
        return None
    return numbers if numbers[1] == float(label) and abs(numbers[1]) <= GREATEST_CLASS else None


def _leaf() -> tuple[int, float, bool, int, int]:
    return _LEAF, 0.0, False, 0, 0


def _branch(
    nodes: Mapping[int, _Node], number: int, place: Mapping[int, int], inputs: Sequence[str]
) -> tuple[int, float, bool, int, int]:
    first, second = nodes.get(2 * number), nodes.get(2 * number + 1)
    if first is None or second is None:
        raise ComputeError(f"Node {number} of the decision tree needs two children, or a '*' at its end.")
    if (first.name, _OPPOSITE.get(first.operator), first.limit) != (second.name, second.operator, second.limit):
        raise ComputeError(f"The conditions of nodes {first.number} and {second.number} are not each other's opposite.")
    lower, upper = (first, second) if first.operator.startswith("<") else (second, first)
    return inputs.index(str(first.name)), first.limit, lower.operator == "<", place[lower.number], place[upper.number]
