"""What `make demo` tells a newcomer."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.airflow import demo

REPOSITORY = Path(__file__).parents[2]


class FakeRun:
    """A run whose tasks move one step with every look."""

    dag_id = "quickstart"

    def __init__(self, *steps: dict[str, str | None]) -> None:
        self._steps = list(steps)

    @property
    def state(self) -> str:
        return "success" if len(self._steps) == 1 else "running"

    def states(self) -> dict[str, str | None]:
        return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]


def _told(*steps: dict[str, str | None]) -> list[str]:
    said: list[str] = []
    run: Any = FakeRun(*steps)
    demo.follow(run, said.append)
    return [line.strip() for line in said]


def test_a_state_is_told_once_however_long_it_lasts() -> None:
    steps = [{"export": None}, {"export": "running"}, {"export": "running"}, {"export": "success"}]

    assert _told(*steps) == ["export: running on a worker", "export: done"]


def test_a_deferred_task_is_explained() -> None:
    (line,) = _told({"export": "deferred"})

    assert line == "export: waiting for Earth Engine; the worker is free, the triggerer watches"


def test_a_task_that_ended_is_told_before_the_one_that_follows_it() -> None:
    steps = [{"a": None, "b": "running"}, {"a": "running", "b": "success"}]

    assert _told(*steps)[1:] == ["b: done", "a: running on a worker"]


def test_states_that_say_nothing_to_a_newcomer_are_not_told() -> None:
    assert _told({"export": "scheduled"}, {"export": "queued"}) == []


def test_a_root_that_is_a_file_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(SystemExit):
        demo.main(["--root", str(file)])

    assert f"--root: must be a directory, but {file} is a file" in capsys.readouterr().err


@pytest.mark.services
@pytest.mark.xdist_group("airflow")
def test_the_demo_ends_with_a_geotiff_and_a_picture_of_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.airflow.demo", "--root", str(tmp_path)]

    ended = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)

    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    (geotiff,) = tmp_path.rglob("*.tif")
    assert f"GeoTIFF  {geotiff}\n" in ended.stdout
    assert f"preview  {geotiff.with_suffix('.png')}\n" in ended.stdout
    assert geotiff.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
