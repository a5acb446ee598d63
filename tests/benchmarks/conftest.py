"""Benchmarks run when they are asked for by name, as `make bench` does, and not with the tests."""

from pathlib import Path

import pytest

from tests.by_name import ignored_unless_asked_for

_HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave this folder out, unless the command line leads here."""
    return ignored_unless_asked_for(_HERE, config)
