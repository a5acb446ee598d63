from collections.abc import Iterator

import pytest

from airflow_provider_ee.emulator.server import Emulator


@pytest.fixture
def earth(shared_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An Earth Engine to which every client goes, with the limits of the real one; nobody may have gone over them."""
    shared_emulator.control.reset()
    shared_emulator.control.configure(max_in_flight=40, max_requests_per_second=100)
    monkeypatch.setenv("EARTHENGINE_EMULATOR_HOST", shared_emulator.host)
    yield shared_emulator
    assert shared_emulator.control.limits.violations == 0
    shared_emulator.control.reset()
