"""What a user wants exported in bulk, item by item."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments.expressions import is_ee_object
from airflow_provider_ee.client.bulk.exports import Export, export
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Item", "read_items"]

_LONGEST_KEY = 200
_AN_ITEM = 'a dict with a key and the words of the export, such as {"key": "2024-05-01", "image": image, "bucket": "b"}'


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to export.

    Attributes:
        key: What tells it from all others of the task, in each run of the code that names it.
        export: What kind of export.
        words: The export's words. What is callable among them is called when it is needed.
        ticket: In whose name it is started.
    """

    key: str
    export: Export
    words: Mapping[str, Any]
    ticket: Ticket

    @property
    def digest(self) -> str:
        """By what a marker knows it."""
        return self.ticket.item

    def request(self, project: str) -> Request:
        """Build the request that starts it.

        Raises:
            InvalidArgument: A word is wrong; the error names the item as well.
        """
        try:
            return self.export.method(project, body=self.export.build(**_Made(self.words)))
        except InvalidArgument as error:
            raise InvalidArgument(f"{self.key}: {error.argument}", error.problem, error.allowed) from None

    def destination(self) -> dict[str, Any]:
        """Say where it goes."""
        return self.export.destination(_Made(self.words))


class _Made(Mapping[str, Any]):
    """The words of an export, the functions among them being called when somebody asks for their word."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def __getitem__(self, word: str) -> Any:
        value = self._words[word]
        return value() if callable(value) and not is_ee_object(value) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def read_items(given: object, ticket: Ticket, *, kind: object, common: Mapping[str, Any]) -> list[Item]:
    """Read items as a user wrote them, and check what can be checked without building their requests.

    Args:
        given: Dicts, each with a `key` and the words of an export, perhaps with `export` for another kind.
        ticket: Of the task that they belong to.
        kind: What kind of export they are unless they say something else.
        common: The words that all have unless they say something else.

    Raises:
        InvalidArgument: One is none, names no word or a wrong one, or two have the same key.
    """
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, Mapping)):
        raise InvalidArgument("exports", f"{shown(given)} is no list of items", f"each {_AN_ITEM}")
    kinds: dict[object, Export] = {}
    items: dict[str, Item] = {}
    for number, one in enumerate(given):
        at = f"exports[{number}]"
        words, key = _words(one, at)
        wanted = words.pop("export", kind)
        if not isinstance(wanted, str) or wanted not in kinds:  # what is no text may have no hash
            kinds[wanted] = export(wanted, f"{at}.export" if wanted is not kind else "export")
        known = {word: value for word, value in common.items() if word in kinds[wanted].words}
        item = Item(key, kinds[wanted], {"description": key, **known, **words}, ticket.for_item(key))
        _check_words(item, at)
        twin = items.setdefault(item.digest, item)
        if twin is not item:
            raise InvalidArgument(f"{at}.key", f"{shown(key)} is an earlier item's", "a key of its own for each item")
    for word in common:
        if kinds and not any(word in known.words for known in kinds.values()):
            names = ", ".join(known.name for known in kinds.values())
            raise InvalidArgument(f"common.{word}", f"{names} knows no such word", "words of the exports")
    return list(items.values())


def _words(one: object, at: str) -> tuple[dict[str, Any], str]:
    if not isinstance(one, Mapping):
        raise InvalidArgument(at, f"{shown(one)} is no item", _AN_ITEM)
    words = dict(one)
    key = words.pop("key", None)
    if not isinstance(key, str) or not 1 <= len(key) <= _LONGEST_KEY:
        raise InvalidArgument(f"{at}.key", f"{shown(key)} is no key", f"a text of 1 to {_LONGEST_KEY} characters")
    return words, key


def _check_words(item: Item, at: str) -> None:
    known = item.export.words
    for word in item.words:
        if word not in known:
            raise InvalidArgument(f"{at}.{word}", f"{item.export.name} knows no such word", ", ".join(known))
    for word, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and word not in item.words:
            raise InvalidArgument(f"{at}.{word}", f"{shown(item.key)} has none", f"what {item.export.name} needs")
