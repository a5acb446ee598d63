"""No arguments whatever make an export fall over: a request that Google knows, or an error that names the argument."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client import exports
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.any_values import VALUES, fuzzed
from tests.client.exports.comparison import MESSAGES
from tests.contract import problems

THING = {"result": "0", "values": {"0": {"constantValue": 1}}}
GOOD = {
    "image": THING,
    "collection": THING,
    "classifier": THING,
    "expression": THING,
    "description": "d",
    "bucket": "my-bucket",
    "asset_id": "projects/p/assets/a",
    "table": "p.d.t",
    "max_zoom": 5,
    "tile_options": {"endZoom": 3},
}
EXPORTS = [getattr(exports, name) for name in exports.__all__ if name.startswith("Export") and name != "Export"]


@pytest.mark.parametrize("export", EXPORTS)
def test_no_arguments_whatever_make_an_export_fall_over(export):
    good = {name: value for name, value in GOOD.items() if name in export.needed}

    @fuzzed()
    @given(st.dictionaries(st.sampled_from(list(export.needed)), VALUES, min_size=1, max_size=3))
    def check(arguments):
        try:
            made = export(**{**good, **arguments})
            body = made.body()
            json.dumps([body, made.destination(), made.doubts()], allow_nan=False, ensure_ascii=False).encode()
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] in export.needed
            assert str(error).encode()
        else:
            if export.name in exports.EXPORTS:
                assert problems(MESSAGES[export.name.partition("_")[0]], {**body, "expression": THING}) == []

    check()


@pytest.mark.parametrize("export", EXPORTS)
def test_each_argument_alone_is_taken_or_refused_by_its_name(export):
    @fuzzed(200)
    @given(st.sampled_from(list(export.needed)), VALUES)
    def check(name, value):
        try:
            export.check(name, value)
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] == name

    check()
