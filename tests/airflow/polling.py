"""Waiting for something to become true, with a deadline and without guessing how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_PAUSE = 0.1


def until(look: Callable[[], Found | None], *, timeout: float, waiting_for: str) -> Found:
    """Look again and again until there is something to see, and return it.

    Args:
        look: Returns what was waited for, or None (or anything false) while it is not there.
        timeout: Seconds after which to give up.
        waiting_for: What to name in the TimeoutError.
    """
    deadline = time.monotonic() + timeout
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {timeout:g} s for {waiting_for}.")
        time.sleep(_PAUSE)
    return found
