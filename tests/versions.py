"""What some of the supported Airflows cannot do."""

from importlib.metadata import version

import pytest
from packaging.version import Version

_AIRFLOW = Version(version("apache-airflow-core"))


def needs_airflow(lowest: str, why: str) -> pytest.MarkDecorator:
    """Skip a test below this version, for a reason that says what is missing there."""
    return pytest.mark.skipif(Version(lowest) > _AIRFLOW, reason=f"Airflow {_AIRFLOW}: {why}")
