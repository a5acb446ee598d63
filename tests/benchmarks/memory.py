"""How much memory a process takes."""

import re
from pathlib import Path

__all__ = ["most_memory"]

_KILOBYTE = 1024


def most_memory() -> int:
    """Return the most bytes that this process has had; `ru_maxrss` would begin with what its parent has."""
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(kilobytes) * _KILOBYTE
