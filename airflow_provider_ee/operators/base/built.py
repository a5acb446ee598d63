"""Operators whose request is built by a class of the client, from the same arguments."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

from airflow_provider_ee.base import FilesBesideTheDag, TemplatedArguments, is_constant

__all__ = ["BuiltByClient"]


class BuiltByClient(TemplatedArguments, FilesBesideTheDag):
    """Build a request with the class of the client that is named as this one.

    `EarthEngineExportImageToDriveOperator` takes the arguments of `client.exports.ExportImageToDrive`. A subclass of it
    that a user writes is built as its base is.
    """

    #: The module of the client, `exports` or `imports`.
    client_module: ClassVar[str]

    @classmethod
    def client_class(cls) -> type[Any]:
        """Return the class of the client."""
        module = importlib.import_module(f"airflow_provider_ee.client.{cls.client_module}")
        for base in cls.__mro__:
            name = base.__name__.removeprefix("EarthEngine").removesuffix("Operator")
            if base.__module__.startswith("airflow_provider_ee.") and hasattr(module, name):
                return getattr(module, name)  # type: ignore[no-any-return]  # found by its name
        raise TypeError(f"{cls.__name__} is not derived from an operator of airflow_provider_ee.")

    def given(self) -> dict[str, Any]:
        """Return the arguments as they are now, templates, functions and all."""
        return {name: getattr(self, name) for name in self.arguments}

    def build(self, given: Mapping[str, Any]) -> Any:
        """Return the client's export or import with these arguments."""
        return self.client_class()(**given)

    def check_constants(self) -> None:
        """Refuse arguments that are wrong whatever a run may be, while the DAG is parsed.

        Raises:
            InvalidArgument: One is.
        """
        kind = self.client_class()
        for name in kind.checked:
            value = getattr(self, name, None)
            if value is not None and is_constant(value) and not self._may_name_a_file(name, value):
                kind.check(name, value)

    def _may_name_a_file(self, name: str, value: object) -> bool:
        return name in self.file_arguments and isinstance(value, str) and value.endswith(tuple(self.template_ext))
