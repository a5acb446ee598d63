"""What mypy and pyright say of DAG files that users write: nothing of a right one, and of a wrong one every mistake."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.versions import needs_airflow

ROOT = Path(__file__).parents[2]
DAGS = Path(__file__).parent / "dags"


def mistakes(file):
    return {number for number, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("# error")}


def found_by_mypy(file):
    run = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context", str(file)]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode in {0, 1}, told.stderr
    return {int(line) for line in re.findall(rf"{file.name}:(\d+): error", told.stdout)}


def found_by_pyright(file):
    # Which Python has Airflow: pyright would ask the one that stands first in PATH.
    run = [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "--level", "error", "--outputjson"]
    told = subprocess.run(
        [*run, "--project", str(DAGS), str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = json.loads(told.stdout)["generalDiagnostics"]
    return {one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"}


CHECKERS = pytest.mark.parametrize("found_by", [found_by_mypy, found_by_pyright], ids=["mypy", "pyright"])


@needs_airflow("3.3", "its own types are others")
@CHECKERS
@pytest.mark.parametrize("name", ["right", "wrong", "right_sensors", "wrong_sensors"])
def test_a_type_checker_finds_every_mistake_of_a_dag_file_and_nothing_else(found_by, name):
    pytest.importorskip("basedpyright", reason="pip install --group dev")
    file = DAGS / f"{name}.py"

    assert found_by(file) == mistakes(file)
