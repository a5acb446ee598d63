"""Functions given as arguments: wrapped while the DAG is parsed and rendered, called on the worker.

When Airflow renders a template field, it calls whatever is callable there, with a context and a Jinja environment:
https://github.com/apache/airflow/blob/3.3.2/task-sdk/src/airflow/sdk/definitions/_internal/templater.py
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.base import FilesBesideTheDag
from airflow_provider_ee.client.arguments.expressions import is_ee_object
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import determine_kwargs

__all__ = ["WrappedCallable", "resolve_callables", "wrap_arguments", "wrap_callable"]

_ALLOWED = "a function that returns an ee object, without calling it, or an expression as a dict or JSON text"


@dataclass(frozen=True, repr=False)
class WrappedCallable:
    """Wrap a function given as an argument, so that Airflow's renderer does not call it.

    It runs on the worker, once `ee` is initialised, and returns an `ee` object, an expression or GeoJSON.

    Args:
        function: The function. It is called as PythonOperator calls one: with `op_args` and `op_kwargs`, and with those
            names of Airflow's context that it asks for.
    """

    function: Callable[..., Any]

    def call(
        self, context: Mapping[str, Any], op_args: Sequence[Any] = (), op_kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Call the function and return its result.

        Args:
            context: Airflow's context, of which the function gets what it asks for by name.
            op_args: Its positional arguments.
            op_kwargs: Its keyword arguments. Those that it does not know are left out: they may be meant for another
                function of the same operator.

        Raises:
            InvalidArgument: The arguments do not fit. What the function itself raises passes as it is.
        """
        signature = inspect.signature(self.function)
        try:
            keywords = determine_kwargs(self.function, op_args, {**context, **(op_kwargs or {})})
            signature.bind(*op_args, **keywords)
        except (TypeError, ValueError) as error:
            raise InvalidArgument(
                "op_args and op_kwargs",
                f"{self} cannot be called with them: {error}",
                f"what it takes, {signature}; names of Airflow's context come by themselves",
            ) from None
        return self.function(*op_args, **keywords)

    def serialize(self) -> str:
        """Return what Airflow stores and shows of the function: its name, as for its own operators.

        Without the module, which is named after the path of the DAG file: with it each version of a bundle would be
        another version of the DAG.
        """
        return str(self)

    def __str__(self) -> str:
        named = self.function
        while isinstance(named, functools.partial):
            named = named.func
        if not hasattr(named, "__qualname__"):
            named = type(named)
        return f"<callable {named.__qualname__}>"

    __repr__ = __str__


def wrap_callable(value: Any) -> Any:
    """Wrap a function; any other value is returned as it is.

    Raises:
        InvalidArgument: The function is a task, or a coroutine function.
    """
    if not callable(value) or is_ee_object(value):
        return value
    if hasattr(value, "_airflow_is_task_decorator"):
        raise InvalidArgument("the callable", f"{value.function.__qualname__} is a task already", _ALLOWED)
    if inspect.iscoroutinefunction(value):
        raise InvalidArgument("the callable", f"{shown(value)} is asynchronous", _ALLOWED)
    return WrappedCallable(value)


def wrap_arguments(operator: FilesBesideTheDag) -> None:
    """Wrap the functions among those arguments of an operator that may be functions."""
    for name in operator.file_arguments:
        if hasattr(operator, name):
            setattr(operator, name, wrap_callable(getattr(operator, name)))


def resolve_callables(
    arguments: Mapping[str, Any],
    initialize_ee: Callable[[], object],
    context: Mapping[str, Any],
    op_args: Sequence[Any],
    op_kwargs: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the arguments of an operator with the results of the functions among them.

    Args:
        arguments: The arguments by name.
        initialize_ee: Called before the functions, if there are any.
        context: Airflow's context.
        op_args: The positional arguments of each function.
        op_kwargs: The keyword arguments of each function.
    """
    if any(isinstance(value, WrappedCallable) for value in arguments.values()):
        initialize_ee()
    return {
        name: value.call(context, op_args, op_kwargs) if isinstance(value, WrappedCallable) else value
        for name, value in arguments.items()
    }
