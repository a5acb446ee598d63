"""Make a method of Client, AsyncClient and EarthEngineHook out of one flow or class, whose arguments are written once.

    class Calls:
        get_asset = FlowMethod(assets.get_asset)                # client.get_asset(...) -> dict
        list_assets = ListMethod(assets.list_assets)            # -> an iterator
        get_operation = HandleMethod(operations.get_operation)  # -> the handle of an operation
        export_map = StartMethod(exports.ExportMap)             # the same
        import_external_image = CallMethod(assets.ImportExternalImage)  # -> what its flow returns
        read_pixels = PixelMethod(pixels.ReadPixels)            # -> what the call returns

With an AsyncClient each is awaited, and lists are asynchronous iterators. Type checkers see the arguments in the type
of each method, `help` and `inspect.signature` in the function that it becomes.
"""

from __future__ import annotations

import inspect
import re
import warnings
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from types import MethodType
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, Protocol, Self, TypeAlias, TypeVar, overload

from airflow_provider_ee.client.calls.handles import AsyncOperationHandle, OperationHandle
from airflow_provider_ee.client.calls.operations import Startable, default_description, start
from airflow_provider_ee.client.http.clients import AsyncClient, Client
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow, Listing, next_items
from airflow_provider_ee.client.warnings import DoubtfulArgumentWarning

__all__ = [
    "CallMethod",
    "FlowMethod",
    "HandleMethod",
    "HandlesMethod",
    "HasClient",
    "HasFlow",
    "ListMethod",
    "PixelCall",
    "PixelMethod",
    "StartMethod",
]

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Returned = TypeVar("Returned")
ReturnedAsync = TypeVar("ReturnedAsync")

Later: TypeAlias = Coroutine[Any, Any, T]


class HasClient(Protocol):
    """Opens a Client when one of its methods is called: EarthEngineHook."""

    def client(self) -> Client:
        """Return an open client."""


class HasFlow(Protocol[T_co]):
    """A call of several requests."""

    def flow(self, project: str) -> Flow[T_co]:
        """Return the flow that makes the requests in this project."""


class PixelCall(Protocol[T_co]):
    """A call that fetches pixels."""

    async def run(self, client: AsyncClient) -> T_co:
        """Fetch them."""


class _Method(Generic[P, Returned, ReturnedAsync]):
    """A method of several classes, with the arguments of what it calls.

    Args:
        call: A flow, whose first argument is the project, or a class.
    """

    #: What the method of a Client returns, and that of an AsyncClient; {} is what the flow returns.
    _returns: ClassVar[tuple[str, str]]

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> Callable[P, ReturnedAsync]: ...
    @overload
    def __get__(self, client: Client | HasClient, owner: type) -> Callable[P, Returned]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        function = self._function(owner)
        return function if client is None else MethodType(function, client)

    def _describe(self) -> str:
        return _describe(self._call)

    @abstractmethod
    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        """Call it for a client of either kind."""

    def _function(self, owner: type) -> Callable[..., Any]:
        def method(self_: Any, /, *args: Any, **kwargs: Any) -> Any:
            client = self_ if isinstance(self_, (Client, AsyncClient)) else self_.client()
            return self._run(client, *args, **kwargs)

        method.__name__ = self._name
        method.__qualname__ = f"{owner.__qualname__}.{self._name}"
        method.__module__ = owner.__module__
        method.__doc__ = self._describe()
        returns = self._returns[issubclass(owner, AsyncClient)]
        method.__signature__ = _signature(self._call, returns)  # type: ignore[attr-defined]  # any function takes it
        return method


class FlowMethod(_Method[P, T, Later[T]]):
    """A method that runs a flow and returns its result."""

    _returns = "{}", "Awaitable[{}]"

    def __init__(self, flow: Callable[Concatenate[str, P], Flow[T]]) -> None:
        super().__init__(flow)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        return client.run(self._call(client.project, *args, **kwargs))


class CallMethod(_Method[P, T, Later[T]]):
    """A method that runs the flow of a class, whose arguments are those of the method."""

    _returns = "{}", "Awaitable[{}]"

    def __init__(self, call: Callable[P, HasFlow[T]]) -> None:
        super().__init__(call)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        return client.run(self._call(*args, **kwargs).flow(client.project))


class ListMethod(_Method[P, Iterator[T], AsyncIterator[T]]):
    """A method that goes on with a listing for as long as more of it is wanted."""

    _returns = "Iterator[{}]", "AsyncIterator[{}]"

    def __init__(self, listing: Callable[Concatenate[str, P], Listing[T]]) -> None:
        super().__init__(listing)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        listing = self._call(client.project, *args, **kwargs)
        return _each_async(client, listing) if isinstance(client, AsyncClient) else _each(client, listing)


