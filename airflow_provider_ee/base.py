"""What operators and sensors have in common: connection arguments, and arguments that may be files."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, cast

from airflow.sdk import BaseOperator

from airflow_provider_ee.compat import conf
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

if TYPE_CHECKING:
    from airflow.sdk.definitions.xcom_arg import PlainXComArg

    from airflow_provider_ee.typing import Text, TextsLike

__all__ = [
    "DEFAULT_DEFERRABLE",
    "DEFAULT_POLL_INTERVAL",
    "CallsEarthEngine",
    "FilesBesideTheDag",
    "TemplatedArguments",
    "arguments",
    "is_constant",
    "keyword_names",
]

#: Read once: the default of an argument of many classes.
DEFAULT_DEFERRABLE = conf.getboolean("operators", "default_deferrable", fallback=False)
DEFAULT_POLL_INTERVAL = conf.getfloat("earthengine", "poll_interval", fallback=30.0)


def arguments(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a constructor from its `locals()`, to hand all of them on to its base.

    So a class spells out every argument that it takes once, for readers, editors and type checkers.
    """
    named = {name: value for name, value in scope.items() if name not in {"self", "kwargs", "__class__"}}
    return {**named, **scope["kwargs"]}


def is_constant(value: object) -> bool:
    """Return whether a value is known when the DAG is parsed: no template in it, no function, no result of a task."""
    if isinstance(value, str):
        return not any(mark in value for mark in ("{{", "{%", "{#"))
    if isinstance(value, Mapping):
        return all(map(is_constant, [*value.keys(), *value.values()]))
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_constant, value))
    return not callable(value) and not hasattr(value, "resolve") and not hasattr(value, "call")


def keyword_names(operator: type) -> tuple[str, ...]:
    """Return the names of the keyword arguments in a class's own constructor."""
    init = operator.__dict__.get("__init__")
    if not inspect.isfunction(init):  # none, or that of `object`
        return ()
    code = inspect.unwrap(init).__code__  # `inspect.signature` takes 50 times as long, for every class at each parse
    return tuple(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])


class CallsEarthEngine(BaseOperator):
    """A task that calls Earth Engine; a sensor too, beside `BaseSensorOperator`.

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    template_fields: Sequence[str] = ("project_id", "earthengine_conn_id", "impersonation_chain")
    ui_color = "#e8f1ea"

    if TYPE_CHECKING:  # Airflow types it as XComArg, which knows no `output["uri_prefix"]`

        @property
        def output(self) -> PlainXComArg:
            """The result of the task, for other tasks."""

    def __init__(
        self,
        *,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        # Airflow puts the results of templates and of other tasks in their places before the task runs.
        self.project_id = cast("str | None", project_id)
        self.earthengine_conn_id = earthengine_conn_id
        self.impersonation_chain = cast("str | Sequence[str] | None", impersonation_chain)
        self.api_version = api_version


class TemplatedArguments(BaseOperator):
    """Make the arguments that a class spells out in its constructor templated attributes.

    The constructor hands all on: `super().__init__(**arguments(locals()))`.
    """

    #: The names of these arguments: those in the constructor of each class, without those that a base takes by name,
    #: unless the class lists them itself.
    arguments: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Add the arguments of a class to those of its bases."""
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("arguments")
        if own is None:
            taken = {name for base in cls.__mro__[1:] for name in keyword_names(base)}
            own = [name for name in keyword_names(cls) if name not in taken]
        inherited = [name for base in cls.__bases__ for name in getattr(base, "arguments", ())]
        cls.arguments = tuple(dict.fromkeys([*inherited, *own]))
        cls.template_fields = tuple(dict.fromkeys([*cls.template_fields, *cls.arguments]))

    def __init__(self, **kwargs: Any) -> None:
        own = {name: kwargs.pop(name) for name in self.arguments if name in kwargs}
        super().__init__(**kwargs)
        for name, value in own.items():
            setattr(self, name, value)


class FilesBesideTheDag(BaseOperator):
    """Let only some arguments of an operator be names of template files beside the DAG.

    Airflow takes every templated text with one of the endings of `template_ext` for such a name, however deep in an
    argument it is: also `gs://bucket/mixer.json`, or the prefix of files to be written.
    """

    #: The arguments that may be names of files.
    file_arguments: ClassVar[tuple[str, ...]] = ()

    def resolve_template_files(self) -> None:
        """Read the files, when the DAG is parsed; one that is not there fails its own task, when that is rendered.

        Airflow's own method logs it with a traceback at each parse, and so in the log of every task of the DAG.
        """
        for name in self.file_arguments:
            value = getattr(self, name, None)
            if isinstance(value, str) and value.endswith(tuple(self.template_ext)):
                env = self.get_template_env()
                with suppress(Exception):  # no such file, or not the name of one; rendering tells
                    setattr(self, name, env.loader.get_source(env, value)[0])  # type: ignore[union-attr]  # it has one
        self.prepare_template()

    def render_template(self, content: Any, *args: Any, **kwargs: Any) -> Any:
        """Render a template; a text that must not name a file gets another ending, a comment that Jinja leaves out."""
        if isinstance(content, str) and content.endswith(tuple(self.template_ext)) and not self._may_be_a_file(content):
            content += "{##}"
        return super().render_template(content, *args, **kwargs)

    def _may_be_a_file(self, content: str) -> bool:
        return any(content is getattr(self, name, None) for name in self.file_arguments)
