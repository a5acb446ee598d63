"""Long tests with chance in them, as `make chaos` runs them: only when they are asked for by name.

Each test draws from a chance of its own, so that `SEED=7 make chaos` does the same in the same order again, and
`SEED=7 pytest -s tests/chaos/test_clears.py` does it for one. `FULL=1` does everything as often as a release needs.
"""

import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.airflow.postgres import Postgres
from tests.airflow.settings import earth_engine_at
from tests.airflow.standalone import Airflow
from tests.by_name import ignored_unless_asked_for

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator

_HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave this folder out, unless the command line leads here."""
    return ignored_unless_asked_for(_HERE, config)


@pytest.fixture(scope="session")
def seed() -> int:
    """What all chance here comes from: SEED of the environment, or another one each time."""
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """The chance of one test, whichever tests ran before it."""
    sys.stdout.write(f"\nSEED={seed}\n")
    return random.Random(f"{seed}/{request.node.name}")  # noqa: S311  # to be drawn again is what it is for


@pytest.fixture(scope="session")
def amount() -> Callable[[int, int], int]:
    """How often to do something: `amount(usually, for_a_release)`."""
    return lambda usually, for_a_release: for_a_release if os.environ.get("FULL") else usually


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Emulator]":
    """The Earth Engine that every task of `airflow` talks to."""
    from airflow_provider_ee.emulator.server import Emulator

    with Emulator(tmp_path_factory.mktemp("earth-engine")) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def settings(emulator: "Emulator") -> dict[str, str]:
    """What else is set for every process of `airflow`; for a module to override."""
    return {**earth_engine_at(emulator.host), "AIRFLOW__EARTHENGINE__FIRST_POLL": "5"}


@pytest.fixture(scope="module")
def triggerers() -> int:
    """How many triggerers there are; for a module to override."""
    return 1


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str], triggerers: int) -> Iterator[Airflow]:
    """An Airflow of the module's own, for it will not be the same afterwards."""
    dags = tmp_path_factory.mktemp("dags")
    for file in (_HERE / "dags").glob("*.py"):
        shutil.copy(file, dags)
    generous = {
        "AIRFLOW__CORE__PARALLELISM": "8",
        # On a busy machine a scheduler is slow without being dead; if it takes itself for dead, all tasks start again.
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "60",
        "AIRFLOW__API__MAXIMUM_PAGE_LIMIT": "1000",
        # With 15 connections, as Airflow has it, the api-server was seen to stand still for half a minute.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW": "40",
        # A worker that dies before Airflow heard of its task is missed after this.
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    }
    home = tmp_path_factory.mktemp("airflow")
    with (
        Postgres(home) as database,
        Airflow(home, dags, env={**generous, **settings}, triggerers=triggerers, database=database) as airflow,
    ):
        yield airflow
