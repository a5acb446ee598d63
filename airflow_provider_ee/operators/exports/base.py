"""What every export is: words for a request, and a place where the result goes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.base import FilesBesideTheDag
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.callables import resolve_callables
from airflow_provider_ee.operators.base.operation import EarthEngineOperationOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineExportOperator"]


class EarthEngineExportOperator(FilesBesideTheDag, EarthEngineOperationOperator):
    """Start an export, wait until it is done, return what it did and where.

    What is exported, `image` or the like, may be an expression as a dict or JSON text, the path of a `.json` file
    beside the DAG, or a function that returns an `ee` object: it runs on the worker, with `ee` initialised from the
    connection. So may a region.

    A subclass names its words, each an attribute of the same name. They are templated; those of its bases are added.

    Args:
        description: What the operation is called; the task's id if None.
        priority: From 0 to 9999; Earth Engine's default is 100.
        workload_tag: By which its costs are told apart.
        max_workers: On how many machines Earth Engine may compute at most.
        op_args: What a function is called with.
        op_kwargs: What a function is called with by name; it may ask for names of Airflow's context as well.
    """

    #: Google's name for the method, such as `projects.image.export`.
    method: ClassVar[str]
    #: The attributes from which the request is made.
    words: ClassVar[tuple[str, ...]] = ("description", "priority", "workload_tag", "max_workers")

    template_fields: Sequence[str] = (*EarthEngineOperationOperator.template_fields, "op_args", "op_kwargs", *words)
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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Add the words of all its bases to those of a class."""
        super().__init_subclass__(**kwargs)
        inherited = [word for base in cls.__bases__ for word in getattr(base, "words", ())]
        cls.words = tuple(dict.fromkeys([*inherited, *cls.__dict__.get("words", ())]))
        cls.template_fields = tuple(dict.fromkeys([*cls.template_fields, *cls.words]))

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

    @abstractmethod
    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body from the words, none of which is a function any more."""

    def request(self, project: str, context: Context) -> Request:
        """Build the request."""
        from airflow_provider_ee.client.rest.methods import METHODS

        words = {word: getattr(self, word) for word in self.words} | {"description": self._description}
        with EarthEngineHook.of(self) as hook:
            words = resolve_callables(words, hook.initialize_ee, context, self.op_args, self.op_kwargs)
        return METHODS[self.method](project, body=self.body(words))

    @property
    def _description(self) -> str:
        return self.task_id if self.description is None else self.description
