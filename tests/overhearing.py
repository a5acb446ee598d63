"""All that can be seen from outside of a program at work: what it logs, prints, raises, shows of itself, tells Airflow."""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from airflow.sdk.execution_time import comms
from structlog.testing import capture_logs

from tests.tasks import Supervisor

__all__ = ["ListeningSupervisor", "Overheard", "overhearing"]

#: Loggers that a user may turn up; google-auth's speaks to nobody unless it is set by name.
_LOGGERS = ("", "airflow", "airflow_provider_ee", "google", "httpcore", "httpx", "requests", "urllib3")


class _Listener(logging.Handler):
    """Keeps each record with its extras: a formatter may show any of them."""

    def __init__(self, hear: Callable[..., None]) -> None:
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record.getMessage(), vars(record))


@dataclass
class ListeningSupervisor(Supervisor):
    """Keeps every message of a task in full, but for those that name a secret so that it can be masked."""

    messages: list[Any] = field(default_factory=list)

    def send(self, msg: Any) -> Any:
        if not isinstance(msg, comms.MaskSecret):
            self.messages.append(msg)
        return super().send(msg)


class Overheard:
    """What was heard so far, as text."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def hear(self, *things: object) -> None:
        """Take down how things show themselves: their text, their repr and what is in their attributes."""
        for thing in things:
            self.said += [str(thing), repr(thing)]
            if isinstance(thing, BaseException):
                self._hear_all_of(thing)
            elif isinstance(thing, dict):
                self.hear(*(value for value in thing.values() if isinstance(value, BaseException)))
                self._hear_traceback(thing.get("exc_info"))

    def attempt(self, work: Callable[[], object]) -> None:
        """Do something that may fail, and hear either its result or its error."""
        try:
            self.hear(work())
        except Exception as error:  # noqa: BLE001  # whatever it is, it must hold no secret
            self.hear(error)

    def holds(self, secrets: Iterable[str]) -> list[str]:
        """Return where secrets were heard: a little of the text around each."""
        text = "\n".join(self.said)
        return [text[max(0, at - 300) : at + 60] for secret in secrets if (at := text.find(secret)) >= 0]

    def _hear_traceback(self, exc_info: object) -> None:
        if isinstance(exc_info, tuple) and isinstance(exc_info[1], BaseException):
            self.hear(exc_info[1])

    def _hear_all_of(self, error: BaseException) -> None:
        self.said += traceback.format_exception(error)
        seen: list[BaseException] = []
        waiting: list[BaseException | None] = [error]
        while waiting:
            link = waiting.pop()
            if link is not None and link not in seen:
                seen.append(link)
                self.said += [str(link), repr(link), repr(vars(link)), repr(getattr(link, "__notes__", ""))]
                waiting += [link.__cause__, link.__context__]


@contextmanager
def overhearing() -> Iterator[Overheard]:
    """Hear everything that is logged, down to DEBUG, by the standard library's loggers and by Airflow's."""
    overheard = Overheard()
    listener = _Listener(overheard.hear)
    loggers = {logging.getLogger(name): logging.getLogger(name).level for name in _LOGGERS}
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(listener)
    try:
        with capture_logs() as events:
            yield overheard
        overheard.hear(*events)
    finally:
        for logger, level in loggers.items():
            logger.removeHandler(listener)
            logger.setLevel(level)
