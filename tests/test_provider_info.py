import importlib.resources
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import jsonschema
import pytest
from airflow.sdk.module_loading import import_string

from airflow_provider_ee.connection_form import CONNECTION_FORM
from airflow_provider_ee.provider_info import get_provider_info
from tests.versions import needs_airflow


def dotted_paths(value: Any) -> Iterator[str]:
    """Every module and class of ours that the provider info names, wherever it stands."""
    if isinstance(value, str) and value.startswith("airflow_provider_ee."):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from dotted_paths(part)
    elif isinstance(value, list):
        for part in value:
            yield from dotted_paths(part)


def connection_type() -> dict[str, Any]:
    (only,) = get_provider_info()["connection-types"]
    return only


def test_it_is_what_airflows_own_schema_asks_for():
    schema = json.loads((importlib.resources.files("airflow") / "provider_info.schema.json").read_text())

    jsonschema.validate(get_provider_info(), schema)


@pytest.mark.parametrize("path", sorted(set(dotted_paths(get_provider_info()))))
def test_everything_that_it_names_exists(path):
    try:
        importlib.import_module(path)
    except ModuleNotFoundError:
        import_string(path)


def test_airflow_finds_it_under_the_name_of_the_package():
    (entry,) = [
        point for point in entry_points(group="apache_airflow_provider") if "earthengine" in str(point.load()())
    ]

    assert entry.dist is not None
    assert entry.dist.name == get_provider_info()["package-name"]


def test_reading_it_imports_nothing_but_the_standard_library():
    program = (
        "import sys; before = set(sys.modules)\n"
        "from airflow_provider_ee.provider_info import get_provider_info\n"
        "get_provider_info()\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )

    imported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert imported.split() == ["airflow_provider_ee"]


def test_the_connection_type_is_the_one_that_the_hook_says():
    described = connection_type()
    hook = import_string(described["hook-class-name"])

    assert (hook.conn_type, hook.hook_name) == (described["connection-type"], described["hook-name"])


@needs_airflow("3.2", "the form is shown by importing the hook, and where wtforms is installed")
def test_airflow_shows_the_form_without_importing_the_hook():
    program = (
        "import sys\n"
        "from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService\n"
        "(form,) = [meta for meta in HookMetaService.hook_meta_data() if meta.connection_type == 'earthengine']\n"
        "print(form.hook_name, form.standard_fields.host.hidden, sorted(form.extra_fields), sep='|')\n"
        "print('airflow_provider_ee.hooks.earthengine' in sys.modules)"
    )

    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert shown.splitlines()[-2:] == [f"Google Earth Engine|True|{sorted(CONNECTION_FORM)}", "False"]


def test_the_defaults_of_the_configuration_are_numbers_and_texts_as_they_say():
    options = get_provider_info()["config"]["earthengine"]["options"]

    assert options["deployment_id"]["default"] == ""
    assert float(options["poll_interval"]["default"]) == 30.0
