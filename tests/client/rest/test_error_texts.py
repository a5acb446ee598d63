import pytest

from airflow_provider_ee.client.rest.error_texts import retry_may_help

INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE = 3, 8, 13, 14


@pytest.mark.parametrize(
    ("message", "code", "helps"),
    [
        ("Computation timed out. (Error code: 3)", RESOURCE_EXHAUSTED, False),
        ("User memory limit exceeded.", RESOURCE_EXHAUSTED, False),
        ("Execution failed; out of memory", INTERNAL, False),
        ("Export too large: specified 2 pixels (max: 1).", UNAVAILABLE, False),
        ("Table too large", INTERNAL, False),
        ("Cannot overwrite asset 'projects/p/assets/x'.", INTERNAL, False),
        ("Internal error.", INVALID_ARGUMENT, True),
        ("An internal error has occurred (request: 0dd4)", INVALID_ARGUMENT, True),
        ("Earth Engine memory capacity exceeded.", INVALID_ARGUMENT, True),
        ("Earth Engine Capacity Exceeded", INVALID_ARGUMENT, True),
        ("Your usage exceeded the custom quota for 'earthengine.googleapis.com/daily_eecu_usage_time'", 8, True),
        ("Something new", INTERNAL, True),
        ("Something new", INVALID_ARGUMENT, False),
        ("Something new", None, False),
        (None, UNAVAILABLE, True),
    ],
)
def test_the_text_of_a_failure_says_before_its_code_whether_a_retry_may_help(message, code, helps):
    assert retry_may_help(message, code) is helps
