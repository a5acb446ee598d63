"""No words whatever make a builder fall over: a body, or an error that names the argument."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client import exports
from airflow_provider_ee.client.errors import InvalidArgument

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
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("export", EXPORTS)
def test_no_arguments_whatever_make_an_export_fall_over(export):
    good = {name: value for name, value in GOOD.items() if name in export.needed}

    @settings(max_examples=100)
    @given(st.dictionaries(st.sampled_from(list(export.needed)), VALUES, min_size=1, max_size=3))
    def check(arguments):
        try:
            made = export(**{**good, **arguments})
            assert json.dumps([made.body(), made.destination()], allow_nan=False)
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] in export.needed

    check()
