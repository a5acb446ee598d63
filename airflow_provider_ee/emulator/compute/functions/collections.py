"""Collections: choose, order and map their elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.filters import Filter
from airflow_provider_ee.emulator.compute.images import Collection, Element, Feature, Image
from airflow_provider_ee.emulator.compute.narrowing import Narrowable

__all__ = [
    "aggregate_array",
    "distinct",
    "filtered",
    "first",
    "flattened",
    "from_elements",
    "limit",
    "listed",
    "mapped",
    "merged",
    "size",
]


def from_elements(elements: list[Element]) -> Collection:
    """Return the collection of these images or features; `system:index` counts them where they have none."""
    return Collection([_indexed(element, str(number)) for number, element in enumerate(elements)])


def _indexed(element: Element, index: str) -> Element:
    return replace(element, properties={"system:index": index, **element.properties})


def filtered(collection: Collection, condition: Filter) -> Collection:
    """Return the elements that a filter matches."""
    elements = collection.elements
    if isinstance(elements, Narrowable):
        elements = elements.narrowed(condition.narrowing)
        if condition.narrowing.complete:
            return replace(collection, elements=elements)
    return replace(collection, elements=[element for element in elements if condition.matches(element)])


def first(collection: Collection) -> Element | None:
    """Return the first element, or nothing."""
    return next(iter(collection.elements), None)


def limit(collection: Collection, most: int | None, key: str | None, ascending: bool) -> Collection:
    """Return the first elements in the order of a property; those without it come last."""
    if most is not None and most < 0:
        raise ComputeError("The limit must not be negative.")
    elements = list(collection.elements)
    if key is not None:
        having = [element for element in elements if element.properties.get(key) is not None]
        lacking = [element for element in elements if element.properties.get(key) is None]
        try:
            elements = sorted(having, key=lambda element: element.properties[key], reverse=not ascending) + lacking
        except TypeError as error:
            raise ComputeError(f"The values of '{key}' cannot be put in order: their types differ.") from error
    return replace(collection, elements=elements[:most])


def mapped(collection: Collection, function: Callable[..., Any], drop_nulls: bool) -> Collection:
    """Return the results of a function of each element; they keep the index of what they came from."""
    results: list[Element] = []
    for element in collection.elements:
        result = function(element)
        if isinstance(result, Image | Feature | Collection):
            index = str(element.properties.get("system:index", len(results)))
            results.append(replace(result, properties={**result.properties, "system:index": index}))
        elif result is not None or not drop_nulls:
            raise ComputeError("A mapped function's result must be an Image, a Feature or a collection of them.")
    return replace(collection, elements=results)


def merged(one: Collection, other: Collection) -> Collection:
    """Return the elements of both, their indices prefixed with 1_ and 2_."""
    pairs = [(prefix, element) for prefix, part in (("1", one), ("2", other)) for element in part.elements]
    indices = [f"{prefix}_{element.properties.get('system:index', '')}" for prefix, element in pairs]
    return Collection(
        [
            replace(element, properties={**element.properties, "system:index": index})
            for index, (_, element) in zip(indices, pairs, strict=True)
        ]
    )


def flattened(collection: Collection) -> Collection:
    """Return the elements of the collections in a collection, each with the indices that lead to it."""
    elements = []
    for part in collection.elements:
        if not isinstance(part, Collection):
            raise ComputeError("Only a collection of collections can be flattened.")
        outer = part.properties.get("system:index", "")
        for element in part.elements:
            index = f"{outer}_{element.properties.get('system:index', '')}"
            elements.append(replace(element, properties={**element.properties, "system:index": index}))
    return Collection(elements)


def distinct(collection: Collection, fields: Any) -> Collection:
    """Return the first of the elements that have the same values of a property, or of several."""
    names = fields if isinstance(fields, list) else [fields]
    if not all(isinstance(name, str) for name in names):
        raise ComputeError("'properties' must be a name or a list of names.")
    kept: dict[str, Element] = {}
    for element in collection.elements:
        values = [element.geometry if name == ".geo" else element.properties.get(name) for name in names]
        kept.setdefault(repr(values), element)
    return replace(collection, elements=list(kept.values()))


def listed(collection: Collection, count: int, offset: int) -> list[Element]:
    """Return some elements as a list."""
    if count < 0 or offset < 0:
        raise ComputeError("'count' and 'offset' must not be negative.")
    return list(collection.elements[offset : offset + count])


def size(collection: Collection) -> int:
    """Return the number of elements."""
    return len(collection.elements)


def aggregate_array(collection: Collection, name: str) -> list[Any]:
    """Return the values of a property, where it is set."""
    values = (element.properties.get(name) for element in collection.elements)
    return [value for value in values if value is not None]
