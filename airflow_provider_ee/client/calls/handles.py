"""An operation that was started, got or listed by a client, and can be refreshed, waited for and cancelled.

    operation = client.export_image_to_drive(image=image, region=region, scale=30)
    operation.wait(timeout=3600)
    print(operation.result()["uri_prefix"])

That of an AsyncClient has the same methods, awaited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from airflow_provider_ee.client.calls.operations import cancel_operation, get_operation, wait_for_operation
from airflow_provider_ee.client.operations.operation import Operation

if TYPE_CHECKING:
    from airflow_provider_ee.client.arguments.types import Number
    from airflow_provider_ee.client.http.clients import AsyncClient, Client

__all__ = ["AsyncOperationHandle", "OperationHandle"]

AnyClient = TypeVar("AnyClient", bound="Client | AsyncClient")


class _Handle(Generic[AnyClient]):
    """What is known of an operation, by a client that can ask for more.

    Args:
        client: Sends the requests; it has to be open for as long as the handle is used.
        operation: What is known now.
        destination: What names the result, if it is known.
    """

    def __init__(self, client: AnyClient, operation: Operation, destination: Mapping[str, Any] | None = None) -> None:
        self._client = client
        self._operation = operation
        self._destination = dict(destination or {})

    @property
    def operation(self) -> Operation:
        """All that is known, as of the last refresh."""
        return self._operation

    @property
    def name(self) -> str:
        """`projects/my-project/operations/ID`."""
        return self._operation.name

    @property
    def id(self) -> str:
        """The last part of the name."""
        return self._operation.id

    @property
    def state(self) -> str:
        """Earth Engine's word for it, such as `RUNNING`, as of the last refresh."""
        return self._operation.state

    @property
    def progress(self) -> float:
        """Between 0 and 1, as of the last refresh."""
        return self._operation.progress

    @property
    def description(self) -> str | None:
        """Its description, which ends with a marker of the client."""
        return self._operation.description

    @property
    def done(self) -> bool:
        """Whether it had ended by the last refresh, in whatever way."""
        return self._operation.done

    @property
    def succeeded(self) -> bool:
        """Whether it had ended by the last refresh, and did what it was asked to."""
        return self._operation.succeeded

    @property
    def error(self) -> str | None:
        """Earth Engine's words about its failure, if it had failed by the last refresh."""
        return self._operation.error

    def result(self) -> dict[str, Any]:
        """Return what an operator of this provider returns: the operation in plain JSON, and what names the result.

        Raises:
            OperationFailed: It has failed, or was cancelled.
        """
        if self.done:
            self._operation.raise_unless_succeeded()
        return {**self._operation.result(), **self._destination}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self._operation}>"


class OperationHandle(_Handle["Client"]):
    """An operation, by the Client that started, got or listed it."""

    def refresh(self) -> Self:
        """Ask for what is known now, and return the handle."""
        self._operation = self._client.run(get_operation(self._client.project, self.name))
        return self

    def wait(
        self,
        timeout: Number | None = None,
        poll_interval: Number = 30.0,
        log: Callable[[str], object] | None = None,
    ) -> Self:
        """Wait until it has succeeded, and return the handle.

        Args:
            timeout: Seconds after which to give up. The operation goes on.
            poll_interval: Seconds between two requests.
            log: Called with a line whenever something changed; the lines go to Python's logging if None.

        Raises:
            OperationFailed: It failed, or was cancelled.
            TimedOut: It took longer.
        """
        waiting = wait_for_operation(
            self._client.project, self.name, timeout=timeout, poll_interval=poll_interval, log=log
        )
        self._operation = self._client.run(waiting)
        return self

    def cancel(self) -> bool:
        """Ask for it to be cancelled, which takes effect a while later; False if that is refused, as it has ended."""
        return self._client.run(cancel_operation(self._client.project, self.name))


class AsyncOperationHandle(_Handle["AsyncClient"]):
    """An operation, by the AsyncClient that started, got or listed it."""

    async def refresh(self) -> Self:
        """Ask for what is known now, and return the handle."""
        self._operation = await self._client.run(get_operation(self._client.project, self.name))
        return self

    async def wait(
        self,
        timeout: Number | None = None,  # noqa: ASYNC109  # the word of the other client too
        poll_interval: Number = 30.0,
        log: Callable[[str], object] | None = None,
    ) -> Self:
        """Wait until it has succeeded, and return the handle. `OperationHandle.wait` explains the arguments."""
        waiting = wait_for_operation(
            self._client.project, self.name, timeout=timeout, poll_interval=poll_interval, log=log
        )
        self._operation = await self._client.run(waiting)
        return self

    async def cancel(self) -> bool:
        """Ask for it to be cancelled, which takes effect a while later; False if that is refused, as it has ended."""
        return await self._client.run(cancel_operation(self._client.project, self.name))
