"""A Google of the test's own, on a free port: it gives tokens, and says what the test wants it to say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "canary-access-token"


def give_token(_: bytes) -> tuple[int, Any]:
    return 200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}


class Google:
    """What was asked, and what is answered.

    Attributes:
        url: Where it is.
        asked: The path of each request to Earth Engine, with its headers and body.
        answers: Status and body for a path; the body is sent as JSON unless it is bytes.
        token_endpoint: Answers to what the token endpoint is sent.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        self.token_endpoint: Callable[[bytes], tuple[int, Any]] = give_token

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if path == "/token":
            return self.token_endpoint(body)
        self.asked.append((path, headers, body))
        return self.answers.get(path, (404, {"error": {"code": 404, "message": "canary: nothing here"}}))


@contextmanager
def google_on_loopback() -> Iterator[Google]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, content = google.answer(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815  # the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    google = Google(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
