"""Work that can be interrupted: before each window of pixels, and before a file appears, it asks whether to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Interrupted", "check_interrupted", "interruptible"]


class Interrupted(Exception):
    """The work is not wanted any more."""


_unwanted: ContextVar[Callable[[], bool]] = ContextVar("_unwanted", default=lambda: False)


@contextmanager
def interruptible(unwanted: Callable[[], bool]) -> Iterator[None]:
    """Let what is computed inside, in this thread, end as soon as it is not wanted any more."""
    token = _unwanted.set(unwanted)
    try:
        yield
    finally:
        _unwanted.reset(token)


def check_interrupted() -> None:
    """Stop here if the work is not wanted any more.

    Raises:
        Interrupted: It is not.
    """
    if _unwanted.get()():
        raise Interrupted
