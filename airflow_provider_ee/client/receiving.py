"""Receive the body of an answer: in large pieces, and no more of it than an answer may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.request import Request

__all__ = ["Body", "read_in_large_pieces"]

#: What asyncio takes from a socket at a time. httpcore asks for a quarter of it, and each piece passes five layers:
#: https://github.com/encode/httpcore/blob/1.0.9/httpcore/_async/http11.py#L45
_PIECE = 256 * 1024


class Body:
    """A body that arrives piece by piece. Whatever Content-Length says of it is not relied on.

    Args:
        request: What it answers.
        longest: How many bytes it may have; it is refused as soon as it has more.
    """

    def __init__(self, request: Request, longest: int) -> None:
        self._request = request
        self._longest = longest
        self._pieces: list[bytes] = []
        self._length = 0

    def take(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            InvalidRequest: That makes it too long.
        """
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length > self._longest:
            raise InvalidRequest(
                f"The answer is longer than {self._longest:,} bytes.",
                method=self._request.method.id,
                name=self._request.name,
                hint="Ask for less at once, or stream it.",
            )

    def whole(self) -> bytes:
        """Return all of it."""
        return b"".join(self._pieces)


def read_in_large_pieces(response: httpx.Response) -> None:
    """Have the body of an answer read from its connection in larger pieces than httpcore's.

    Not that of a packed one, whose pieces may swell to a thousand times their size. httpx has no option for it;
    httpcore takes a network backend, but only with a transport of one's own, and with one httpx looks for no proxy.
    https://www.python-httpx.org/advanced/extensions/#network_stream
    """
    stream = response.extensions.get("network_stream")
    if stream is None:
        return
    if response.headers.get("content-encoding", "identity") == "identity":
        stream.read = _in_pieces(type(stream).read, stream)
    else:
        vars(stream).pop("read", None)  # of an earlier answer


def _in_pieces(read: Callable[..., Any], stream: Any) -> Callable[..., Any]:
    def read_piece(_: int, timeout: float | None = None) -> Any:
        return read(stream, _PIECE, timeout)

    return read_piece
