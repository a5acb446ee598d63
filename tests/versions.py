"""What some of the supported versions of others cannot do."""

from importlib.metadata import version

import pytest
from packaging.version import Version

_AIRFLOW = Version(version("apache-airflow-core"))


def needs_ee(lowest: str) -> pytest.MarkDecorator:
    """Skip a test below this version of Google's own client, which knew fewer words then."""
    present = Version(version("earthengine-api"))
    return pytest.mark.skipif(Version(lowest) > present, reason=f"earthengine-api {present}: it knew fewer words")


def needs_airflow(lowest: str, why: str) -> pytest.MarkDecorator:
    """Skip a test below this version, for a reason that says what is missing there."""
    return pytest.mark.skipif(Version(lowest) > _AIRFLOW, reason=f"Airflow {_AIRFLOW}: {why}")
