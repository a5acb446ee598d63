"""What each answer of Earth Engine means, and what its reader is told."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import (
    AlreadyExists,
    EarthEngineError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QueueFull,
    QuotaExhausted,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.responses import Answer, read, retry_after

EXPORT = methods.image_export("projects/p", body={"requestId": "r"})
PIXELS = methods.image_compute_pixels("projects/p")


def refused(status, message="", reason="", error_reason=None, headers=None):
    error = {"code": status, "message": message, "status": reason}
    if error_reason:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": error_reason}]
    return Answer(status, headers or {}, json.dumps({"error": error}).encode())


#: https://developers.google.com/earth-engine/guides/usage and the texts that users report.
TABLE = [
    (429, "RESOURCE_EXHAUSTED", "Too Many Requests: Request was rejected because the request rate or concurrency limit was exceeded.", Transient),
    (429, "RESOURCE_EXHAUSTED", "Too Many Requests: Request was rejected because the concurrency limit was exceeded", Transient),
    (429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Number of read requests' and limit 'Number of read requests per minute per user'", Transient),
    (429, "", "", Transient),
    (408, "", "", Transient),
    (500, "INTERNAL", "Internal error.", Transient),
    (500, "INTERNAL", "An internal error has occurred (request: 0dd4bc4e)", Transient),
    (400, "INTERNAL", "An internal error has occurred (request: 0dd4bc4e)", Transient),
    (502, "", "", Transient),
    (503, "UNAVAILABLE", "Service unavailable", Transient),
    (503, "UNAVAILABLE", "The service is currently unavailable.", Transient),
    (504, "DEADLINE_EXCEEDED", "Deadline exceeded", Transient),
    (599, "", "something new", Transient),
    (400, "", "Earth Engine memory capacity exceeded.", Transient),
    (403, "", "Rate limit exceeded", Transient, "rateLimitExceeded"),
    (403, "", "User rate limit exceeded", Transient, "userRateLimitExceeded"),
    (429, "RESOURCE_EXHAUSTED", "Quota exceeded: Too many concurrent aggregations.", Transient),
    (400, "INVALID_ARGUMENT", "Too many tasks already in the queue (3000). Please wait for some of them to complete.", QueueFull),
    (429, "RESOURCE_EXHAUSTED", "Too many tasks already in the queue (3000). Please wait for some of them to complete.", QueueFull),
    (429, "RESOURCE_EXHAUSTED", "Your usage exceeded the custom quota for 'earthengine.googleapis.com/daily_eecu_usage_time'", QuotaExhausted),
    (400, "INVALID_ARGUMENT", "A different Operation was already started with the given request_id.", AlreadyExists),
    (409, "ALREADY_EXISTS", "Operation exists", AlreadyExists),
    (400, "INVALID_ARGUMENT", "User memory limit exceeded.", InvalidRequest),
    (503, "", "User memory limit exceeded.", InvalidRequest),
    (400, "", "Computation timed out.", InvalidRequest),
    (400, "", "Computed value too large", InvalidRequest),
    (400, "", "Request payload size exceeds the limit: 10485760 bytes.", InvalidRequest),
    (400, "", "Total request size (56623104 bytes) must be less than or equal to 50331648 bytes.", InvalidRequest),
    (400, "", "Export too large: specified 200 pixels (max: 100). Specify higher maxPixels value if you intend to export a large area.", InvalidRequest),
    (400, "", "Unable to export unbounded image.", InvalidRequest),
    (400, "", "Cannot overwrite asset 'projects/p/assets/x'", InvalidRequest),
    (400, "", "Image.select: Band pattern 'B99' did not match any bands.", InvalidRequest),
    (400, "", "Kernel is too large.", InvalidRequest),
    (401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", Unauthenticated),
    (403, "PERMISSION_DENIED", "Insufficient permissions to create asset", PermissionDenied),
    (403, "PERMISSION_DENIED", "Google Earth Engine API has not been used in project 1 before or it is disabled.", PermissionDenied, "SERVICE_DISABLED"),
    (403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", PermissionDenied, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    (403, "PERMISSION_DENIED", "Not signed up for Earth Engine or project is not registered.", PermissionDenied),
    (404, "NOT_FOUND", "Asset not found", NotFound),
    (501, "UNIMPLEMENTED", "not done", InvalidRequest),
    (302, "", "", InvalidRequest),
    (418, "", "", InvalidRequest),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[2][:40]}{row[4] if len(row) > 4 else ''}")
def test_every_known_refusal_becomes_the_error_that_says_what_to_do(row):
    status, reason, message, kind, *details = row
    with pytest.raises(EarthEngineError) as caught:
        read(EXPORT, refused(status, message, reason, *details))
    assert type(caught.value) is kind
    assert message in str(caught.value)
    assert (caught.value.status, caught.value.method) == (status, "projects.image.export")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (refused(403, "denied", "PERMISSION_DENIED"), "permission earthengine.exports.create"),
        (refused(403, "scopes", "", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "https://www.googleapis.com/auth/earthengine"),
        (refused(403, "disabled", "", "SERVICE_DISABLED"), "Enable the API"),
        (refused(403, "Project is not registered to use Earth Engine"), "code.earthengine.google.com/register"),
        (refused(403, "Caller does not have required permission to use project 5"), "serviceUsageConsumer"),
        (refused(400, "Unable to export unbounded image."), "Give a region."),
        (refused(400, "Export too large: specified 2 pixels"), "Raise max_pixels"),
    ],
    ids=["permission", "scope", "api", "registration", "consumer", "region", "max pixels"],
)
def test_a_known_cause_comes_with_what_usually_helps(answer, hint):
    with pytest.raises(EarthEngineError) as caught:
        read(EXPORT, answer)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(b"<html><h1>Bad   gateway</h1></html>", "Bad gateway", id="HTML"),
        pytest.param(b"", "''", id="nothing"),
        pytest.param(b'{"error": "text"}', "text", id="another envelope"),
        pytest.param(b'{"error": {"code": 502', "code", id="truncated JSON"),
        pytest.param(b"[" * 100_000, "[[[", id="deep JSON"),
        pytest.param(b"\xff\xfe\x00", "server answered", id="no text"),
    ],
)
def test_a_refusal_that_is_not_in_googles_envelope_is_judged_by_its_status(body, shown):
    with pytest.raises(Transient) as caught:
        read(EXPORT, Answer(502, {}, body))
    assert shown in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "body",
    [b'{"name": "projects/p/oper', b"<html>Sign in to the hotel</html>", b"[]", b"null", b'"x"', b"[" * 100_000],
    ids=["truncated", "a login page", "a list", "null", "a text", "deep"],
)
def test_a_good_status_with_a_body_that_is_no_object_is_trouble_that_passes(body):
    with pytest.raises(Transient, match="no JSON object"):
        read(EXPORT, Answer(200, {}, body))


def test_an_empty_body_is_an_empty_object():
    assert read(EXPORT, Answer(200)) == {}


def test_a_file_is_returned_as_it_is():
    assert read(PIXELS, Answer(200, {}, b"\x93NUMPY")) == b"\x93NUMPY"


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("86400", 86400.0),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30.0),
        ("Fri, 02 Jan 2026 03:04:35 -0000", 30.0),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_as_seconds_and_as_a_date(value, seconds):
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_retry_after_travels_on_the_error():
    with pytest.raises(Transient) as caught:
        read(EXPORT, refused(503, "busy", headers={"Retry-After": "12"}))
    assert caught.value.retry_after == 12.0


@given(status=st.integers(100, 999), body=st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["error", "message", "status", "details", "errors", "reason", "code"]), inner), max_leaves=12
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_the_server_says_is_an_answer_or_one_of_our_errors(status, body):
    try:
        read(EXPORT, Answer(status, {"retry-after": "x"}, body))
    except EarthEngineError as error:
        assert str(error)
