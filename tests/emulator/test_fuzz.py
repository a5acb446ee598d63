"""Whatever is sent, the answer is an answer: requests made of any JSON."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http import pages
from airflow_provider_ee.emulator.http.routes import ROUTES
from airflow_provider_ee.emulator.schemas.kinds import Kind, Many, Message, Table
from airflow_provider_ee.emulator.state import asset_filters
from airflow_provider_ee.emulator.state.settings import Settings

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner)
)


def nearly(kind: Kind, depth: int = 4) -> st.SearchStrategy[Any]:
    """Return values that have the shape of a kind, with anything at all inside."""
    if isinstance(kind, Message) and depth:
        return (
            st.fixed_dictionaries({}, optional={name: nearly(field, depth - 1) for name, field in kind.fields.items()})
            | ANYTHING
        )
    if isinstance(kind, Many) and depth:
        return st.lists(nearly(kind.item, depth - 1), max_size=2) | ANYTHING
    if isinstance(kind, Table) and depth:
        return st.dictionaries(st.text(max_size=4), nearly(kind.item, depth - 1), max_size=2) | ANYTHING
    return ANYTHING


BODIES = [route.body for route in ROUTES if isinstance(route.body, Message)]


def attempt(read: Callable[[], Any]) -> tuple[Any, ApiError | ValueError | None]:
    """Return what was read, or why it was refused; anything else that is raised is a fault."""
    try:
        return read(), None
    except (ApiError, ValueError) as refused:
        return None, refused


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_body_is_read_or_refused_by_name(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(BODIES))
    body = data.draw(nearly(kind))

    plain, refused = attempt(lambda: kind.read(body, ""))

    if refused is None:
        assert kind.read(plain, "") == plain
    else:
        assert isinstance(refused, ApiError)
        assert refused.status == 400
        assert "fieldViolations" in refused.details[0]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='propetis.<>=!&"AND ORabc019-', max_size=40))
def test_any_filter_is_read_or_refused(text: str) -> None:
    fits, refused = attempt(lambda: asset_filters.parse(text))
    if refused is None:
        assert fits({"properties": {"a": 1}}) in (True, False)
    else:
        assert isinstance(refused, ApiError)
        assert refused.status == 400


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_any_page_token_is_read_or_refused(token: str) -> None:
    position, refused = attempt(lambda: pages.read_token(token))
    assert isinstance(position, int) or isinstance(refused, ApiError)


@given(st.integers(min_value=0))
def test_a_page_token_is_read_as_it_was_written(position: int) -> None:
    assert pages.read_token(pages.write_token(position)) == position


@settings(deadline=None)
@given(st.sampled_from(sorted(Settings().shown())), ANYTHING)
def test_any_setting_is_read_or_refused_with_a_reason(name: str, value: Any) -> None:
    changed, refused = attempt(lambda: Settings().changed({name: value}))
    if refused is None:
        assert Settings().changed(changed.shown()) == changed
    else:
        assert isinstance(refused, ValueError)
        assert str(refused)
