"""A token endpoint on loopback that speaks like Google's: OAuth grants, token exchange, impersonation."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any]


class TokenServer:
    """Gives `token-1`, `token-2` and so on, each good for `expires_in` seconds, unless `answers` says otherwise."""

    def __init__(self) -> None:
        self.expires_in = 3600
        self.asked: list[Asked] = []
        self.answers: deque[tuple[int, Any]] = deque()
        self.otherwise: Callable[[Asked], tuple[int, Any]] = self._grant
        self.headers: dict[str, str] = {}
        self.arrived = threading.Event()
        self.open = threading.Event()
        self.open.set()
        self._given = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def url(self, path: str = "/token") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        with self._lock:
            return self.answers.popleft() if self.answers else self.otherwise(asked)

    def _grant(self, asked: Asked) -> tuple[int, Any]:
        self._given += 1
        token = f"token-{self._given}"
        if asked.path.endswith(":generateAccessToken"):
            end = datetime.now(UTC) + timedelta(seconds=self.expires_in)
            return 200, {"accessToken": token, "expireTime": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return 200, {"access_token": token, "expires_in": self.expires_in, "token_type": "Bearer"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                is_json = "json" in self.headers.get("content-type", "")
                fields = json.loads(body) if is_json else dict(parse_qsl(body.decode()))
                asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, fields)
                server.asked.append(asked)
                server.arrived.set()
                server.open.wait()
                status, answer = server.answer(asked)
                content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                if status in {302, 307}:
                    self.send_header("location", answer)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST  # noqa: N815  # http.server's word

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's word
                """Say nothing."""

        return Handler
