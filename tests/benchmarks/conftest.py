"""Benchmarks run when they are asked for by name, as `make bench` does, and not with the tests."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave this folder out, unless the command line leads here."""
    asked_for = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(_HERE) for path in asked_for) else True
