"""The way to the emulator's computer: off the event loop, its refusals in the API's words."""

from collections.abc import Callable
from functools import partial
from typing import Any

import anyio.to_thread

from airflow_provider_ee.emulator.compute import ComputeError, NotComputed
from airflow_provider_ee.emulator.envelope import ApiError

__all__ = ["computed", "refusal", "translated"]


def refusal(fault: ComputeError) -> ApiError:
    """Return what the API answers when the computer refuses."""
    return ApiError("UNIMPLEMENTED" if isinstance(fault, NotComputed) else "INVALID_ARGUMENT", str(fault))


def translated(compute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Compute something.

    Raises:
        ApiError: The computer refused.
    """
    try:
        return compute(*args, **kwargs)
    except ComputeError as fault:
        raise refusal(fault) from fault


async def computed(compute: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Compute something in a thread, so that the emulator goes on answering.

    Raises:
        ApiError: The computer refused.
    """
    # Left alone when the emulator stops, which is not to wait for a large image.
    work = partial(translated, compute, *args, **kwargs)
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
