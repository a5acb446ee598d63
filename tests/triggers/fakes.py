"""What tests of pollers and their rounds share: a client that answers out of its head, and a way to wait for it."""

import asyncio
from collections.abc import Callable

from airflow_provider_ee.client.http.clients import AsyncClient

__all__ = ["FakeClient", "answer", "until"]


async def until(condition: Callable[[], object]) -> None:
    """Let others work until something holds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.001)


def answer(name, state):
    """An operation as Earth Engine answers it."""
    return {"name": name, "done": state in {"SUCCEEDED", "FAILED", "CANCELLED"}, "metadata": {"state": state}}


class FakeClient:
    """Runs flows as a real client does. Whoever inherits from it says what `send` answers."""

    project = "p"
    run, _do = AsyncClient.run, AsyncClient._do

    def __init__(self):
        self.asked = []
        self.opened = 0
        self.closed = asyncio.Event()

    async def open(self):
        self.opened += 1
        await asyncio.sleep(0)  # all who were to come at this moment have come
        return self

    async def close(self):
        self.closed.set()

    def page(self, request, listed):
        """Return one page of a list of answers, as Earth Engine cuts it."""
        size, start = request.params["pageSize"], int(request.params.get("pageToken", 0))
        page = {"operations": listed[start : start + size]}
        return {**page, "nextPageToken": str(start + size)} if start + size < len(listed) else page
