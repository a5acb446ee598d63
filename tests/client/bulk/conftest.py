import pytest

from airflow_provider_ee.client.bulk import run
from airflow_provider_ee.emulator.server import Emulator


@pytest.fixture
def emulator(shared_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """An empty Earth Engine, whose operations are done at the second look. Nobody waits for what is not listed yet."""
    monkeypatch.setattr(run, "_SECONDS_BETWEEN_LOOKS", 0.0)  # ten seconds
    shared_emulator.control.reset()
    shared_emulator.control.configure(time="looks=2")
    return shared_emulator
