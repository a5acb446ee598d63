"""Whatever users send as a manifest, they are told what is wrong with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.images import image_manifest
from airflow_provider_ee.client.imports.tables import table_manifest
from tests.client.imports.examples import IMAGE, TABLE

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["gs://b/o", "MEAN", 10**400]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def paths(value, path=()):
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from paths(entry, (*path, key))


def with_garbage(value, path, garbage):
    if not path:
        return garbage
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_garbage(value[path[0]], path[1:], garbage)
    return copy


@pytest.mark.parametrize(
    ("example", "check"), [(IMAGE, image_manifest), (TABLE, table_manifest)], ids=["image", "table"]
)
@given(data=st.data(), garbage=JSON, key=st.none() | st.text())
def test_whatever_stands_anywhere_in_a_manifest_it_is_plain_json_or_an_invalid_argument(
    example, check, data, garbage, key
):
    path = data.draw(st.sampled_from(list(paths(example))))
    wrong = with_garbage(example, path, garbage if key is None else {key: garbage})
    try:
        json.dumps(check(wrong), allow_nan=False, ensure_ascii=False).encode()
    except InvalidArgument as error:
        assert error.allowed


@given(st.text() | st.binary() | JSON)
def test_whatever_is_no_manifest_gives_an_invalid_argument(garbage):
    for check in (image_manifest, table_manifest):
        with pytest.raises(InvalidArgument):
            check(garbage)
