"""What an import costs those who parse DAG files every 30 seconds: no heavy module, no file written, no network."""

import json
import subprocess
import sys

import pytest

from tests.package import modules, modules_of_dag_files

#: Libraries that load in functions, if at all. Airflow loads httpx anyway.
HEAVY = {"ee", "flask", "google", "numpy", "openlineage", "pandas", "rasterio", "requests", "starlette", "uvicorn"}
#: Our own that do: to be somebody, and to send a request.
HEAVY_OF_OURS = {f"airflow_provider_ee.client.{name}" for name in ("auth.bearer", "auth.credentials", "http.clients")}
#: What stands above Airflow's triggers: loads when a task defers, and in triggerers.
TRIGGERS = "airflow_provider_ee.triggers"

#: Prints what each import brings into sys.modules and what it asks of the system, as JSON.
PROGRAM = """
import importlib, json, sys

events, written = [], ("w", "a", "x", "+")
def listen(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.", "os.system")):
        events.append(event)
    if event == "open" and isinstance(arguments[1], str) and any(letter in arguments[1] for letter in written):
        events.append(f"open {arguments[0]}")

def brought_by(name):
    before = set(sys.modules)
    events.clear()
    importlib.import_module(name)
    return {"modules": sorted(set(sys.modules) - before), "events": list(events)}

first, dag_files, others = json.loads(sys.argv[1])
sys.addaudithook(listen)
report = {first: brought_by(first)}
import airflow.sdk
report |= {name: brought_by(name) for name in dag_files + others}
print(json.dumps(report))
"""

INFO = "airflow_provider_ee.provider_info"
OTHERS = sorted(set(modules()) - set(modules_of_dag_files()) - {INFO})


@pytest.fixture(scope="module")
def brought():
    """What each import brings, in a fresh process: the provider info alone, then the rest on top of airflow.sdk."""
    assert set(modules()) >= HEAVY_OF_OURS
    names = json.dumps([INFO, modules_of_dag_files(), OTHERS])
    done = subprocess.run([sys.executable, "-B", "-c", PROGRAM, names], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_the_info_that_every_airflow_process_reads_brings_only_the_form_of_a_connection(brought):
    foreign = {name for name in brought[INFO]["modules"] if name.partition(".")[0] not in sys.stdlib_module_names}

    assert foreign == {"airflow_provider_ee", "airflow_provider_ee.connection_form", INFO}


@pytest.mark.parametrize("name", modules_of_dag_files())
def test_a_dag_file_gets_nothing_heavy_with_what_it_imports(brought, name):
    heavy = {
        module
        for module in brought[name]["modules"]
        if module.partition(".")[0] in HEAVY or module in HEAVY_OF_OURS or "openlineage" in module
    }

    assert heavy == set()


@pytest.mark.parametrize("name", [name for name in modules_of_dag_files() if not name.startswith(TRIGGERS)])
def test_a_dag_file_gets_no_triggers_with_what_it_imports(brought, name):
    assert [module for module in brought[name]["modules"] if module.startswith("airflow.triggers")] == []


@pytest.mark.parametrize("name", [INFO, *modules_of_dag_files(), *OTHERS])
def test_an_import_does_nothing_but_import(brought, name):
    assert brought[name]["events"] == []
