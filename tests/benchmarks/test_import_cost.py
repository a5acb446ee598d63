"""What a DAG file that imports every operator, sensor and decorator pays for it, in a fresh process each time."""

import json
import os
import subprocess
import sys
from statistics import median

from tests.benchmarks.report import show
from tests.package import modules_of_dag_files

PROCESSES = 7

#: Imports what the first argument lists, then prints what importing the second takes: milliseconds of wall and CPU
#: time, and the number of modules.
PROGRAM = """
import importlib, json, sys, time

before, measured = json.loads(sys.argv[1])
for name in before:
    importlib.import_module(name)
known, wall, cpu = len(sys.modules), time.perf_counter(), time.process_time()
for name in measured:
    importlib.import_module(name)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
print(json.dumps([1000 * wall, 1000 * cpu, len(sys.modules) - known]))
"""

DECORATORS = [name for name in modules_of_dag_files() if name.startswith("airflow_provider_ee.decorators")]
TRIGGERS = [name for name in modules_of_dag_files() if name.startswith("airflow_provider_ee.triggers")]
OTHERS = [name for name in modules_of_dag_files() if name not in DECORATORS + TRIGGERS]

IMPORTS = {
    "airflow.sdk": ([], ["airflow.sdk"]),
    "all operators and sensors on top of it": (["airflow.sdk"], OTHERS),
    # Whoever decorates functions has Airflow's own @task.
    "all decorators on top of @task and them": (
        ["airflow.sdk", "airflow.providers.standard.decorators.python", *OTHERS],
        DECORATORS,
    ),
    # A DAG file gets these only if it defers by itself; then it has Airflow's own.
    "all triggers on top of Airflow's and them": (["airflow.sdk", "airflow.triggers.base", *OTHERS], TRIGGERS),
    "provider_info alone": ([], ["airflow_provider_ee.provider_info"]),
}


def test_importing_the_provider_costs_next_to_nothing():
    costs = {what: cost(*imports) for what, imports in IMPORTS.items()}
    show(
        f"Import cost, median of {PROCESSES} processes",
        ("import", "wall ms", "CPU ms", "modules"),
        [(what, *medians) for what, medians in costs.items()],
    )

    assert costs["all operators and sensors on top of it"][1] < 50
    assert costs["all decorators on top of @task and them"][1] < 10
    assert costs["all triggers on top of Airflow's and them"][1] < 20
    assert costs["provider_info alone"][1] < 20


def cost(before, measured):
    """Return the medians of wall time, CPU time and number of modules."""
    run = [sys.executable, "-c", PROGRAM, json.dumps([before, measured])]
    # The first one writes the bytecode for the others: compiling would cost more than all else.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    outputs = [
        subprocess.run(run, env=env, capture_output=True, text=True, check=True).stdout for _ in range(1 + PROCESSES)
    ]
    return [
        median(column) for column in zip(*(json.loads(output.splitlines()[-1]) for output in outputs[1:]), strict=True)
    ]
