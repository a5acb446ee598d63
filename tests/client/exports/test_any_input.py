"""No words whatever make a builder fall over: a body, or an error that names the argument."""

import inspect
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import classifiers, images, maps, tables, videos

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
}
BUILDERS = {
    name: getattr(module, name) for module in (classifiers, images, maps, tables, videos) for name in module.__all__
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", BUILDERS)
def test_no_words_whatever_make_a_builder_fall_over(name):
    build = BUILDERS[name]
    parameters = inspect.signature(build).parameters
    good = {word: value for word, value in GOOD.items() if word in parameters}

    @settings(max_examples=100)
    @given(st.dictionaries(st.sampled_from(list(parameters)), VALUES, min_size=1, max_size=3))
    def check(words):
        try:
            assert json.dumps(build(**{**good, **words}), allow_nan=False)
        except InvalidArgument as error:
            assert error.argument.partition(".")[0] in parameters

    check()
