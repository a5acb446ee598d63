"""What is logged of thousands of items while their task is deferred."""

import pytest

from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot
from airflow_provider_ee.client.bulk.tracker import ItemTracker, Remaining
from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES
from airflow_provider_ee.triggers.polling.bulk_progress import BulkProgress
from airflow_provider_ee.triggers.polling.shared import Update
from tests.client.bulk.histories import TICKET, digest, operation

RUNNING = operation("RUNNING", key="a")


@pytest.fixture
def progress():
    snapshot = OperationsSnapshot()
    snapshot.operations[digest("a")].append(RUNNING)
    tracker = ItemTracker(snapshot, TICKET, Remaining(to_submit=2, started=1))
    return BulkProgress(tracker, {RUNNING.name: "RUNNING"}, begun=0.0)


def test_what_has_not_changed_is_logged_again_after_some_minutes(progress):
    [first] = progress.describe_changes(now=0.0)
    assert "1 running" in first
    assert list(progress.describe_changes(now=SECONDS_BETWEEN_LINES - 1)) == []
    assert len(list(progress.describe_changes(now=SECONDS_BETWEEN_LINES))) == 1


def test_what_has_changed_is_logged_at_once(progress):
    list(progress.describe_changes(now=0.0))
    progress.update(Update(operation=operation("SUCCEEDED", key="a"), name=RUNNING.name))
    [line] = progress.describe_changes(now=1.0)
    assert "1 done" in line


def test_why_nothing_more_is_submitted_is_logged_apart_from_the_progress(progress):
    list(progress.describe_changes(now=0.0))
    progress.update(Update("At least 3,000 operations are pending."))
    assert list(progress.describe_changes(now=1.0)) == ["At least 3,000 operations are pending."]
    assert progress.describe_errors() is None


def test_that_an_operation_goes_on_is_no_error_and_no_line_of_its_own(progress):
    list(progress.describe_changes(now=0.0))
    progress.update(Update("[    ] RUNNING", name=RUNNING.name, routine=True))
    assert progress.describe_errors() is None
    assert list(progress.describe_changes(now=1.0)) == []


def test_polls_that_fail_are_told_in_one_line_for_all(progress):
    for _ in range(3):
        progress.update(Update("Cannot look just now.", name=RUNNING.name, warning=True))
    assert progress.describe_errors() == "Cannot look just now. The same for 2 more."
    assert progress.describe_errors() is None
