"""Folders whose tests run when they are asked for by name, and not with the others."""

from pathlib import Path

import pytest

__all__ = ["ignored_unless_asked_for"]


def ignored_unless_asked_for(folder: Path, config: pytest.Config) -> bool | None:
    """Answer pytest_ignore_collect: leave a folder out, unless the command line leads there."""
    asked_for = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(folder) for path in asked_for) else True
