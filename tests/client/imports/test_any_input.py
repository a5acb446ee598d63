"""No arguments whatever make an import fall over: a request that Google knows, or an error that names the argument."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports import ImportExternalImage, ImportImage, ImportTable
from tests.client.any_values import VALUES, fuzzed
from tests.contract import problems

SHORT = {"asset_id": "projects/my-project/assets/a", "uris": "gs://bucket/a"}


@pytest.mark.parametrize("kind", [ImportImage, ImportTable, ImportExternalImage])
def test_no_arguments_whatever_make_an_import_fall_over(kind):
    @fuzzed()
    @given(st.dictionaries(st.sampled_from(list(kind.needed)), VALUES, min_size=1, max_size=3))
    def check(arguments):
        try:
            body = kind(**{**SHORT, **arguments}).body()
            json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        except InvalidArgument as error:
            assert error.argument.partition(".")[0].partition("[")[0] in {*kind.needed, kind.field}
        else:
            assert problems(f"{kind.__name__}Request", body) == []

    check()
