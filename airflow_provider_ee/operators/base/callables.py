"""A callable in the place of what it makes: it runs on the worker, when the task does.

When Airflow renders a template field, it calls whatever is callable there, with a context and a Jinja environment:
https://github.com/apache/airflow/blob/3.3.2/task-sdk/src/airflow/sdk/definitions/_internal/templater.py
So a callable that makes an `ee` object, which `ee` must be initialised for, is put into something that is none.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments.expressions import is_ee_object
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import determine_kwargs

__all__ = ["Recipe", "all_made", "recipe"]

_ALLOWED = "a function that returns an ee object, without calling it, or an expression as a dict or JSON text"


@dataclass(frozen=True, repr=False)
class Recipe:
    """A callable that returns an `ee` object, an expression or GeoJSON, and is called on the worker.

    Args:
        function: The callable. It is called as PythonOperator calls one: with the arguments that are there for it, and
            with those names of Airflow's context that it asks for.
    """

    function: Callable[..., Any]

    def made(
        self, context: Mapping[str, Any], op_args: Sequence[Any] = (), op_kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Call it and return what it makes.

        Args:
            context: Airflow's context, of which it gets what it asks for by name.
            op_args: Its first arguments.
            op_kwargs: Arguments by name. Those that it does not know are left out: other callables of the same
                operator may be meant.

        Raises:
            InvalidArgument: The arguments do not fit. What it raises itself passes as it is.
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
        """Return what Airflow keeps and shows of it, without the module: that is named after the place of the DAG file.

        So each version of a bundle would else be another DAG. Airflow itself shows callables so.
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


def recipe(value: Any) -> Any:
    """Put a callable into a Recipe; anything else is returned as it is.

    Raises:
        InvalidArgument: It is a callable that cannot be called on the worker, or not so that it returns something.
    """
    if not callable(value) or is_ee_object(value):
        return value
    if hasattr(value, "_airflow_is_task_decorator"):
        raise InvalidArgument("the callable", f"{value.function.__qualname__} is a task already", _ALLOWED)
    if inspect.iscoroutinefunction(value):
        raise InvalidArgument("the callable", f"{shown(value)} is asynchronous", _ALLOWED)
    return Recipe(value)


def all_made(
    words: Mapping[str, Any],
    initialize_ee: Callable[[], object],
    context: Mapping[str, Any],
    op_args: Sequence[Any],
    op_kwargs: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return arguments of an operator, with what the functions among them make in their place.

    Args:
        words: The arguments by name.
        initialize_ee: Called before the functions, if there are any.
        context: Airflow's context.
        op_args: What each of the functions is called with.
        op_kwargs: What each is called with by name.
    """
    if any(isinstance(value, Recipe) for value in words.values()):
        initialize_ee()
    return {
        word: value.made(context, op_args, op_kwargs) if isinstance(value, Recipe) else value
        for word, value in words.items()
    }
