"""What the README shows is run: its Python against the emulator, its table of fields against the code."""

import re
from pathlib import Path

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import ExportImageToDrive
from airflow_provider_ee.hooks.fields import FIELDS
from airflow_provider_ee.provider_info import get_provider_info

README = (Path(__file__).parents[1] / "README.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(
    "snippet", SNIPPETS, ids=["a first DAG", "with ee", "pixels", "in bulk", "in a task", "without Airflow"]
)
def test_a_snippet_runs(earth_engine, snippet):
    exec(compile(snippet, "README.md", "exec"), {})  # noqa: S102  # our own README


def test_every_field_of_a_connection_is_explained():
    table = README[README.index("| field (extra)") : README.index("- With none of the credentials")]
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))) == set(FIELDS)


def test_every_setting_is_explained():
    settings = get_provider_info()["config"]["earthengine"]["options"]
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \|", README[README.index("## Settings") :], re.MULTILINE)) >= set(
        settings
    )


def test_an_error_reads_as_it_is_shown():
    with pytest.raises(InvalidArgument) as caught:
        ExportImageToDrive(image="USGS/SRTMGL1_003", crs="EPSG:4326", crs_transform="30,0,7")
    assert f"```text\n{caught.value}\n```" in README
