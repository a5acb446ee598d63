"""What `airflow_provider_ee.client` promises, and what importing it brings."""

import importlib
import json
import subprocess
import sys

import pytest

from airflow_provider_ee import client
from airflow_provider_ee.client import errors
from airflow_provider_ee.client import warnings as client_warnings

HEAVY = {"airflow", "ee", "flask", "google", "httpx", "numpy", "pandas", "rasterio", "requests", "tenacity", "xarray"}


def brought_by(statement):
    """The packages that a statement imports, in a fresh process, of those that are not Python's own."""
    program = (
        f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_the_package_brings_nothing_heavy():
    assert brought_by("import airflow_provider_ee.client") & HEAVY == set()


def test_the_clients_bring_no_airflow_and_nothing_that_pixels_need():
    brought = brought_by("from airflow_provider_ee.client import AsyncClient, Client, EarthEngineWarning, Operation")
    assert brought & {"airflow", "ee", "numpy", "pandas", "rasterio", "xarray"} == set()


@pytest.mark.parametrize("name", client.__all__)
def test_every_public_name_is_there(name):
    assert getattr(client, name).__name__ == name
    assert name in dir(client)


def test_every_error_and_warning_is_public():
    known = {name for name in (*errors.__all__, *client_warnings.__all__) if name[0].isupper()}
    assert known - set(client.__all__) == set()


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'load_credentials'"):
        _ = client.load_credentials


def test_its_rooms_can_be_imported_beside_the_names():
    assert importlib.import_module("airflow_provider_ee.client.pixels.calls").ReadPixels
