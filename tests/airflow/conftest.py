"""One Airflow for all tests of this folder, and the Earth Engines that its connections lead to.

Starting it takes half a minute.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.airflow.standalone import Airflow
from tests.airflow.together import pytest_configure, pytest_pyfunc_call

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator

__all__ = ["airflow", "dags_folder", "earth_engines", "emulator", "pytest_configure", "pytest_pyfunc_call"]

_HERE = Path(__file__).parent
_DAGS = (_HERE / "dags", _HERE.parents[1] / "example_dags")

DEFAULT = "earthengine_default"

#: Connections, each to an Earth Engine of its own, whose settings and faults would be in the way of other tests.
CONNECTIONS = (DEFAULT, "cancels_in_1", "cancels_in_5", "cancels_in_20", "at_once", "costly", "crowded")


@pytest.fixture(scope="session")
def earth_engines(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[dict[str, Emulator]]":
    """What the connections of CONNECTIONS lead to; the `control` of each looks into it and steers it."""
    from airflow_provider_ee.emulator.server import Emulator

    with ExitStack() as running:
        yield {
            connection: running.enter_context(Emulator(tmp_path_factory.mktemp("earth-engine")))
            for connection in CONNECTIONS
        }


@pytest.fixture(scope="session")
def emulator(earth_engines: "dict[str, Emulator]") -> "Emulator":
    """The Earth Engine of every task that names no connection."""
    return earth_engines[DEFAULT]


@pytest.fixture(scope="session")
def dags_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DAGs of tests/airflow/dags and of example_dags, free to be changed."""
    folder = tmp_path_factory.mktemp("dags")
    for file in [file for origin in _DAGS for file in origin.glob("*.py")]:
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def airflow(
    tmp_path_factory: pytest.TempPathFactory, dags_folder: Path, earth_engines: "dict[str, Emulator]"
) -> Iterator[Airflow]:
    """An Airflow with the DAGs of `dags_folder`.

    Tests that use it carry `pytest.mark.services` and `pytest.mark.xdist_group("airflow")`, so that there is only one.
    """
    env = {
        **{f"AIRFLOW_CONN_{name.upper()}": _connection(place) for name, place in earth_engines.items()},
        "AIRFLOW__CORE__PARALLELISM": "8",  # those who wait on a worker must not keep the others from theirs
        "AIRFLOW__EARTHENGINE__FIRST_POLL": "5",
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        # Nobody dies here but triggerers. What a busy machine keeps waiting must not be taken for dead and tried again.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "120",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
    }
    with Airflow(tmp_path_factory.mktemp("airflow"), dags_folder, env=env) as airflow:
        kept = json.loads(_connection(earth_engines[DEFAULT], project="database-project"))
        airflow.rest.call(
            "POST",
            "/api/v2/connections",
            json={"connection_id": "in_the_database", **kept, "extra": json.dumps(kept["extra"])},
        )
        yield airflow


@pytest.fixture(autouse=True)
def _somebody_runs_triggers(request: pytest.FixtureRequest) -> None:
    """Start a triggerer where the last one has ended, as whoever runs an Airflow does."""
    if "airflow" in request.fixturenames:
        airflow = request.getfixturevalue("airflow")
        if all(triggerer.exit_code is not None for triggerer in airflow.triggerers):
            airflow.start_triggerer()


def _connection(place: "Emulator", project: str = "demo-project") -> str:
    extra = {"project": project, "endpoint": place.url, "anonymous": True}
    return json.dumps({"conn_type": "earthengine", "extra": extra})
