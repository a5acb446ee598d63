"""`python -m airflow_provider_ee.emulator`: an Earth Engine of your own, until it is stopped with Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from airflow_provider_ee.emulator.state.delays import FORMS
from airflow_provider_ee.emulator.state.switches import Duplicate, Uncomputed

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the emulator until a signal ends it.

    Args:
        arguments: The command line; by default that of the process.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    settings: dict[str, object] = {
        "time": given.time,
        "max_queue": given.max_queue,
        "duplicate_request_id": given.duplicate_request_id,
        "not_computed": given.not_computed,
    }
    try:
        from airflow_provider_ee.emulator.server import Emulator
    except ModuleNotFoundError as missing:
        parser.error(f"{missing.name} is not installed: pip install 'airflow-provider-ee[emulator]'")
    try:
        emulator = Emulator(given.root, port=given.port, settings=settings).start()
    except (OSError, OverflowError, ValueError) as fault:
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
    parser.add_argument("--ready-file", type=Path, help="a file to write the URL to, once the emulator listens")
    parser.add_argument(
        "--time", default="at once", help=f"how long an operation takes: {FORMS} (default: %(default)s)"
    )
    parser.add_argument(
        "--max-queue", type=int, default=3000, help="operations that may wait in a project (default: %(default)s)"
    )
    parser.add_argument(
        "--duplicate-request-id",
        choices=list(Duplicate),
        default=Duplicate.SAME_OPERATION,
        help="what a second submission with the same requestId is answered (default: %(default)s)",
    )
    parser.add_argument(
        "--not-computed",
        choices=list(Uncomputed),
        default=Uncomputed.REFUSE,
        help="whether exports of videos are refused, or succeed without a file (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
