"""`python -m airflow_provider_ee.emulator`: an Earth Engine of your own, until it is stopped with Ctrl-C."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.delays import FORMS, Delay
from airflow_provider_ee.emulator.state.settings import Settings

__all__ = ["main"]

_FORMS = {bool: "true or false", int: "a whole number", float: "a number", str: "a time such as 2027-01-31T00:00:00Z"}
_SETTINGS = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}


def main(arguments: list[str] | None = None) -> int:
    """Run the emulator until a signal ends it.

    Args:
        arguments: The command line; by default that of the process.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    settings: dict[str, object] = {
        name: value for name, value in vars(given).items() if name in _SETTINGS and value is not None
    }
    try:
        from airflow_provider_ee.emulator.server import Emulator
    except ModuleNotFoundError as missing:
        parser.error(f"{missing.name} is not installed: pip install 'airflow-provider-ee[emulator]'")
    try:
        emulator = Emulator(given.root, port=given.port, settings=settings, catalogue=given.catalogue).start()
    except (ApiError, OSError, OverflowError, ValueError) as fault:
        parser.error(str(fault))
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    sys.stdout.write(
        f"Earth Engine emulator: {emulator.url} - set EARTHENGINE_EMULATOR_HOST={emulator.host} - "
        f"files in {emulator.root}\n"
    )
    sys.stdout.flush()
    if given.ready_file is not None:
        _write_whole(given.ready_file, emulator.url)
    ended.wait()
    emulator.stop()
    return 0


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody who waits for it can read half of it."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m airflow_provider_ee.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8085, help="the port; 0 for a free one (default: %(default)s)")
    parser.add_argument(
        "--root", type=Path, default=Path("ee-data"), help="the folder for what exports write (default: %(default)s)"
    )
    parser.add_argument("--catalogue", type=Path, help="a folder of your own images and tables, by their ids")
    parser.add_argument("--ready-file", type=Path, help="a file to write the URL to, once the emulator listens")
    switches = parser.add_argument_group("settings", "what the real service does, or may do otherwise")
    for name, default in _SETTINGS.items():
        switches.add_argument(f"--{name.replace('_', '-')}", type=_reader(default), **_help(default))
    return parser


def _reader(default: object) -> Callable[[str], object]:
    """Return what reads a setting from the command line; whether it may be so is checked with the others."""
    if isinstance(default, bool):
        return lambda text: {"true": True, "false": False}.get(text, text)
    return type(default) if isinstance(default, int | float) else str


def _help(default: object) -> dict[str, Any]:
    """Return how a setting is explained."""
    if isinstance(default, StrEnum):
        return {"choices": list(type(default)), "help": f"(default: {default})"}
    shown = str(default).lower() if isinstance(default, bool) else "none" if default == "" else default
    form = FORMS if isinstance(default, Delay) else _FORMS[type(default)]
    return {"metavar": "VALUE", "help": f"{form} (default: {shown})"}


if __name__ == "__main__":
    sys.exit(main())
