"""Assets of files that stay where they are: made once, though nothing tells one request from another."""

from itertools import chain, cycle

import pytest

from airflow_provider_ee.client.errors import AlreadyExists, InvalidRequest, NotFound, Transient
from airflow_provider_ee.client.imports.external import create_external_image
from airflow_provider_ee.client.rest import methods
from tests.client.playing import play

NAME = "projects/p/assets/a"
REQUEST = methods.image_import_external("projects/p", body={"imageManifest": {"name": NAME}})
MISSING, LOST = NotFound("no such asset"), Transient("reset")
THERE, ANEW = {"name": NAME, "updateTime": "1"}, {"name": NAME, "updateTime": "2"}


def create(answers, **words):
    """The result, and how often the request was sent."""
    result, asked = play(create_external_image(REQUEST, NAME, **words), answers)
    return result, asked.count(REQUEST)


def test_what_is_not_there_is_made():
    assert create([MISSING, {}]) == (True, 1)


def test_what_is_there_is_an_error_unless_something_else_is_said():
    with pytest.raises(AlreadyExists, match="There is an asset of this name already"):
        create([THERE])


def test_what_is_there_may_be_left_as_it_is():
    assert create([THERE], if_exists="ignore") == (False, 0)


def test_what_is_there_may_be_replaced():
    assert create([THERE, {}], if_exists="overwrite") == (True, 1)


def test_what_an_earlier_try_has_made_is_no_obstacle():
    assert create([THERE], begun=True) == (True, 0)


def test_an_earlier_try_that_may_not_have_been_heard_is_no_reason_to_do_nothing():
    assert create([MISSING, {}], begun=True) == (True, 1)


def test_a_lost_answer_is_no_failure_if_the_asset_is_there():
    assert create([MISSING, LOST, ANEW]) == (True, 1)


def test_a_lost_answer_that_was_never_heard_is_sent_again():
    assert create([MISSING, LOST, MISSING, MISSING, {}]) == (True, 2)


def test_a_lost_request_to_replace_is_sent_again_if_the_asset_is_the_old_one():
    assert create([THERE, LOST, THERE, THERE, {}], if_exists="overwrite") == (True, 2)


def test_a_request_that_was_heard_late_is_found_when_the_next_one_is_refused():
    refused = InvalidRequest("Cannot overwrite asset.")
    assert create([MISSING, LOST, MISSING, MISSING, refused, ANEW]) == (True, 2)


def test_an_answer_that_is_lost_again_and_again_fails_in_the_end():
    answers = chain([MISSING], cycle([LOST, MISSING, MISSING]))
    with pytest.raises(Transient, match="reset"):
        create(answers)


def test_it_is_written_down_that_the_request_is_sent_before_it_is_and_only_then():
    begun = []
    flow = create_external_image(REQUEST, NAME, begin=lambda: begun.append(True))
    next(flow)
    assert begun == []
    assert flow.throw(MISSING) == REQUEST
    assert begun == [True]
