"""A server that answers and never gets to the end."""

import contextlib
import socket
import threading
from collections.abc import Iterator

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@contextlib.contextmanager
def dripping_server(*, in_headers: bool = False, seconds: float = 0.1) -> Iterator[str]:
    """Serve answers of which a byte arrives now and then, in the body or still among the headers."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(_HEAD + (b"x-slow: " if in_headers else b"content-length: 100000\r\n\r\n"))
            while not over.wait(seconds):
                connection.sendall(b" ")

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
