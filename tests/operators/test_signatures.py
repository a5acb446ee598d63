"""Every argument stands in the signature and in the docstring of the class that a user writes."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import ee
import pytest
from airflow.sdk import BaseOperator

from airflow_provider_ee import typing as types
from airflow_provider_ee.client import exports as builders
from airflow_provider_ee.operators import exports
from airflow_provider_ee.provider_info import get_provider_info

#: Arguments of BaseOperator stand in `OperatorArguments`.
OF_EVERY_OPERATOR = "kwargs"


def operators():
    modules = [name for listed in get_provider_info()["operators"] for name in listed["python-modules"]]
    found = {}
    for module in map(importlib.import_module, modules):
        found |= {name: getattr(module, name) for name in module.__all__ if name.endswith("Operator")}
    return {name: kind for name, kind in found.items() if not inspect.isabstract(kind)}


OPERATORS = operators()
EVERY = pytest.mark.parametrize("name", OPERATORS)
EXPORTS = pytest.mark.parametrize("name", [name for name in exports.__all__ if "To" in name.removesuffix("Operator")])
#: In `ee` an argument, here several: the rankings and options of a feature view.
TOLD_APART = {"ingestion_time_parameters"}


def signature(kind):
    return inspect.signature(kind.__dict__["__init__"])


def spelled_out(kind):
    parameters = signature(kind).parameters
    return [name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY]


def documented(kind):
    block = re.search(r"^Args:\n((?: +.*\n?|\n)*)", inspect.cleandoc(kind.__doc__) + "\n", re.MULTILINE)
    return re.findall(r"^    (\w+): \S", block[1], re.MULTILINE) if block else []


@EVERY
def test_a_class_spells_out_what_its_bases_take(name):
    kind = OPERATORS[name]
    inherited = {
        argument
        for base in kind.__mro__[1:]
        if base.__module__.startswith("airflow_provider_ee") and "__init__" in base.__dict__
        for argument in spelled_out(base)
    }

    assert inherited - set(spelled_out(kind)) == set()


@EVERY
def test_a_docstring_describes_every_argument_in_the_order_of_the_signature(name):
    assert documented(OPERATORS[name]) == spelled_out(OPERATORS[name])


@EVERY
def test_every_argument_has_a_type(name):
    parameters = signature(OPERATORS[name]).parameters

    assert [
        argument
        for argument in spelled_out(OPERATORS[name])
        if parameters[argument].annotation in {inspect.Parameter.empty, "Any"}
    ] == []
    assert parameters[OF_EVERY_OPERATOR].annotation == "Unpack[OperatorArguments]"


@EVERY
def test_what_is_templated_is_an_argument(name):
    kind = OPERATORS[name]

    assert set(kind.template_fields) - set(spelled_out(kind)) == set()


@EXPORTS
def test_an_export_has_every_argument_of_ee(name):
    what, where = re.fullmatch(r"EarthEngineExport(\w+?)To(\w+)Operator", name).groups()
    arguments = inspect.signature(getattr(getattr(ee.batch.Export, what.lower()), f"to{where}")).parameters
    snake = {re.sub(r"(?=[A-Z])", "_", argument).lower() for argument in arguments} - {"kwargs"}

    assert snake - TOLD_APART - set(spelled_out(OPERATORS[name])) == set()


@pytest.mark.parametrize("name", exports.__all__)
def test_an_export_has_every_argument_of_its_builder(name):
    kind = OPERATORS[name]

    builder = getattr(builders, name.removeprefix("EarthEngine").removesuffix("Operator"))

    assert set(builder.needed) == set(kind.arguments)
    assert set(kind.arguments) <= set(kind.template_fields)


def test_the_arguments_of_every_operator_are_those_of_this_airflow():
    known = {
        name
        for name, parameter in inspect.signature(BaseOperator.__init__).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }

    assert known - set(types.OperatorArguments.__annotations__) == set()


def test_signatures_are_as_the_table_of_arguments_has_them():
    done = subprocess.run(
        [sys.executable, "-m", "tools.spell_out", "--check"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
