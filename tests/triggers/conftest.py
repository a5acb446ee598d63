import pytest

from airflow_provider_ee.triggers.polling import bulk as censuses
from airflow_provider_ee.triggers.polling import queue_room as gate
from airflow_provider_ee.triggers.polling import rounds


@pytest.fixture(autouse=True)
def _hurried_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave less time between requests than Earth Engine is left, but do leave some."""
    monkeypatch.setattr(rounds, "PAUSE_BETWEEN_PAGES", 0.002)
    monkeypatch.setattr(rounds, "PAUSE_BETWEEN_GETS", 0.002)
    for module in (censuses, gate):
        monkeypatch.setattr(module, "PAUSE_BETWEEN_PAGES", 0.002)
    monkeypatch.setattr(censuses, "_SECONDS_BETWEEN_LOOKS", 0.002)
