"""A fixture for tests of DAGs. In conftest.py: `pytest_plugins = ["airflow_provider_ee.emulator.pytest_plugin"]`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from airflow_provider_ee.emulator.server import Emulator

__all__ = ["earthengine_emulator"]


@pytest.fixture
def earthengine_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator of the test's own, on a free port, to which every Earth Engine connection goes."""
    with Emulator(tmp_path / "earth-engine") as emulator:
        monkeypatch.setenv("EARTHENGINE_EMULATOR_HOST", emulator.host)
        yield emulator
