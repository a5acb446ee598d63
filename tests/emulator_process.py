"""An emulator in a process of its own: in that of a test it would share the interpreter with what is measured."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


@contextmanager
def emulator_process(folder: Path, **settings: Any) -> Iterator[str]:
    """Run an emulator with its files in a folder, and return its URL.

    Args:
        folder: An empty folder.
        settings: Its settings, by the names of `Settings`.
    """
    ready = folder / "ready"
    command = [sys.executable, "-m", "airflow_provider_ee.emulator", "--port", "0"]
    with subprocess.Popen([*command, "--root", folder, "--ready-file", ready], stdout=subprocess.DEVNULL) as emulator:
        try:
            url = _wait_for(ready, emulator)
            httpx.post(f"{url}/emulator/settings", json=settings).raise_for_status()
            yield url
        finally:
            emulator.terminate()


def _wait_for(ready: Path, emulator: subprocess.Popen[bytes]) -> str:
    while not ready.exists():
        assert emulator.poll() is None, "The emulator did not start."
        time.sleep(0.05)
    return ready.read_text()
