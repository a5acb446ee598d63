"""The fixture that users get."""

import os

import httpx

from airflow_provider_ee.emulator.pytest_plugin import earthengine_emulator
from airflow_provider_ee.emulator.server import Emulator

__all__ = ["earthengine_emulator"]  # pytest finds the fixture by its name here


def test_the_fixture_runs_an_emulator_and_points_the_environment_at_it(
    earthengine_emulator: Emulator,
) -> None:
    host = os.environ["EARTHENGINE_EMULATOR_HOST"]
    assert httpx.get(f"http://{host}/v1/projects/p/config").status_code == 200
    assert earthengine_emulator.host == host
