"""What releases have written into Airflow's database: a task that is deferred now may go on under a later release.

Files are only ever added: `golden/<release>-<case>.json` holds a trigger as a release wrote it, and `methods.json` what
triggers resume. A change of a file that is there already breaks somebody's deferred tasks.
"""

import importlib
import inspect
import json
from pathlib import Path

import pytest

from tests.tasks import fire

GOLDEN = Path(__file__).parent / "golden"
TRIGGERS = [pytest.param(file, id=file.stem) for file in sorted(GOLDEN.glob("[0-9]*.json"))]
METHODS = [
    pytest.param(path, method, id=f"{path.rpartition('.')[2]}.{method}")
    for path, methods in json.loads((GOLDEN / "methods.json").read_text()).items()
    for method in methods
]


def found(path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.fixture(params=TRIGGERS)
def kept(request):
    """A trigger as Airflow kept it."""
    return json.loads(request.param.read_text())


def test_it_is_understood_and_kept_again_with_nothing_lost(kept):
    path, kwargs = found(kept["classpath"])(**kept["kwargs"]).serialize()
    assert path == kept["classpath"]
    assert kwargs.items() >= kept["kwargs"].items()


def test_what_a_later_release_added_is_ignored(kept):
    trigger = found(kept["classpath"])
    assert trigger(**kept["kwargs"], of_the_future=[1]).serialize() == trigger(**kept["kwargs"]).serialize()


def test_it_runs_and_its_event_is_understood(kept, earth_engine, monkeypatch):
    names = kept["kwargs"].get("operation_names", [])
    ids = iter([name.rpartition("/")[2] for name in names])
    monkeypatch.setattr(earth_engine.control.world.operations, "_new_id", lambda: next(ids))
    earth_engine.control.seed_operations("my-project", len(names))
    if asset_id := kept["kwargs"].get("asset_id"):
        earth_engine.control.seed_asset(asset_id, "TABLE")
    event = fire(found(kept["classpath"])(**kept["kwargs"]))
    assert event["status"] in {"done", "room", "found"}
    assert importlib.import_module(kept["classpath"].rpartition(".")[0]).read_event(event) == event


@pytest.mark.parametrize(("path", "method"), METHODS)
def test_what_triggers_resume_is_there_and_takes_an_event(path, method):
    parameters = inspect.signature(getattr(found(path), method)).parameters
    assert list(parameters)[:3] == ["self", "context", "event"]
    # `dag.test()` hands over nothing else.
    assert not [name for name in list(parameters)[3:] if parameters[name].default is inspect.Parameter.empty]
