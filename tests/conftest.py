"""What every test gets: an Airflow home of the session's own, one asyncio backend, and no way out to the network."""

import atexit
import ipaddress
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator
    from tests.tasks import Supervisor

# Airflow reads it, and writes there, as soon as anything imports it.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)


# The same inputs each time, however slow the machine: a failure is a fault of the code, today as tomorrow.
hypothesis.settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    # What Airflow 3.1 says of itself when it reads a connection of the environment for a task.
    config.addinivalue_line(
        "filterwarnings", "ignore:Using Connection.from_json from `airflow.models`:DeprecationWarning"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what talks to no emulator, where the emulator's settings are what is tried."""
    if "EMULATOR_SETTINGS" in os.environ:
        items[:] = [item for item in items if "shared_emulator" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Emulator]":
    from airflow_provider_ee.emulator.server import Emulator

    # tests/chaos/test_switches.py runs the suite with what nobody knows of the service being otherwise.
    settings = json.loads(os.environ.get("EMULATOR_SETTINGS", "{}"))
    with Emulator(tmp_path_factory.mktemp("earth-engine"), settings=settings) as emulator:
        yield emulator


@pytest.fixture
def earth_engine(shared_emulator: "Emulator", monkeypatch: pytest.MonkeyPatch) -> "Emulator":
    """An empty Earth Engine, to which every connection goes; triggers ask it at once, requests are repeated at once."""
    from airflow_provider_ee.client.http.retry import RetryPolicy
    from airflow_provider_ee.client.operations import looks

    monkeypatch.setattr(RetryPolicy, "_wait", lambda _policy, _state: 0.0)
    monkeypatch.setattr(looks, "_SECONDS_BETWEEN_LOOKS", 0.0)  # ten
    shared_emulator.control.reset()
    monkeypatch.setenv("EARTHENGINE_EMULATOR_HOST", shared_emulator.host)
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__FIRST_POLL", "0")
    return shared_emulator


@pytest.fixture
def supervisor() -> "Supervisor":
    """What a task talks to instead of Airflow."""
    from tests.tasks import Supervisor

    return Supervisor()


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> None:
    """Refuse every connection that leaves this machine, so that no test can depend on the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise OSError(f"Tests stay on this machine, but {host} was asked for.")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
