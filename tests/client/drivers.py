"""One way to call Client and AsyncClient, so that every test of the one is a test of the other."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.http.clients import AsyncClient, Client
from airflow_provider_ee.client.http.retry import RetryPolicy

Handler = Callable[[httpx.Request], httpx.Response]

AT_ONCE = RetryPolicy(attempts=4, first_wait=0.0, longest_wait=0.0)


class Driver:
    """Runs requests and flows against a handler that stands in for Earth Engine."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def send(self, handler: Handler, request: Any, **options: Any) -> Any:
        return self._do("send", handler, (request,), options)

    def run(self, handler: Handler, flow: Any, **options: Any) -> Any:
        return self._do("run", handler, (flow,), options)

    def stream(self, handler: Handler, request: Any, verb: str = "stream", **options: Any) -> list[bytes]:
        if self.kind == "sync":
            with self._client(Client, handler, options) as client, getattr(client, verb)(request) as chunks:
                return list(chunks)

        async def collect() -> list[bytes]:
            async with self._client(AsyncClient, handler, options) as client, getattr(client, verb)(request) as chunks:
                return [chunk async for chunk in chunks]

        return asyncio.run(collect())

    def _do(self, verb: str, handler: Handler, what: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if self.kind == "sync":
            with self._client(Client, handler, options) as client:
                return getattr(client, verb)(*what)

        async def do() -> Any:
            async with self._client(AsyncClient, handler, options) as client:
                return await getattr(client, verb)(*what)

        return asyncio.run(do())

    @staticmethod
    def _client(kind: Any, handler: Handler, options: dict[str, Any]) -> Any:
        settings = {"credentials": AnonymousCredentials(), "retry": AT_ONCE, "transport": httpx.MockTransport(handler)}
        return kind("my-project", **{**settings, **options})


class Script:
    """A handler that plays answers one after the other and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def refusal(status: int, message: str, reason: str = "", **details: Any) -> httpx.Response:
    """An error as Google writes it."""
    error: dict[str, Any] = {"code": status, "message": message, "status": reason}
    if details:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **details}]
    return httpx.Response(status, json={"error": error})
