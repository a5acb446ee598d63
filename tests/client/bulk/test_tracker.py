"""What a triggerer knows of the items is what a worker would see, as long as nobody starts anything."""

from dataclasses import replace

import pytest

from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot
from airflow_provider_ee.client.bulk.tracker import ItemTracker, Remaining
from tests.client.bulk.histories import PASSING, PERMANENT, TICKET, digest, operation
from tests.client.bulk.scenarios import (
    Scenario,
    begun,
    cleared_at_work,
    failed,
    refused,
    retried,
    to_be_retried,
    tried_again,
)


def snapshot_of(*operations):
    snapshot = OperationsSnapshot()
    for made in operations:
        key = made.id.split("-")[0]
        snapshot.operations[digest(key)].append(made)
    return snapshot


def track_items(*operations, **left):
    return ItemTracker(snapshot_of(*operations), TICKET, Remaining(**left))


def scenes(*made):
    return pytest.mark.parametrize("scene", made, ids=[scene.__name__ for scene in made])


@scenes(begun, refused, failed, retried, to_be_retried, tried_again, cleared_at_work)
def test_it_knows_at_once_what_a_worker_sees(emulator, scene):
    there = scene(emulator).seen()
    assert there.tracker().counts == there.worker()


@scenes(begun, refused, failed, retried, to_be_retried)
def test_it_learns_from_news_what_a_worker_sees(emulator, scene):
    there = scene(emulator).seen()
    tracker = there.tracker()
    there.ended(None, "INVALID_ARGUMENT").seen().tell(tracker)
    assert tracker.counts == there.worker()


@scenes(begun, refused, failed, retried, to_be_retried)
def test_one_that_begins_later_knows_the_same(emulator, scene):
    there = scene(emulator).ended(None, "INVALID_ARGUMENT").seen()
    assert there.tracker().counts == there.worker()


@scenes(tried_again, cleared_at_work)
def test_what_a_worker_would_start_anew_has_failed_until_one_comes(emulator, scene):
    there = scene(emulator).seen()
    tracker = there.tracker()
    there.ended(None, "INVALID_ARGUMENT").seen().tell(tracker)
    seen, worker = tracker.counts, there.worker()
    assert (seen.failed, seen.to_submit) == (worker.failed + 1, worker.to_submit - 1)
    assert (seen.succeeded, seen.active) == (worker.succeeded, worker.active)


def test_failures_that_may_pass_are_failures_until_a_worker_starts_them_anew(emulator):
    there = Scenario(emulator, 4, item_retries=1).visited().seen()
    tracker = there.tracker()
    there.ended("UNAVAILABLE", "UNAVAILABLE", "INVALID_ARGUMENT").seen().tell(tracker)
    worker = there.worker()
    assert tracker.passing_failures == 2
    assert (tracker.counts.failed, tracker.counts.to_submit) == (worker.failed + 2, worker.to_submit - 2)


def test_what_was_kept_from_before_a_clear_is_known_by_number(emulator):
    scene = Scenario(emulator, 4).visited().ended(None, None, "INVALID_ARGUMENT").cleared().visited().seen()
    tracker, worker = scene.tracker().counts, scene.worker()
    assert (tracker.kept, tracker.succeeded, tracker.active, tracker.total) == (2, 2, 2, 4)
    assert replace(tracker, eecu_seconds=0) == replace(worker, eecu_seconds=0)


def test_it_names_the_operations_to_be_watched():
    tracker = track_items(
        operation("RUNNING", key="a"),
        operation("PENDING", key="b", epoch="1"),
        operation("SUCCEEDED", key="c"),
        operation("SUCCEEDED", key="d", epoch="1"),
    )
    assert {name.rpartition("/")[2] for name in tracker.names} == {"a-2-0", "b-1-0"}


@pytest.mark.parametrize(
    ("operations", "started", "complete"),
    [
        pytest.param([], 0, True, id="nothing was started"),
        pytest.param([operation("RUNNING", key="a"), operation("FAILED", key="b")], 2, True, id="all are listed"),
        pytest.param([operation("RUNNING", key="a")], 2, False, id="one is not listed yet"),
        pytest.param([operation("RUNNING", key="a"), operation("RUNNING", key="b", epoch="1")], 2, False, id="of before the clear"),
        pytest.param([operation("RUNNING", key="a", minute=1), operation("FAILED", key="a")], 2, True, id="two for one item"),
        pytest.param([operation("RUNNING", key="a")], 0, True, id="more than the worker knew"),
    ],
)  # fmt: skip
def test_a_census_is_complete_that_shows_what_the_worker_started(operations, started, complete):
    assert track_items(*operations, started=started).complete is complete


@pytest.mark.parametrize(
    ("state", "code", "passing"),
    [("RUNNING", None, 0), ("SUCCEEDED", None, 0), ("FAILED", PERMANENT, 0), ("FAILED", PASSING, 1), ("CANCELLED", None, 0)],
)  # fmt: skip
def test_failures_that_may_pass_are_counted_when_they_are_seen(state, code, passing):
    tracker = track_items(operation("RUNNING"))
    tracker.update(operation(state, code=code))
    assert tracker.passing_failures == passing


def test_computing_time_is_summed_up_over_all_operations_of_the_run():
    used = {"batchEecuUsageSeconds": 10.0}
    tracker = track_items(
        operation("RUNNING", key="a", minute=2, **used),
        operation("FAILED", key="a", minute=1, **used),
        operation("SUCCEEDED", key="b", epoch="1", **used),
    )
    tracker.update(operation("RUNNING", key="a", minute=2, batchEecuUsageSeconds=15.0))
    assert tracker.counts.eecu_seconds == 25.0


def test_what_a_worker_leaves_says_more_than_is_listed():
    tracker = track_items(
        operation("FAILED", key="a"), operation("FAILED", key="b"), to_submit=5, again=1, refused=3, kept=7
    )
    counts = tracker.counts
    assert (counts.to_submit, counts.failed, counts.kept, counts.succeeded) == (5, 1 + 3, 7, 7)


def test_a_census_is_not_changed_by_news():
    snapshot = snapshot_of(operation("RUNNING"))
    ItemTracker(snapshot, TICKET, Remaining()).update(operation("SUCCEEDED"))
    assert [one.state for one in snapshot.active()] == ["RUNNING"]
