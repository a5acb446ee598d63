import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.bulk.item_states import ItemState, Refusal, StartRules, judge_item
from airflow_provider_ee.client.bulk.snapshot import read_epoch
from tests.client.bulk.histories import PASSING, PERMANENT, operation

SUCCEEDED, PENDING, RUNNING = (operation(state, minute=5) for state in ("SUCCEEDED", "PENDING", "RUNNING"))
CANCELLING, CANCELLED = operation("CANCELLING", minute=5), operation("CANCELLED", minute=5)
FAILED, FAILED_BEFORE = (operation("FAILED", minute=minute, code=PERMANENT) for minute in (5, 4))
PASSED_BY, PASSED_BY_BEFORE = (operation("FAILED", minute=minute, code=PASSING) for minute in (5, 4))
OLD_SUCCESS, OLD_FAILURE, OLD_RUNNING = (
    operation(state, epoch="1", minute=1) for state in ("SUCCEEDED", "FAILED", "RUNNING")
)

NO_BUCKET = Refusal("no such bucket")


def kinds(item_state):
    """What is true of a item_state: one of these, always."""
    return [name for name in ("wanted", "succeeded", "active", "failed") if getattr(item_state, name)]


@pytest.mark.parametrize(
    ("history", "rules", "kind", "counts", "ended"),
    [
        pytest.param([], {}, "wanted", None, 0, id="nothing was started"),
        pytest.param([PENDING], {}, "active", PENDING, 0, id="pending"),
        pytest.param([RUNNING], {}, "active", RUNNING, 0, id="running"),
        pytest.param([CANCELLING], {}, "active", CANCELLING, 0, id="being cancelled is not over"),
        pytest.param([SUCCEEDED], {}, "succeeded", SUCCEEDED, 0, id="succeeded"),
        pytest.param([FAILED], {}, "failed", FAILED, 1, id="failed"),
        pytest.param([CANCELLED], {}, "failed", CANCELLED, 1, id="cancelled"),
        pytest.param([CANCELLED], {"item_retries": 5}, "failed", CANCELLED, 1, id="a person who cancelled meant it"),
        pytest.param([FAILED], {"item_retries": 5}, "failed", FAILED, 1, id="would fail again"),
        pytest.param([PASSED_BY], {}, "failed", PASSED_BY, 1, id="may pass, but no item is retried"),
        pytest.param([PASSED_BY], {"item_retries": 1}, "wanted", PASSED_BY, 1, id="may pass"),
        pytest.param([PASSED_BY, PASSED_BY_BEFORE], {"item_retries": 1}, "failed", PASSED_BY, 2, id="did not pass"),
        pytest.param([FAILED, PASSED_BY_BEFORE], {"item_retries": 5}, "failed", FAILED, 2, id="the last failure counts"),
        pytest.param([PENDING, PASSED_BY_BEFORE], {"item_retries": 1}, "active", PENDING, 1, id="retried"),
        pytest.param([SUCCEEDED, FAILED_BEFORE], {}, "succeeded", SUCCEEDED, 1, id="succeeded at last"),
        pytest.param([FAILED], {"tries": 2}, "wanted", FAILED, 1, id="another try of the task starts it anew"),
        pytest.param([CANCELLED], {"tries": 2}, "wanted", CANCELLED, 1, id="also what was cancelled"),
        pytest.param([FAILED, FAILED_BEFORE], {"tries": 2}, "failed", FAILED, 2, id="once in each try"),
        pytest.param([SUCCEEDED], {"tries": 3}, "succeeded", SUCCEEDED, 0, id="another try keeps what succeeded"),
        pytest.param([OLD_RUNNING], {}, "active", OLD_RUNNING, 0, id="still runs from before the clear"),
        pytest.param([OLD_RUNNING], {"resume": False}, "wanted", None, 0, id="to be started anew after the clear"),
        pytest.param([OLD_SUCCESS], {}, "wanted", None, 0, id="what succeeded before the clear is kept by name only"),
        pytest.param([OLD_FAILURE], {}, "wanted", None, 0, id="what failed before the clear is forgiven"),
        pytest.param([RUNNING, OLD_RUNNING], {}, "active", RUNNING, 0, id="the own one counts more than an old one"),
        pytest.param([FAILED, OLD_RUNNING], {}, "active", OLD_RUNNING, 1, id="an old one that runs is better than none"),
    ],
)  # fmt: skip
def test_how_an_item_stands_is_told_by_what_was_started_for_it(history, rules, kind, counts, ended):
    item_state = judge_item(history, StartRules("epoch2", **rules))
    assert kinds(item_state) == [kind]
    assert (item_state.operation, item_state.ended) == (counts, ended)


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        pytest.param([], "succeeded", id="nothing since"),
        pytest.param([FAILED], "succeeded", id="a failure since does not undo it"),
        pytest.param([RUNNING], "active", id="an operation of this run counts more"),
    ],
)
def test_what_is_kept_from_before_a_clear_counts_as_done(history, kind):
    assert kinds(judge_item([*history, OLD_SUCCESS], StartRules("epoch2", tries=2), kept=OLD_SUCCESS)) == [kind]


