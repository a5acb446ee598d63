"""Answers to submissions that never reach the task, though Earth Engine has begun the work."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from airflow_provider_ee.emulator.http.misbehaviour import EXTENSION


class Mishap(StrEnum):
    """What becomes of an answer."""

    LOST = "lost"  # the connection breaks
    HELD = "held"  # it is on its way until the task is dead


class Answers:
    """An emulator whose answers to some submissions do not arrive: it works first, then the mishap comes.

    Unlike the emulator's own faults, which the next request meets whoever sends it, these are each for one task.

    Args:
        app: The emulator's application.
        mishaps: By task, which is what an operation's description begins with: for its first submission, its second...
        held: Told of which task an answer is held.
    """

    def __init__(self, app: ASGIApp, mishaps: Mapping[str, Sequence[Mishap]], held: Callable[[str], object]) -> None:
        self._app = app
        self._to_come = {task: list(theirs) for task, theirs in mishaps.items()}
        self._held = held
        self.met: list[tuple[str, Mishap]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(":export"):
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        task = json.loads(body)["description"].partition(";af:")[0]
        to_come = self._to_come.get(task)
        if not to_come:
            await self._app(scope, _once(body, receive), send)
            return
        mishap = to_come.pop(0)
        await self._app(scope, _once(body, receive), _nowhere)
        self.met.append((task, mishap))
        if mishap is Mishap.LOST:
            scope["extensions"][EXTENSION].reset()
        else:
            self._held(task)
        while (await receive())["type"] != "http.disconnect":
            pass


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _once(body: bytes, receive: Receive) -> Receive:
    """Let a body that was read be read again."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _nowhere(message: Message) -> None:
    pass
