"""The stub by which editors and type checkers know the decorators `@task.ee_...` and their arguments.

Airflow makes these decorators at run time from the provider's information, so its own stub cannot name them.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator

from airflow_provider_ee import typing as types
from airflow_provider_ee.decorators import exports, functions

__all__ = ["text"]

_HEAD = '''\
"""`task` of Airflow with the decorators of this provider, as editors and type checkers see it.

Written by `make signatures`.
"""

{imports}

__all__ = ["task"]

P = ParamSpec("P")
R = TypeVar("R")

class EarthEngineTask(Task[P, R], Protocol[P, R]):
    """A function that has become a task: a call returns the task's result, for other tasks."""

    __call__: Callable[P, PlainXComArg]

class EarthEngineTasks(TaskDecoratorCollection):
'''
#: Where the names in the signatures come from.
_MODULES = {
    "collections.abc": ("Callable", "Mapping", "Sequence"),
    "typing": ("Any", "Literal", "ParamSpec", "Protocol", "TypeVar", "Unpack", "overload"),
    "airflow.sdk": ("XComArg",),
    "airflow.sdk.bases.decorator": ("Task",),
    "airflow.sdk.definitions.decorators": ("TaskDecoratorCollection",),
    "airflow.sdk.definitions.xcom_arg": ("PlainXComArg",),
    "airflow_provider_ee.typing": tuple(types.__all__),
}


def text() -> str:
    """Return the stub."""
    methods = "".join(_method(name, *arguments) for name, *arguments in _decorators())
    body = f"{methods}\ntask: EarthEngineTasks\n"
    words = set(re.findall(r"\w+", _HEAD + body))
    imports = {module: [name for name in names if name in words] for module, names in _MODULES.items()}
    listed = "\n".join(_import(module, names) for module, names in imports.items() if names)
    for first_of_group in ("from airflow.sdk ", "from airflow_provider_ee"):
        listed = listed.replace(f"\n{first_of_group}", f"\n\n{first_of_group}", 1)
    return _HEAD.format(imports=listed) + body


def _decorators() -> Iterator[tuple[str, type, set[str], str]]:
    """Return the name of each decorator, its operator, the arguments that are not its own, and its tasks' result."""
    yield "earthengine", functions.EarthEngineDecoratedOperator, {"python_callable", "op_args", "op_kwargs"}, "R"
    for name, decorated in exports.DECORATED.items():
        # The function that is decorated stands for the result, and the call of the task for its arguments.
        yield name, decorated.__bases__[1], {decorated.result_argument, "op_args", "op_kwargs"}, "dict[str, Any]"


def _method(name: str, operator: type, without: set[str], result: str) -> str:
    arguments = [line for argument, line in _arguments(operator) if argument not in without]
    function = "Callable[P, R]" if result == "R" else "Callable[P, Any]"
    docstring = f'        """Make a function a task, with the arguments of {operator.__name__}."""\n'
    needs = any("=" not in line for line in arguments)
    overload = "" if needs else "    @overload\n"
    bare = f"{overload}    def {name}(self, python_callable: {function}) -> EarthEngineTask[P, {result}]:\n{docstring}"
    whole = (
        f"{overload}    def {name}(\n        self,\n        *,\n"
        + "".join(f"        {line},\n" for line in arguments)
        + "        task_id: str = ...,\n        **kwargs: Unpack[TaskArguments],\n"
        + f"    ) -> Callable[[{function}], EarthEngineTask[P, {result}]]:\n{docstring}"
    )
    return whole if needs else bare + whole


def _arguments(operator: type) -> Iterator[tuple[str, str]]:
    [init] = ast.parse(textwrap.dedent(inspect.getsource(operator.__dict__["__init__"]))).body
    assert isinstance(init, ast.FunctionDef)  # noqa: S101 - for type checkers
    for argument, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
        assert argument.annotation is not None  # noqa: S101 - for type checkers
        line = f"{argument.arg}: {ast.unparse(argument.annotation)}".replace("'", '"')
        if default is None:
            yield argument.arg, line
        else:
            shown = ast.unparse(default).replace("'", '"') if isinstance(default, ast.Constant) else "..."
            yield argument.arg, f"{line} = {shown}"


def _import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= 120:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in sorted(names)) + ")"
