"""Tables for people who read what a benchmark found."""

import os
import sys
from collections.abc import Sequence

__all__ = ["show"]


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, numbers to the right, with the load of the machine that they were measured on."""
    lines = [headings, *([_written(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    load = os.getloadavg()[0]
    sys.stdout.write(f"\n{title} ({os.cpu_count()} cores, load {load:.1f})\n")
    for first, *others in lines:
        numbers = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        sys.stdout.write("  ".join([f"  {first.ljust(widths[0])}", *numbers]) + "\n")


def _written(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)
