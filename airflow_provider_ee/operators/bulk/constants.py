"""Refuse wrong arguments of a bulk export when the DAG is parsed, as far as they hold no template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.base import is_constant
from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["check_constants"]


def check_constants(exports: Any, kind: Any, common: Any, shared: Mapping[str, Any]) -> None:
    """Check the names of kinds, and the arguments that items have in common.

    Args:
        exports: The items, or what yields them.
        kind: The kind of all items that name no other.
        common: The arguments that all items have unless they give another value.
        shared: More of these, each of which the operator takes by name.

    Raises:
        InvalidArgument: A kind does not exist, no kind has such an argument, or its value is wrong.
    """
    from airflow_provider_ee.client.arguments.scalars import mapping
    from airflow_provider_ee.client.exports import EXPORTS, find_export

    items = exports if isinstance(exports, (list, tuple)) else ()
    named = {
        one["export"]: at for at, one in enumerate(items) if isinstance(one, Mapping) and _is_name(one.get("export"))
    }
    for name, at in named.items():
        find_export(name, f"exports[{at}].export")
    default = find_export(kind, "export") if kind is not None and is_constant(kind) else None
    if not isinstance(common, Mapping) and is_constant(common):
        mapping("common", common or None)
    given = common if isinstance(common, Mapping) else {}
    for argument, value in {**{f"common.{name}": value for name, value in given.items()}, **shared}.items():
        name = argument.removeprefix("common.")
        if not any(name in export.needed for export in EXPORTS.values()):
            raise InvalidArgument(argument, "no kind of export has such an argument", "arguments of the exports")
        if default and name in default.needed and value is not None and is_constant(value):
            try:
                default.check(name, value)
            except InvalidArgument as error:
                raise InvalidArgument(argument, error.problem, error.allowed) from None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and is_constant(value)
