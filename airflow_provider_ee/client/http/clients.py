"""Send requests to Earth Engine: Client, and AsyncClient, which is the same awaited. The only code that does I/O.

with Client("my-project") as client:
    client.send(methods.operations_get("projects/my-project/operations/ABC"))  # one request
    client.run(flows.pages(methods.operations_list("projects/my-project"), "operations"))  # several
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import tenacity

from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.base import (
    BaseClient,
    Received,
    connection_error,
    prepare_to_read,
    warn_if_restricted,
)
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.client.rest.responses import Answer, read
from airflow_provider_ee.client.transport import AsyncTransport, Transport

__all__ = ["AsyncClient", "Client"]

T = TypeVar("T")


class Client(BaseClient[httpx.Client, threading.Semaphore]):
    """A connection to Earth Engine for one project; threads may share it. `BaseClient` explains the arguments."""

    _pool_type = httpx.Client
    _semaphore = threading.Semaphore
    _transport_type = Transport

    #: Lets time pass: between attempts, in a flow, until the rate limit allows the next request. A caller may set
    #: another function, which threads may call; what it raises ends the call.
    sleep: Callable[[float], object] = staticmethod(time.sleep)

    def send(self, request: Request) -> Any:
        """Send a request, again if that may help, and return its answer: a dict, or bytes for a file."""
        return self._retrying(request)(self._send_once, request)

    def run(self, flow: Flow[T]) -> T:
        """Run a procedure of several requests and return its result."""
        step = partial(next, flow)
        while True:
            try:
                wanted = step()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # StopIteration does not know of Flow[T]
            try:
                answer = self._do(wanted)
            except EarthEngineError as error:
                step = partial(flow.throw, error)
            else:
                step = partial(flow.send, answer)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Iterator[bytes]]:
        """Send a request and hand out its answer chunk by chunk, for files too large to hold."""
        with ExitStack() as stack:
            yield self._retrying(request)(self._open, request, stack)

    @contextmanager
    def stream_once(self, request: Request) -> Iterator[Iterator[bytes]]:
        """Do the same, but leave it to the caller to send the request again."""
        with self._exchange(request) as response:
            yield response.iter_bytes()

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools:
            pool.close()
        for auth in self._auths:
            auth.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _do(self, wanted: Request | Pause) -> Any:
        if isinstance(wanted, Request):
            return self.send(wanted)
        self.sleep(wanted.seconds)
        return None

    def _retrying(self, request: Request) -> tenacity.Retrying:
        return tenacity.Retrying(sleep=self._wait, **self.retry.options(request))

    def _wait(self, seconds: float) -> None:
        self.sleep(seconds)  # looked up anew, as it may be set while a request is sent

    def _send_once(self, request: Request) -> Any:
        with self._exchange(request) as response:
            return read(request, self._answer(request, response))

    def _open(self, request: Request, stack: ExitStack) -> Iterator[bytes]:
        return stack.enter_context(self.stream_once(request))

    @contextmanager
    def _exchange(self, request: Request) -> Iterator[httpx.Response]:
        """Send a request once and hand out the answer, still unread, if it is a good one."""
        with self._in_flight:
            with self._pacing:
                while wait := self._pacer.wait(time.monotonic()):
                    self.sleep(wait)
            pool = self._slots.pop()
            try:
                with pool.stream(**self._http_arguments(request)) as response:
                    self.restricted = warn_if_restricted(self.quota_project or self.project, response.headers)
                    prepare_to_read(response, request)
                    if not response.is_success:
                        read(request, self._answer(request, response))
                    yield response
            except httpx.RequestError as error:
                raise connection_error(error, request) from error
            finally:
                self._slots.append(pool)

    def _answer(self, request: Request, response: httpx.Response) -> Answer:
        body = Received(request, self.limits.longest_answer)
        for piece in response.iter_bytes():
            body.take(piece)
        return Answer(response.status_code, response.headers, body.whole())


class AsyncClient(BaseClient[httpx.AsyncClient, asyncio.Semaphore]):
    """The same as Client, awaited; it belongs to the event loop that first uses it."""

    _pool_type = httpx.AsyncClient
    _semaphore = asyncio.Semaphore
    _transport_type = AsyncTransport
    _looks_for_credentials_later = True

    async def send(self, request: Request) -> Any:
        """Send a request, again if that may help, and return its answer: a dict, or bytes for a file."""
        return await tenacity.AsyncRetrying(**self.retry.options(request))(self._send_once, request)

    async def run(self, flow: Flow[T]) -> T:
        """Run a procedure of several requests and return its result."""
        step = partial(next, flow)
        while True:
            try:
                wanted = step()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # StopIteration does not know of Flow[T]
            try:
                answer = await self._do(wanted)
            except EarthEngineError as error:
                step = partial(flow.throw, error)
            else:
                step = partial(flow.send, answer)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send a request and hand out its answer chunk by chunk, for files too large to hold."""
        async with AsyncExitStack() as stack:
            opening = tenacity.AsyncRetrying(**self.retry.options(request))
            yield await opening(self._open, request, stack)

    @asynccontextmanager
    async def stream_once(self, request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
        """Do the same, but leave it to the caller to send the request again."""
        async with self._exchange(request) as response:
            yield response.aiter_bytes()

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools:
            await pool.aclose()
        for auth in self._auths:
            auth.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.close()

    async def _do(self, wanted: Request | Pause) -> Any:
        if isinstance(wanted, Request):
            return await self.send(wanted)
        await asyncio.sleep(wanted.seconds)
        return None

    async def _send_once(self, request: Request) -> Any:
        async with self._exchange(request) as response:
            return read(request, await self._answer(request, response))

    async def _open(self, request: Request, stack: AsyncExitStack) -> AsyncIterator[bytes]:
        return await stack.enter_async_context(self.stream_once(request))

    @asynccontextmanager
    async def _exchange(self, request: Request) -> AsyncIterator[httpx.Response]:
        """Send a request once and hand out the answer, still unread, if it is a good one."""
        async with self._in_flight:
            async with self._pacing:
                if not self._pools:
                    self._connect(await asyncio.to_thread(load_credentials))
                while wait := self._pacer.wait(time.monotonic()):  # noqa: ASYNC110  # no event is set when time has passed
                    await asyncio.sleep(wait)
            pool = self._slots.pop()
            try:
                async with pool.stream(**self._http_arguments(request)) as response:
                    self.restricted = warn_if_restricted(self.quota_project or self.project, response.headers)
                    prepare_to_read(response, request)
                    if not response.is_success:
                        read(request, await self._answer(request, response))
                    yield response
            except httpx.RequestError as error:
                raise connection_error(error, request) from error
            finally:
                self._slots.append(pool)

    async def _answer(self, request: Request, response: httpx.Response) -> Answer:
        body = Received(request, self.limits.longest_answer)
        async for piece in response.aiter_bytes():
            body.take(piece)
        return Answer(response.status_code, response.headers, body.whole())
