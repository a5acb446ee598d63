"""What the computer refuses."""

from __future__ import annotations

__all__ = ["ComputeError", "NotComputed"]


class ComputeError(Exception):
    """The expression or request is wrong; the text is Earth Engine's message."""


class NotComputed(ComputeError):
    """The request may be right, but the emulator does not compute this part of Earth Engine."""
