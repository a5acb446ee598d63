"""No arguments whatever make a change of assets fall over: a request, or an error that names the argument."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.assets.access import AccessChange
from airflow_provider_ee.client.assets.fields import asset_update, collection_fields
from airflow_provider_ee.client.assets.listing import parent_name
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.any_values import VALUES, fuzzed

#: What is called, and the names of its arguments.
CALLS = {
    "asset_update": (asset_update, ("properties", "start_time", "end_time", "title", "description")),
    "collection_fields": (collection_fields, ("properties", "start_time", "end_time")),
    "AccessChange": (
        lambda **arguments: AccessChange.of(**arguments).applied({}),
        ("mode", "public", "readers", "writers", "owners"),
    ),
    "parent_name": (lambda parent=None: parent_name(parent, "p"), ("parent",)),
}
NAMES = (
    names.project_id,
    names.asset_name,
    names.writable_asset,
    names.destination_asset,
    names.api_version,
    names.request_id,
    names.workload_tag,
)


@pytest.mark.parametrize("name", CALLS)
def test_no_arguments_whatever_make_a_change_fall_over(name):
    call, known = CALLS[name]

    @fuzzed()
    @given(st.dictionaries(st.sampled_from(known), VALUES, min_size=1, max_size=3))
    def check(arguments):
        try:
            json.dumps(call(**arguments), allow_nan=False, ensure_ascii=False).encode()
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] in known

    check()


@pytest.mark.parametrize("check", NAMES, ids=lambda check: check.__name__)
def test_no_value_whatever_makes_the_check_of_a_name_fall_over(check):
    @fuzzed()
    @given(VALUES)
    def try_one(value):
        try:
            assert check(value, "argument").isascii()
        except InvalidArgument as error:
            assert error.argument == "argument"

    try_one()
