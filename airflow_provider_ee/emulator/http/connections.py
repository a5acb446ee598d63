"""The client's own connection, so that a fault can break it: what ASGI alone does not offer."""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from starlette.types import ASGIApp, Receive, Scope, Send

from airflow_provider_ee.emulator.http.misbehaviour import EXTENSION

__all__ = ["TcpConnection", "WithConnection"]

# Linger for no time: closing then sends a reset, not a polite end.
_NO_LINGER = struct.pack("ii", 1, 0)


class _ServerConnection(Protocol):
    """What uvicorn keeps of a connection."""

    client: tuple[str, int] | None
    transport: asyncio.Transport


class TcpConnection:
    """A client's connection.

    Args:
        transport: The connection in the event loop.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        """Break the connection: the client sees a reset."""
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()

    def close(self) -> None:
        """End the connection after what has been sent."""
        self._transport.close()


class WithConnection:
    """Offers an application the connection of each request, as an ASGI extension.

    Args:
        app: The application.
        connections: Gives the connections that are open.
    """

    def __init__(self, app: ASGIApp, connections: Callable[[], Iterable[object]]) -> None:
        self._app = app
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            for connection in cast("Iterable[_ServerConnection]", self._connections()):
                if connection.client == scope["client"]:
                    extensions = {**scope.get("extensions", {}), EXTENSION: TcpConnection(connection.transport)}
                    scope = {**scope, "extensions": extensions}
        await self._app(scope, receive, send)
