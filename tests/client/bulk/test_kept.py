"""What a cleared task need not do again."""

import pytest

from airflow_provider_ee.client.bulk.item_states import StartRules, find_kept
from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot
from tests.client.bulk.histories import digest, operation


def kept(*runs, keys="abc", epoch, resume=True):
    """Say for which items an operation is kept, and of which epoch.

    Args:
        runs: What became of the items in one epoch after the other: a letter each, in the order of the keys. S is for
            success, F for failure, R for what still runs, a dash for an item that nothing was started for.
        keys: The items that the task has now.
        epoch: Which epoch it is now.
        resume: Whether anything is to be kept.
    """
    states = {"S": "SUCCEEDED", "F": "FAILED", "R": "RUNNING"}
    snapshot = OperationsSnapshot()
    for number, run in enumerate(runs, 1):
        for key, letter in zip("abc", run, strict=True):
            if letter in states:
                made = operation(states[letter], key=key, epoch=str(number), minute=number)
                snapshot.operations[digest(key)].insert(0, made)
    found = find_kept(snapshot, {digest(key) for key in keys}, StartRules(f"epoch{epoch}", resume=resume))
    names = {digest(key): key for key in keys}
    return {names[item]: one.id.split("-")[1] for item, one in found.items()}


@pytest.mark.parametrize(
    ("runs", "epoch", "expected"),
    [
        pytest.param([], "1", {}, id="the first run"),
        pytest.param(["SF-"], "2", {"a": "1"}, id="a run that failed in part keeps what succeeded"),
        pytest.param(["SSR"], "2", {"a": "1", "b": "1"}, id="what still runs is not done"),
        pytest.param(["FFF"], "2", {}, id="nothing succeeded"),
        pytest.param(["SSS"], "2", {"a": "1", "b": "1", "c": "1"}, id="a complete run has done all"),
        pytest.param(["SSF", "--S"], "3", {"a": "1", "b": "1", "c": "2"}, id="so have two runs together"),
        pytest.param(["SFF", "-SF"], "3", {"a": "1", "b": "2"}, id="two runs that failed in part add up"),
        pytest.param(["SSS", "SFF"], "3", {"a": "2"}, id="what an earlier complete run did is of no use"),
        pytest.param(["SSS", "FFF"], "3", {}, id="nor if nothing has succeeded since"),
        pytest.param(["SSF", "--S", "FSF"], "4", {"b": "3"}, id="complete in two runs, then failed in part"),
        pytest.param(["SFF", "-SS"], "2", {"a": "1"}, id="what this run does itself makes nothing complete"),
    ],
)  # fmt: skip
def test_what_succeeded_is_kept_until_a_run_begins_with_all_done(runs, epoch, expected):
    assert kept(*runs, epoch=epoch) == expected


def test_what_is_wanted_anew_keeps_nothing():
    assert kept("SF-", epoch="2", resume=False) == {}


def test_only_the_items_that_the_task_still_has_count():
    assert kept("SSF", "FFF", keys="ab", epoch="3") == {}
    assert kept("SSF", "FFF", keys="bc", epoch="3") == {"b": "1"}


def test_an_item_that_is_new_makes_a_complete_run_one_in_part():
    assert kept("SS-", "--F", epoch="3") == {"a": "1", "b": "1"}
