"""Compare an Earth Engine, the real one or an emulator, with what this provider assumes of it.

Each module here is a list of cheap checks on one subject. A check asks raw requests and yields findings: a question,
what is assumed, what was seen. It never fails: what could not be asked is a finding too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from airflow_provider_ee.testing.conformance import (
    assets,
    callers,
    descriptions,
    duplicates,
    imports,
    operations,
    outputs,
    pixels,
    versions,
)
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session

__all__ = ["SUBJECTS", "run_checks"]

_LOG = logging.getLogger(__name__)

#: What can be checked, in the order in which it is.
SUBJECTS: Mapping[str, Callable[[Session], Iterator[Finding]]] = MappingProxyType(
    {
        "callers": callers.check,
        "versions": versions.check,
        "descriptions": descriptions.check,
        "duplicates": duplicates.check,
        "operations": operations.check,
        "assets": assets.check,
        "outputs": outputs.check,
        "imports": imports.check,
        "pixels": pixels.check,
    }
)


def run_checks(session: Session, subjects: Iterable[str] = tuple(SUBJECTS)) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with its subject, and clean up after each subject."""
    for subject in subjects:
        try:
            for finding in SUBJECTS[subject](session):
                yield subject, finding
        except Exception as error:  # noqa: BLE001  # one check that breaks must not hide what the others find
            _LOG.debug("The checks of %s broke off.", subject, exc_info=True)
            yield subject, Finding("the rest of this subject", "can be checked", f"{type(error).__name__}: {error}")
        finally:
            session.clean_up()
