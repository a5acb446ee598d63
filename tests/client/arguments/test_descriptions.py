import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments.descriptions import description, readable
from airflow_provider_ee.client.errors import InvalidArgument

RUN = "scheduled__2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize("value", ["a", "NDVI_2024-05.31:a,b;c", "x" * 100])
def test_what_earth_engine_takes_is_taken(value):
    assert description(value) == value


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param("my export", "holds ' '", id="a space"),
        pytest.param("a [b]", "holds ' '", id="the first of two"),
        pytest.param("größe", "holds 'ö'", id="a letter of another alphabet"),
        pytest.param("a\n", r"holds '\\n'", id="a new line at the end"),
        pytest.param("x" * 101, "has 101 characters", id="too long"),
        pytest.param("", "is not a text", id="empty"),
        pytest.param(None, "is not a text", id="none"),
        pytest.param(3, "is not a text", id="a number"),
    ],
)
def test_anything_else_is_refused_with_the_rule(value, problem):
    with pytest.raises(InvalidArgument, match=f"description: .*{problem}.*Allowed: letters .* at most 100 characters"):
        description(value)


def test_who_needs_room_for_more_says_so():
    with pytest.raises(InvalidArgument, match=r"name: .* has 4 characters.*at most 3 characters"):
        description("abcd", "name", longest=3)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["my_dag", "group.task", RUN], "my_dag:group.task:scheduled__2026-01-01T00:00:00Z"),
        (["my_dag", "task", "3", "r1"], "my_dag:task:3:r1"),
        (["a", "b", "c:d"], "a:b:c:d"),
    ],
)
def test_names_are_written_out_where_there_is_room(names, text):
    assert readable(names, longest=65) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        pytest.param(["d" * 40, "task", RUN], r"d{32}:task:2026-01-01T00:00:00Z:\w{6}", id="too long"),
        pytest.param(["d" * 99, "t" * 99, "r"], r"d{27}:t{27}:r:\w{6}", id="far too long"),
        pytest.param(["tile 1"], r"tile_1:\w{6}", id="what may not be written"),
        pytest.param(["ÄÖ"], r"__:\w{6}", id="nothing that may be written"),
        pytest.param([""], r"\w{6}", id="empty"),
        pytest.param(["a:b", "c"], r"a:b:c:\w{6}", id="what could be told in two ways"),
        pytest.param(["d", "2026-01-01T00:00:00Z"], r"d:2026-01-01T00:00:00Z:\w{6}", id="a time that is short already"),
    ],
)
def test_names_that_are_not_written_out_get_a_digest(names, text):
    assert re.fullmatch(text, readable(names, longest=65))


NAMES = st.lists(
    st.text() | st.text("ab:.Z0+", max_size=9) | st.datetimes().map(datetime.isoformat), min_size=1, max_size=4
)


@given(NAMES, NAMES, st.integers(40, 100))
def test_other_names_give_another_text_that_earth_engine_takes(names, others, longest):
    text = readable(names, longest=longest)
    assert description(text, longest=longest) == text
    assert (readable(others, longest=longest) == text) is (names == others)
