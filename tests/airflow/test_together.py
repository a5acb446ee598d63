"""Tests that are played at the same time read, pass and fail like any others."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

MODULE = """
import threading

import pytest

pytestmark = pytest.mark.together


@pytest.fixture(scope="module")
def barrier():
    return threading.Barrier(2)


@pytest.mark.parametrize("seconds", [20, 30])
def test_two_meet(barrier, seconds):
    barrier.wait(seconds)


def test_wrong():
    assert 1 == 2


def test_abandoned():
    pytest.fail("on purpose")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("together")
    (folder / "test_meeting.py").write_text(MODULE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.airflow.together",
        "-p",
        "no:cacheprovider",
        "--strict-markers",
    ]
    ended = subprocess.run(
        [*command, "-v", "--rootdir", folder, folder], cwd=REPOSITORY, check=False, capture_output=True, text=True
    )
    return ended.stdout


def test_those_of_a_module_run_at_the_same_time(told: str) -> None:
    assert "test_two_meet[20] PASSED" in told
    assert "test_two_meet[30] PASSED" in told


@pytest.mark.parametrize(("name", "why"), [("wrong", "assert 1 == 2"), ("abandoned", "Failed: on purpose")])
def test_each_failure_is_that_of_its_own_test(told: str, name: str, why: str) -> None:
    assert f"test_{name} FAILED" in told
    assert why in told
