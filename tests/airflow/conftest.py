"""One Airflow and one Earth Engine emulator for all tests of this folder: starting them takes a quarter of a minute."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.airflow.settings import earth_engine_at
from tests.airflow.standalone import Airflow

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator

_HERE = Path(__file__).parent
_DAGS = (_HERE / "dags", _HERE.parents[1] / "example_dags")


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Emulator]":
    """The Earth Engine that every task of `airflow` talks to; `emulator.control` looks into it and steers it."""
    from airflow_provider_ee.emulator.server import Emulator

    with Emulator(tmp_path_factory.mktemp("earth-engine")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory, emulator: "Emulator") -> Iterator[Airflow]:
    """An Airflow with the DAGs of tests/airflow/dags and of example_dags.

    Tests that use it carry `pytest.mark.services` and `pytest.mark.xdist_group("airflow")`, so that there is only one.
    """
    dags = tmp_path_factory.mktemp("dags")
    for file in [file for folder in _DAGS for file in folder.glob("*.py")]:
        shutil.copy(file, dags)
    env = {**earth_engine_at(emulator.host), "AIRFLOW__EARTHENGINE__FIRST_LOOK": "5"}
    with Airflow(tmp_path_factory.mktemp("airflow"), dags, env=env) as airflow:
        extra = json.dumps({"project": "database-project"})
        connection = {"connection_id": "in_the_database", "conn_type": "earthengine", "extra": extra}
        airflow.rest.call("POST", "/api/v2/connections", json=connection)
        yield airflow
