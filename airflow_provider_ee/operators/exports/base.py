"""What every export does: build its request from the arguments, and say where the result goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.built import BuiltByClient
from airflow_provider_ee.operators.base.callables import resolve_callables, wrap_arguments
from airflow_provider_ee.operators.base.identity import default_description
from airflow_provider_ee.operators.base.operation import EarthEngineOperationOperator
from airflow_provider_ee.operators.exports import outputs

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineExportOperator"]

#: The arguments with which the names of files begin, and their default: two task instances never write the same files.
_PREFIXES = frozenset({"file_name_prefix", "path"})
_DEFAULT_PREFIX = "{{ task.default_prefix(ti) }}"
#: Names of objects may be longer; with the number of a part and an ending this is a name in any file system.
_LONGEST_PREFIX = 200


class EarthEngineExportOperator(BuiltByClient, EarthEngineOperationOperator):
    """Start an export, wait until it is done, return what it did and where.

    A subclass is named after a class of `airflow_provider_ee.client.exports`, and spells out the arguments of that
    class in its constructor. Each becomes a templated attribute, and a part of the request.

    Args:
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
        priority: From 0 to 9999; Earth Engine's default is 100.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        max_workers: How many machines Earth Engine may use at most.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions.
    """

    client_module = "exports"
    arguments: ClassVar[tuple[str, ...]] = ("description", "priority", "workload_tag", "max_workers")

    template_fields: Sequence[str] = (*EarthEngineOperationOperator.template_fields, "op_args", "op_kwargs")
    template_ext: Sequence[str] = (".json", ".geojson")
    file_arguments: ClassVar[tuple[str, ...]] = ("expression", "image", "collection", "classifier", "region")
    template_fields_renderers: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "expression",
            "image",
            "collection",
            "classifier",
            "region",
            "grid",
            "format_options",
            "file_export_options",
            "asset_export_options",
            "op_kwargs",
        ),
        "json",
    )

    #: Whether the names of files are made of DAG, task, map index and run.
    has_default_prefix: bool = False

    def __init__(
        self,
        *,
        description: str | None = None,
        priority: int | str | None = None,
        workload_tag: str | None = None,
        max_workers: int | str | None = None,
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.description = description
        self.priority = priority
        self.workload_tag = workload_tag
        self.max_workers = max_workers
        self.op_args = op_args
        self.op_kwargs = op_kwargs
        for name in _PREFIXES & set(self.arguments):
            if getattr(self, name) is None:
                self.has_default_prefix = True
                setattr(self, name, _DEFAULT_PREFIX)
        wrap_arguments(self)
        self.check_constants()

    def request(self, project: str, context: Context) -> Request:
        """Build the request, and warn of what is probably not meant."""
        self._name_map_index(context)
        with EarthEngineHook.of(self) as hook:
            given = resolve_callables(self.given(), hook.initialize_ee, context, self.op_args, self.op_kwargs)
            export = self.build(given)
            for doubt in export.doubts():
                self.log.warning(doubt)
            self.check_result(hook, export)
            request: Request = export.request(project)
        return request

    def check_result(self, hook: EarthEngineHook, export: Any) -> None:
        """Look whether there will be a result at all, where that is cheap."""

    def destination(self, request: Request) -> dict[str, Any]:
        """Return where the result goes."""
        destination: dict[str, Any] = self.build(self.given()).destination()
        found = outputs.file_format(request)
        return destination if found is None else {**destination, "file_format": found}

    def add_outputs(self, client: Client, result: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Storage is another service
        """Return the result with the `uris` of the files in Cloud Storage."""
        return outputs.add_uris(self, result)

    def summary(self, request: Request, destination: Mapping[str, Any]) -> str:
        """Return what goes where, in a few words for the log."""
        return f"{super().summary(request, destination)}: {outputs.describe(self)}"

    def default_prefix(self, ti: Any) -> str:
        """Return a name for files that no other task instance has, made of its DAG, task, map index and run."""
        return default_description({"ti": ti}, _LONGEST_PREFIX, separator="/" if "bucket" in self.arguments else ":")

    def _name_map_index(self, context: Context) -> None:
        """Let Airflow's grid show a name for an instance of a mapped task, unless the DAG says which."""
        index = context["ti"].map_index if "ti" in context else None
        if index is None or index < 0 or context.get("map_index_template") is not None:
            return
        name = outputs.map_name(self)
        if name is not None:
            context["map_index_template"] = f"{{{{ {name!r} }}}}"