@pytest.mark.parametrize(
    ("history", "kept", "kind", "refusal"),
    [
        pytest.param([], None, "failed", NO_BUCKET, id="nothing was started"),
        pytest.param([PASSED_BY], None, "failed", NO_BUCKET, id="not when it was to be retried"),
        pytest.param([RUNNING], None, "active", None, id="it runs all the same"),
        pytest.param([OLD_SUCCESS], OLD_SUCCESS, "succeeded", None, id="it was done before the clear"),
    ],
)
def test_what_was_refused_is_not_asked_for_again(history, kept, kind, refusal):
    item_state = judge_item(history, StartRules("epoch2", tries=9, item_retries=9), kept=kept, refusal=NO_BUCKET)
    assert (kinds(item_state), item_state.refusal) == ([kind], refusal)


@pytest.mark.parametrize(
    ("item_state", "may"),
    [
        pytest.param(ItemState(operation=PASSED_BY), True, id="the failure may pass"),
        pytest.param(ItemState(operation=FAILED), False, id="the failure will not pass"),
        pytest.param(ItemState(operation=CANCELLED), False, id="cancelled"),
        pytest.param(ItemState(refusal=Refusal("no")), False, id="refused"),
        pytest.param(ItemState(operation=PASSED_BY, refusal=Refusal("no")), False, id="refused when retried"),
        pytest.param(ItemState(refusal=Refusal("no", retry_may_help=True)), True, id="refused for now"),
    ],
)
def test_another_try_helps_where_the_failure_may_pass(item_state, may):
    assert item_state.failed
    assert item_state.retry_may_help is may


def histories():
    """Whatever may have been started for an item, the newest first."""
    states = st.sampled_from(["PENDING", "RUNNING", "CANCELLING", "SUCCEEDED", "FAILED", "CANCELLED", "NEW_STATE"])
    made = st.fixed_dictionaries({"epoch": st.sampled_from("123"), "code": st.sampled_from([PERMANENT, PASSING])})
    told = st.lists(st.tuples(states, made), max_size=6)
    return told.map(lambda all_: [operation(state, minute=9 - at, **known) for at, (state, known) in enumerate(all_)])


@given(
    history=histories(),
    rules=st.builds(StartRules, st.just("2"), st.integers(1, 9), st.integers(0, 9), st.booleans()),
    refusal=st.sampled_from([None, NO_BUCKET]),
    kept=st.sampled_from([None, OLD_SUCCESS]),
)
def test_an_item_that_is_done_or_worked_on_is_never_started_again(history, rules, refusal, kept):
    item_state = judge_item(history, rules, kept=kept, refusal=refusal)

    assert len(kinds(item_state)) == 1
    own = [found for found in history if read_epoch(found) == "2"]
    if any(found.succeeded or not found.done for found in own):
        assert not item_state.wanted
        assert item_state.operation in own
        assert item_state.succeeded or not any(found.succeeded for found in own)
    if item_state.wanted:
        assert kept is None
        assert refusal is None
        assert item_state.ended == len(own) < rules.tries + rules.item_retries
        assert not (rules.resume and any(not found.done for found in history))
