import traceback

import pytest

from airflow_provider_ee.client import errors
from airflow_provider_ee.compat import AirflowException, AirflowFailException
from airflow_provider_ee.failures import explained


def explanation_of(error):
    with pytest.raises(type(error)) as caught, explained():
        raise error
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        errors.Transient("busy", retry_after=3.0),
        errors.TimedOut("late"),
        errors.QueueFull("Too many tasks already in the queue (10)."),
        errors.QuotaExhausted("tomorrow"),
        errors.OperationFailed("out of workers", retry_may_help=True),
    ],
    ids=repr,
)
def test_what_may_pass_is_left_to_another_try(error):
    found = explanation_of(error)
    assert isinstance(found, AirflowException)
    assert not isinstance(found, AirflowFailException)


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidArgument("scale", "it is nothing", "a number"),
        errors.PermissionDenied("no", hint="Ask for it."),
        errors.OperationFailed("no such band"),
        errors.OperationCancelled("stopped", retry_may_help=True),
        errors.OverBudget("too much"),
    ],
    ids=repr,
)
def test_what_cannot_pass_ends_the_task_for_good(error):
    assert isinstance(explanation_of(error), AirflowFailException)


def test_a_retry_policy_finds_all_that_the_error_knows():
    found = explanation_of(errors.Transient("busy", retry_after=3.0, status=429, method="m", name="n", hint="Wait."))
    assert (str(found), found.retry_after, found.status) == ("m on n: busy [429] Wait.", 3.0, 429)


def test_an_error_is_shown_once_and_without_the_frames_that_it_came_through():
    def fail(depth):
        if depth:
            fail(depth - 1)
        raise errors.InvalidRequest("no such band")

    with pytest.raises(errors.InvalidRequest) as caught, explained():
        fail(25)
    shown = "".join(traceback.format_exception(caught.value))
    assert shown.count("no such band") == 1
    assert "in fail" not in shown