class HandleMethod(_Method[P, OperationHandle, Later[AsyncOperationHandle]]):
    """A method that runs a flow and returns the handle of the operation that is its result."""

    _returns = "OperationHandle", "Awaitable[AsyncOperationHandle]"

    def __init__(self, flow: Callable[Concatenate[str, P], Flow[Operation]]) -> None:
        super().__init__(flow)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        return _run_with_handle(client, self._call(client.project, *args, **kwargs))


class HandlesMethod(_Method[P, Iterator[OperationHandle], AsyncIterator[AsyncOperationHandle]]):
    """A method that goes on with a listing of operations, and returns the handle of each."""

    _returns = "Iterator[OperationHandle]", "AsyncIterator[AsyncOperationHandle]"

    def __init__(self, listing: Callable[Concatenate[str, P], Listing[Operation]]) -> None:
        super().__init__(listing)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        listing = self._call(client.project, *args, **kwargs)
        if isinstance(client, AsyncClient):
            return (AsyncOperationHandle(client, one) async for one in _each_async(client, listing))
        return (OperationHandle(client, one) for one in _each(client, listing))


class StartMethod(_Method[P, OperationHandle, Later[AsyncOperationHandle]]):
    """A method that starts an export or an import, and returns the handle of its operation."""

    _returns = "OperationHandle", "Awaitable[AsyncOperationHandle]"

    def __init__(self, call: Callable[P, Startable]) -> None:
        super().__init__(call)

    def _describe(self) -> str:
        """Begin with a verb: the class says what it is."""
        text = super()._describe()
        return f"Start {text[:1].lower()}{text[1:]}"

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("description") is None and "description" in inspect.signature(self._call).parameters:
            kwargs["description"] = default_description(self._name.partition("_")[2])
        call = self._call(*args, **kwargs)
        for doubt in call.doubts() if hasattr(call, "doubts") else ():
            warnings.warn(DoubtfulArgumentWarning(doubt), stacklevel=4)
        starting = start(client.project, call, marked=client.marks_descriptions)
        return _run_with_handle(client, starting, call.destination())


class PixelMethod(_Method[P, T, Later[T]]):
    """A method that fetches pixels, in many requests at once."""

    _returns = "{}", "Awaitable[{}]"

    def __init__(self, call: Callable[P, PixelCall[T]]) -> None:
        super().__init__(call)

    def _run(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        return client.fetch_pixels(self._call(*args, **kwargs))


def _run_with_handle(client: Any, flow: Flow[Operation], destination: dict[str, Any] | None = None) -> Any:
    """Run a flow and return the handle of its result; with an AsyncClient, a coroutine that does."""
    if not isinstance(client, AsyncClient):
        return OperationHandle(client, client.run(flow), destination)

    async def run() -> AsyncOperationHandle:
        return AsyncOperationHandle(client, await client.run(flow), destination)

    return run()


def _each(client: Client, listing: Listing[T]) -> Iterator[T]:
    while (items := client.run(next_items(listing))) is not None:
        yield from items


async def _each_async(client: AsyncClient, listing: Listing[T]) -> AsyncIterator[T]:
    while (items := await client.run(next_items(listing))) is not None:
        for item in items:
            yield item


def _signature(call: Callable[..., Any], returns: str) -> inspect.Signature:
    """Return the signature of a method that calls a flow, without the project, or a class."""
    signature = inspect.signature(vars(call)["__init__"] if isinstance(call, type) else call)
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    result = _result_of(call) if isinstance(call, type) else _within(signature.return_annotation)
    return signature.replace(
        parameters=[*parameters, *list(signature.parameters.values())[1:]], return_annotation=returns.format(result)
    )


def _result_of(call: type) -> str:
    flow = getattr(call, "flow", None)
    if flow is not None:
        return _within(inspect.signature(flow).return_annotation)
    run = getattr(call, "run", None)
    return str(inspect.signature(run).return_annotation) if run else "Any"


def _within(annotation: object) -> str:
    """Return what a flow returns, or a listing lists: the X of `Flow[X]`."""
    found = re.fullmatch(r"\w+\[(.*)\]", str(annotation))
    return found[1] if found else "Any"


_ARGS, _PROJECT = "\n    Args:\n", re.compile(r"\n +project: .*(\n {12,}.*)*")


def _describe(call: Callable[..., Any]) -> str:
    """Return the docstring of a flow without the project, or of a class with the arguments of all its bases."""
    if not isinstance(call, type):
        return _PROJECT.sub("", call.__doc__ or "", count=1)
    text, _, _ = (call.__doc__ or "").partition(_ARGS)
    described = [
        base.__doc__.partition(_ARGS)[2].rstrip() for base in call.__mro__ if base.__doc__ and _ARGS in base.__doc__
    ]
    return f"{text.rstrip()}\n{_ARGS}" + "\n".join(described) + "\n    " if described else text
