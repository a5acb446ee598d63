"""What a user wants exported in bulk, item by item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_ee.client.arguments.descriptions import description, readable
from airflow_provider_ee.client.arguments.digests import digest
from airflow_provider_ee.client.arguments.expressions import is_ee_object
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports import Export, find_export
from airflow_provider_ee.client.operations.markers import LONGEST_ITEM_TEXT, Ticket, digest_in
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Item", "read_items"]

_MAX_KEY_LENGTH = 200
#: The width that a marker has for the digest of what an operation was asked to do.
_DIGEST_LENGTH = 4
_AN_ITEM = (
    "a dict with a key and the arguments of the export, "
    'such as {"key": "2024-05-01", "image": image, "bucket": "my-bucket"}'
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to export.

    Attributes:
        key: What tells it from all others of the task, the same in each run of the code that names it.
        kind: The kind of export.
        arguments: The export's arguments. Functions among them are called when the argument is needed.
        ticket: Whose work it is.
    """

    key: str
    kind: type[Export]
    arguments: Mapping[str, Any]
    ticket: Ticket

    @property
    def digest(self) -> str:
        """The digest of the key, by which a marker names the item."""
        return self.ticket.item

    def request(self, project: str, request_id: str) -> Request:
        """Build the request that starts it. Its description ends with the item's marker.

        Raises:
            InvalidArgument: An argument is wrong; the error names the item as well.
        """
        try:
            export = self.kind(**{name: _resolve(value) for name, value in self.arguments.items()})
            request = export.request(project)
            text = description(export.description, longest=LONGEST_ITEM_TEXT)
            marked = f"{text}{self.ticket.marker}.{_digest(export.destination())}"
        except InvalidArgument as error:
            raise InvalidArgument(f"{self.key}: {error.argument}", error.problem, error.allowed) from None
        return replace(request, body={**(request.body or {}), "description": marked, "requestId": request_id})

    def destination(self) -> dict[str, Any]:
        """Return where it is written."""
        named = {
            name: _resolve(value) if name in self.kind.checked else value for name, value in self.arguments.items()
        }
        return self.kind(**named).destination()

    def written_by(self, operation: Operation) -> dict[str, Any] | None:
        """Return where an operation has written the item; None if it was started with another destination.

        A later try may name another destination than the one that started the operation, such as a template with the
        present time: then nobody knows where the item is.
        """
        try:
            destination = self.destination()
        except InvalidArgument:
            return None
        return destination if digest_in(operation.description) == _digest(destination) else None


def _digest(destination: Mapping[str, Any]) -> str:
    return digest(_DIGEST_LENGTH, json.dumps(destination, sort_keys=True))


def _resolve(value: Any) -> Any:
    """Call a function that stands for an argument; return anything else as it is."""
    return value() if callable(value) and not is_ee_object(value) else value


def read_items(given: object, ticket: Ticket, *, kind: object, common: Mapping[str, Any]) -> list[Item]:
    """Read items as a user wrote them, and check what can be checked without building their requests.

    Args:
        given: Dicts, each with a `key` and the arguments of an export, perhaps with `export` for another kind.
        ticket: The ticket of the task that they belong to.
        kind: The kind of export of all items that do not name another one.
        common: The arguments that all items have unless they give another value.

    Raises:
        InvalidArgument: One is not an item, lacks an argument or has an unknown one, or two have the same key.
    """
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, Mapping)):
        raise InvalidArgument("exports", f"{shown(given)} is not a list of items", f"each {_AN_ITEM}")
    kinds: dict[object, type[Export]] = {}
    items: dict[str, Item] = {}
    for number, one in enumerate(given):
        at = f"exports[{number}]"
        arguments, key = _split(one, at)
        wanted = arguments.pop("export", kind)
        if not isinstance(wanted, str) or wanted not in kinds:  # what is not a text may have no hash
            kinds[wanted] = find_export(wanted, f"{at}.export" if wanted is not kind else "export")
        known = {name: value for name, value in common.items() if name in kinds[wanted].needed}
        arguments = _named(key, kinds[wanted], {**known, **arguments})
        item = Item(key, kinds[wanted], arguments, ticket.for_item(key))
        _check_arguments(item, at)
        twin = items.setdefault(item.digest, item)
        if twin is not item:
            problem = f"{shown(key)} is the key of an earlier item"
            raise InvalidArgument(f"{at}.key", problem, "a key of its own for each item")
    for name in common:
        if kinds and not any(name in used.needed for used in kinds.values()):
            names = ", ".join(used.name for used in kinds.values())
            raise InvalidArgument(f"common.{name}", f"{names} has no such argument", "arguments of the exports")
    return list(items.values())


def _named(key: str, kind: type[Export], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Name an item without a description, and its files, after its key, which may hold what a description must not."""
    if arguments.get("description") is not None:
        return dict(arguments)
    files = {name: key for name in ("file_name_prefix", "path") if name in kind.needed and arguments.get(name) is None}
    return {**arguments, **files, "description": readable([key], longest=LONGEST_ITEM_TEXT)}


def _split(one: object, at: str) -> tuple[dict[str, Any], str]:
    if not isinstance(one, Mapping):
        raise InvalidArgument(at, f"{shown(one)} is not an item", _AN_ITEM)
    arguments = dict(one)
    key = arguments.pop("key", None)
    if not isinstance(key, str) or not 1 <= len(key) <= _MAX_KEY_LENGTH:
        problem = "is missing" if key is None else f"{shown(key)} is not a key"
        raise InvalidArgument(f"{at}.key", problem, f"a text of 1 to {_MAX_KEY_LENGTH} characters")
    return arguments, key


def _check_arguments(item: Item, at: str) -> None:
    known = item.kind.needed
    for name in item.arguments:
        if name not in known:
            raise InvalidArgument(f"{at}.{name}", f"{item.kind.name} has no such argument", ", ".join(known))
    for name, needed in known.items():
        if needed and name not in item.arguments:
            raise InvalidArgument(f"{at}.{name}", f"{shown(item.key)} lacks it", f"what {item.kind.name} needs")
