"""One emulator, and `ee` pointed at it."""

from collections.abc import Iterator

import ee
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.official.client import initialise


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The emulator to which `ee`, which is one for the whole process, is pointed while a module runs."""
    with Emulator(tmp_path_factory.mktemp("ee-data")) as emulator:
        initialise(emulator)
        yield emulator
        ee.Reset()


@pytest.fixture(autouse=True)
def _clean(service: Emulator) -> None:
    service.control.reset()
