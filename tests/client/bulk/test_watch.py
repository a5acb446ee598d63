"""What a triggerer knows of the items is what a worker would see, as long as nobody starts anything."""

from dataclasses import replace

import pytest

from airflow_provider_ee.client.bulk.census import Census
from airflow_provider_ee.client.bulk.watch import Left, Watch
from tests.client.bulk.histories import PASSING, PERMANENT, TICKET, digest, operation
from tests.client.bulk.scenes import (
    Scene,
    begun,
    cleared_at_work,
    failed,
    refused,
    retried,
    to_be_retried,
    tried_again,
)


def census_of(*operations):
    census = Census()
    for made in operations:
        key = made.id.split("-")[0]
        census.operations[digest(key)].append(made)
    return census


def watch_of(*operations, **left):
    return Watch(census_of(*operations), TICKET, Left(**left))


def scenes(*made):
    return pytest.mark.parametrize("scene", made, ids=[scene.__name__ for scene in made])


@scenes(begun, refused, failed, retried, to_be_retried, tried_again, cleared_at_work)
def test_it_knows_at_once_what_a_worker_sees(emulator, scene):
    there = scene(emulator).seen()
    assert there.watch().tally == there.worker()


@scenes(begun, refused, failed, retried, to_be_retried)
def test_it_learns_from_news_what_a_worker_sees(emulator, scene):
    there = scene(emulator).seen()
    watch = there.watch()
    there.ended(None, "INVALID_ARGUMENT").seen().tell(watch)
    assert watch.tally == there.worker()


@scenes(begun, refused, failed, retried, to_be_retried)
def test_one_that_begins_later_knows_the_same(emulator, scene):
    there = scene(emulator).ended(None, "INVALID_ARGUMENT").seen()
    assert there.watch().tally == there.worker()


@scenes(tried_again, cleared_at_work)
def test_what_a_worker_would_start_anew_has_failed_until_one_comes(emulator, scene):
    there = scene(emulator).seen()
    watch = there.watch()
    there.ended(None, "INVALID_ARGUMENT").seen().tell(watch)
    seen, worker = watch.tally, there.worker()
    assert (seen.failed, seen.to_submit) == (worker.failed + 1, worker.to_submit - 1)
    assert (seen.succeeded, seen.active) == (worker.succeeded, worker.active)


def test_failures_that_may_pass_are_failures_until_a_worker_starts_them_anew(emulator):
    there = Scene(emulator, 4, item_retries=1).visited().seen()
    watch = there.watch()
    there.ended("UNAVAILABLE", "UNAVAILABLE", "INVALID_ARGUMENT").seen().tell(watch)
    worker = there.worker()
    assert watch.passing_failures == 2
    assert (watch.tally.failed, watch.tally.to_submit) == (worker.failed + 2, worker.to_submit - 2)


def test_what_was_kept_from_before_a_clear_is_known_by_number(emulator):
    scene = Scene(emulator, 4).visited().ended(None, None, "INVALID_ARGUMENT").cleared().visited().seen()
    watch, worker = scene.watch().tally, scene.worker()
    assert (watch.kept, watch.succeeded, watch.active, watch.total) == (2, 2, 2, 4)
    assert replace(watch, eecu_seconds=0) == replace(worker, eecu_seconds=0)


def test_it_names_the_operations_to_be_watched():
    watch = watch_of(
        operation("RUNNING", key="a"),
        operation("PENDING", key="b", epoch="1"),
        operation("SUCCEEDED", key="c"),
        operation("SUCCEEDED", key="d", epoch="1"),
    )
    assert {name.rpartition("/")[2] for name in watch.names} == {"a-2-0", "b-1-0"}


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
    assert watch_of(*operations, started=started).complete is complete


@pytest.mark.parametrize(
    ("state", "code", "passing"),
    [("RUNNING", None, 0), ("SUCCEEDED", None, 0), ("FAILED", PERMANENT, 0), ("FAILED", PASSING, 1), ("CANCELLED", None, 0)],
)  # fmt: skip
def test_failures_that_may_pass_are_counted_when_they_are_seen(state, code, passing):
    watch = watch_of(operation("RUNNING"))
    watch.seen(operation(state, code=code))
    assert watch.passing_failures == passing


def test_computing_time_is_summed_up_over_all_operations_of_the_run():
    used = {"batchEecuUsageSeconds": 10.0}
    watch = watch_of(
        operation("RUNNING", key="a", minute=2, **used),
        operation("FAILED", key="a", minute=1, **used),
        operation("SUCCEEDED", key="b", epoch="1", **used),
    )
    watch.seen(operation("RUNNING", key="a", minute=2, batchEecuUsageSeconds=15.0))
    assert watch.tally.eecu_seconds == 25.0


def test_what_a_worker_leaves_says_more_than_is_listed():
    watch = watch_of(
        operation("FAILED", key="a"), operation("FAILED", key="b"), to_submit=5, again=1, refused=3, kept=7
    )
    tally = watch.tally
    assert (tally.to_submit, tally.failed, tally.kept, tally.succeeded) == (5, 1 + 3, 7, 7)


def test_a_census_is_not_changed_by_news():
    census = census_of(operation("RUNNING"))
    Watch(census, TICKET, Left()).seen(operation("SUCCEEDED"))
    assert [one.state for one in census.active()] == ["RUNNING"]
