"""What the documentation shows is run, or says why not; what it lists is complete."""

import importlib
import re
from pathlib import Path

import pytest

from airflow_provider_ee.client import errors
from airflow_provider_ee.client.exports import ExportImageToDrive
from airflow_provider_ee.connection_form import CONNECTION_FORM
from airflow_provider_ee.provider_info import get_provider_info

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
PAGES = {str(page.relative_to(DOCS)): page.read_text(encoding="utf-8") for page in sorted(DOCS.rglob("*.md"))}
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
INFO = get_provider_info()

#: A Python block, and the comment before it that says whether it is run.
BLOCK = re.compile(r"(?:<!-- (run|not run: [^>]+) -->\n)?```python\n(.*?)```", re.DOTALL)
BLOCKS = [
    pytest.param((page, verdict, code), id=f"{page}:{number}")
    for page, text in {"README.md": README, **PAGES}.items()
    for number, (verdict, code) in enumerate(BLOCK.findall(text))
]


def named_by(kind):
    """Every class of ours that the modules of a kind make for others."""
    for group in INFO[kind]:
        for path in group["python-modules"]:
            module = importlib.import_module(path)
            yield from (name for name in module.__all__ if name.startswith("EarthEngine"))


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_python_says_whether_it_is_run_and_runs(earth_engine, monkeypatch, tmp_path, block):
    page, verdict, code = block
    assert verdict, f"{page}: say <!-- run --> or <!-- not run: why --> before the block"
    compile(code, page, "exec")
    if verdict == "run":
        monkeypatch.chdir(tmp_path)
        exec(compile(code, page, "exec"), {})  # noqa: S102  # our own documentation


@pytest.mark.parametrize("kind", ["operators", "sensors"])
def test_every_class_that_users_write_has_its_place_in_the_pages_of_operators(kind):
    shown = "".join(text for page, text in PAGES.items() if page.startswith("operators/"))
    abstract = {"EarthEngineComputeOperator", "EarthEnginePixelsOperator"}
    assert {name for name in named_by(kind) if f".{name}\n" not in shown} <= abstract


def test_every_error_has_a_heading_in_troubleshooting():
    named = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)} - {"EarthEngineError"}
    assert named <= set(re.findall(r"^## (\w+)$", PAGES["troubleshooting.md"], re.MULTILINE))


def test_every_field_of_a_connection_is_explained():
    rows = re.findall(r"^\| (`.*?) \|", PAGES["connections.md"], re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", "".join(rows))) == set(CONNECTION_FORM)


def test_every_setting_is_explained():
    named = set(re.findall(r"^\| `(\w+)` \|", PAGES["settings.md"], re.MULTILINE))
    assert named == set(INFO["config"]["earthengine"]["options"])


def test_every_decorator_is_in_the_table():
    text = PAGES["operators/decorators.md"]
    short = re.sub(r"(`@task\.ee_export_[a-z]+)_to_[a-z_]+`((?:, `_to_[a-z_]+`)+)", _spelled_out, text)
    for decorator in INFO["task-decorators"]:
        assert f"@task.{decorator['name']}`" in text + short


def _spelled_out(found):
    return found[0] + "".join(f" {found[1]}{place}`" for place in re.findall(r"`(_to_[a-z_]+)`", found[2]))


def test_the_label_that_the_registry_of_providers_links_to_is_there():
    assert "(howto/connection:earthengine)=" in PAGES["connections.md"]


def test_the_readme_is_read_in_five_minutes_and_its_links_lead_somewhere():
    assert len(README.splitlines()) <= 150
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (REPOSITORY / target).is_file(), target


def test_an_error_reads_as_it_is_shown():
    with pytest.raises(errors.InvalidArgument) as caught:
        ExportImageToDrive(image="USGS/SRTMGL1_003", crs="EPSG:4326", crs_transform="30,0,7")
    assert f"```text\n{caught.value}\n```" in PAGES["troubleshooting.md"]
