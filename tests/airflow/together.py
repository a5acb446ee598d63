"""Tests that mostly wait for Airflow, played at the same time.

A module whose tests are marked `together` starts all of them, each in a thread of its own, when the first one is
called; then each one is waited for in its turn. They read like any others. Their fixtures have to be of the module or
the session, for the first test asks for those of all.
"""

import threading
from concurrent.futures import Future
from typing import Any

import pytest

_PLAYED = pytest.StashKey[dict[str, "Future[None]"]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "together: played at the same time as the others of its module")


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Play all tests of a module that are marked, or wait for the one that is called."""
    if not _marked(pyfuncitem):
        return None
    stash = _module(pyfuncitem).stash
    if _PLAYED not in stash:
        stash[_PLAYED] = {item.nodeid: _play(item, pyfuncitem) for item in _companions(pyfuncitem)}
    stash[_PLAYED][pyfuncitem.nodeid].result()
    return True


def _companions(called: pytest.Function) -> list[pytest.Function]:
    """The marked tests of the same module that were selected, the called one among them."""
    items = [item for item in called.session.items if isinstance(item, pytest.Function)]
    return [item for item in items if _module(item) is _module(called) and _marked(item)]


def _play(item: pytest.Function, called: pytest.Function) -> "Future[None]":
    played: Future[None] = Future()
    arguments = _arguments(item, called)

    def play() -> None:
        try:
            item.obj(**arguments)
        except BaseException as failure:  # noqa: BLE001 - pytest's own failures are no Exceptions
            played.set_exception(failure)
        else:
            played.set_result(None)

    # A daemon, for nothing waits for the others when a run is broken off.
    threading.Thread(target=play, name=item.nodeid, daemon=True).start()
    return played


def _arguments(item: pytest.Function, called: pytest.Function) -> dict[str, Any]:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    fixtures = [name for name in item._fixtureinfo.argnames if name not in given]
    return {**given, **{name: called._request.getfixturevalue(name) for name in fixtures}}


def _module(item: pytest.Function) -> pytest.Module:
    module = item.getparent(pytest.Module)
    assert module is not None
    return module


def _marked(item: pytest.Function) -> bool:
    return item.get_closest_marker("together") is not None
