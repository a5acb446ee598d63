"""What every export takes, and what it makes of it: the body of a request, and what names the result."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.descriptions import description as check_description
from airflow_provider_ee.client.arguments.expressions import Expression
from airflow_provider_ee.client.arguments.group import Arguments, argument, name_first
from airflow_provider_ee.client.arguments.scalars import whole, without_none
from airflow_provider_ee.client.arguments.types import Number
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.rest.request import Method, Request

__all__ = ["LARGEST_INT32", "Body", "Export"]

Body: TypeAlias = dict[str, Any]

LARGEST_INT32 = 2**31 - 1


class Export(Arguments):
    """An export, from arguments that have been checked.

    Args:
        description: What the operation is called.
        priority: From 0 to 9999; Earth Engine's default is 100.
        workload_tag: By which its costs are told apart.
        max_workers: On how many machines Earth Engine may compute at most.
    """

    #: The method that starts it.
    method: ClassVar[Method]
    #: What users call it: `image_to_drive`.
    name: ClassVar[str]

    description: str | None = argument(name_first(check_description), default=None)
    priority: Number | None = argument(whole, 0, 9999, default=None)
    workload_tag: str | None = argument(name_first(names.workload_tag), default=None)
    max_workers: Number | None = argument(whole, 1, LARGEST_INT32, default=None)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Name the kind after the class."""
        super().__init_subclass__(**kwargs)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removeprefix("Export")).lower()

    @abstractmethod
    def computed(self) -> Expression:
        """Return the expression of what is exported."""

    @abstractmethod
    def fields(self) -> Body:
        """Return the fields of the body that only this kind of export has."""

    @abstractmethod
    def destination_fields(self) -> Body:
        """Return the field of the export's options that says where the result goes."""

    def body(self) -> Body:
        """Return the body of the request, without a request id.

        Raises:
            InvalidArgument: An argument is wrong, or two contradict each other.
        """
        return without_none(
            expression=self.computed(),
            description=self.description,
            **self.fields(),
            priority=self.priority,
            workloadTag=self.workload_tag,
            maxWorkers=self.max_workers,
        )

    def or_description(self, argument: str, value: str | None) -> str:
        """Return what the names of files begin with: what was given, or else the description."""
        found = self.description if value is None else value
        if found is None:
            raise InvalidArgument(argument, "neither it nor a description is given", "what the files are called")
        return found

    def request(self, project: str) -> Request:
        """Return the request that starts it in `projects/my-project`, without a request id."""
        return self.method(project, body=self.body())

    def doubts(self) -> list[str]:
        """Return what is probably not meant, as sentences: nothing that Earth Engine would be asked for."""
        return []

    def destination(self) -> dict[str, Any]:
        """Return what names the result, for those who go on with it."""
        return _name_result(self.destination_fields())


def _name_result(options: Mapping[str, Any]) -> dict[str, Any]:
    if storage := options.get("cloudStorageDestination"):
        bucket, prefix = storage.get("bucket"), storage.get("filenamePrefix", "")
        return {"bucket": bucket, "file_name_prefix": prefix, "uri_prefix": f"gs://{bucket}/{prefix}"}
    if folder := options.get("driveDestination"):
        return {"folder": folder.get("folder"), "file_name_prefix": folder.get("filenamePrefix")}
    if made := options.get("earthEngineDestination") or options.get("featureViewDestination"):
        return {"asset_id": names.destination_asset(made.get("name"))}
    if table := options.get("bigqueryDestination"):
        return {"table": table.get("table")}
    return {}
