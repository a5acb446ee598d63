"""An emulator on a port of this machine, in a thread; or in process, as an ASGI application."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from airflow_provider_ee.emulator.control.control import Control
from airflow_provider_ee.emulator.control.http_api import routes
from airflow_provider_ee.emulator.http import other_apis
from airflow_provider_ee.emulator.http.app import Api, internal_error
from airflow_provider_ee.emulator.http.connections import WithConnection
from airflow_provider_ee.emulator.state.clocks import Clock
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.world import World

__all__ = ["Emulator"]

_TICK = 0.2


class Emulator:
    """An Earth Engine of your own.

    As a context manager it listens on a port; `app` alone needs no port, for `httpx.ASGITransport`.

    Args:
        root: The folder for what exports write.
        port: The port to listen on; 0 for a free one.
        settings: The switches at the start, by the names of `Settings`, such as `{"time": "looks=3"}`.
        clock: Seconds since 1970; another one than the real one for tests.
        catalogue: A folder of your own images and tables, each under the id that its path is.
    """

    def __init__(
        self,
        root: Path | str,
        *,
        port: int = 0,
        settings: dict[str, object] | None = None,
        clock: Clock | None = None,
        catalogue: Path | str | None = None,
    ) -> None:
        self.root = Path(root).resolve()
        started = Settings().changed(settings or {})
        self._world = World(self.root, started) if clock is None else World(self.root, started, clock)
        self.control = Control(self._world, None if catalogue is None else Path(catalogue).resolve(strict=True))
        self.control.load_catalogue()
        self.app: ASGIApp = Starlette(
            routes=[*routes(self.control), *other_apis.routes(self._world), Mount("/", Api(self._world))],
            exception_handlers={Exception: internal_error},
            lifespan=self._lifespan,
        )
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def host(self) -> str:
        """Host and port, once started: what EARTHENGINE_EMULATOR_HOST is set to."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The base URL, once started."""
        return f"http://{self.host}"

    def start(self) -> Self:
        """Listen on the port, in a thread of its own."""
        self.root.mkdir(parents=True, exist_ok=True)
        listener = _listener(self._port)
        self._port = listener.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(
                WithConnection(self.app, lambda: server.server_state.connections),
                # A reset needs the real socket, which uvloop does not show; and nothing here speaks websockets.
                loop="asyncio",
                ws="none",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._server = server
        self._thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, and interrupt the work that has begun: within a second or two."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._world.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(self._tick())
        yield
        ticking.cancel()

    async def _tick(self) -> None:
        """Let time pass for operations that nobody looks at."""
        while True:
            self._world.operations.advance()
            await asyncio.sleep(_TICK)


def _listener(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer comes 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener
