"""No arguments whatever make a computation fall over: a request, or an error that names the argument."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.computing.computations import compute_value, table
from airflow_provider_ee.client.computing.feature_files import file_format
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.any_values import VALUES, fuzzed

ONE = {"result": "0", "values": {"0": {"constantValue": 1}}}

#: What is called, and the names of its arguments.
CALLS = {
    "compute_value": (
        lambda expression=ONE, workload_tag=None: (
            next(compute_value("projects/p", expression, workload_tag=workload_tag)).body
        ),
        ("expression", "workload_tag"),
    ),
    "table": (lambda expression=None, asset_id=None: table(expression, asset_id), ("expression", "asset_id")),
    "file_format": (lambda file_format_=None: file_format("a.csv", file_format_), ("file_format_",)),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_arguments_whatever_make_a_computation_fall_over(name):
    call, known = CALLS[name]

    @fuzzed()
    @given(st.dictionaries(st.sampled_from(known), VALUES, min_size=1))
    def check(arguments):
        try:
            json.dumps(call(**arguments), allow_nan=False, ensure_ascii=False).encode()
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] in {one.rstrip("_") for one in known}

    check()
