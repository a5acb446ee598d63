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
    (400, "", "Earth Engine Capacity Exceeded", Transient),
    (504, "", "The request timed out.", Transient),
    (409, "ABORTED", "The operation was aborted.", Transient),
    (429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests' and limit 'Requests per day'", QuotaExhausted),
    (403, "", "Rate limit exceeded", Transient, "rateLimitExceeded"),
    (403, "", "User rate limit exceeded", Transient, "userRateLimitExceeded"),
    (429, "RESOURCE_EXHAUSTED", "Quota exceeded: Too many concurrent aggregations.", Transient),
    (400, "INVALID_ARGUMENT", "Too many tasks already in the queue (3000). Please wait for some of them to complete.", QueueFull),
    (429, "RESOURCE_EXHAUSTED", "Too many tasks already in the queue (3000). Please wait for some of them to complete.", QueueFull),
    (429, "RESOURCE_EXHAUSTED", "Your usage exceeded the custom quota for 'earthengine.googleapis.com/daily_eecu_usage_time'", QuotaExhausted),
    (400, "INVALID_ARGUMENT", "A different Operation was already started with the given request_id.", AlreadyExists),
    (409, "ALREADY_EXISTS", "Operation exists", AlreadyExists),
    (400, "ALREADY_EXISTS", "no words", AlreadyExists),
    (409, "", "no words", AlreadyExists),
    (400, "INVALID_ARGUMENT", "Duplicate request_id 'af-1'.", AlreadyExists),
    (400, "INVALID_ARGUMENT", "The requestId was used before.", AlreadyExists),
    (400, "FAILED_PRECONDITION", "This request ID was already used.", AlreadyExists),
    (412, "FAILED_PRECONDITION", "An identical operation has already been started.", AlreadyExists),
    (400, "INVALID_ARGUMENT", "Duplicate request.", AlreadyExists),
    (500, "INTERNAL", "Internal error. requestId: 0dd4bc4e", Transient),
    (500, "", "Something broke. request_id: 0dd4bc4e", Transient),
    (400, "INVALID_ARGUMENT", "User memory limit exceeded.", InvalidRequest),
    (503, "", "User memory limit exceeded.", InvalidRequest),
    (400, "", "Computation timed out.", InvalidRequest),
    (400, "", "Computed value too large", InvalidRequest),
    (400, "", "Request payload size exceeds the limit: 10485760 bytes.", InvalidRequest),
    (400, "", "Total request size (56623104 bytes) must be less than or equal to 50331648 bytes.", InvalidRequest),
    (400, "", "Export too large: specified 200 pixels (max: 100). Specify higher maxPixels value if you intend to export a large area.", InvalidRequest),
    (400, "", "Unable to export unbounded image.", InvalidRequest),
    (400, "", "Cannot overwrite asset 'projects/p/assets/x'", InvalidRequest),
    (409, "ALREADY_EXISTS", "Cannot overwrite asset 'projects/p/assets/x'", InvalidRequest),
    (503, "", "Execution failed; out of memory", InvalidRequest),
    (400, "", "Pixel grid dimensions (40818x1) must be less than or equal to 32768.", InvalidRequest),
    (400, "", "Image.load: Image asset 'projects/p/assets/x' not found (does not exist or caller does not have access).", InvalidRequest),
    (400, "", "Image.select: Band pattern 'B99' did not match any bands.", InvalidRequest),
    (400, "", "Kernel is too large.", InvalidRequest),
    (401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", Unauthenticated),
    (403, "PERMISSION_DENIED", "Insufficient permissions to create asset", PermissionDenied),
    (403, "PERMISSION_DENIED", "Google Earth Engine API has not been used in project 1 before or it is disabled.", PermissionDenied, "SERVICE_DISABLED"),
    (403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", PermissionDenied, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    (403, "PERMISSION_DENIED", "Not signed up for Earth Engine or project is not registered.", PermissionDenied),
    (403, "PERMISSION_DENIED", "Permission 'earthengine.assets.get' denied on resource 'projects/p/assets/x' (or it may not exist).", PermissionDenied),
    (404, "NOT_FOUND", "Asset not found", NotFound),
    (400, "INVALID_ARGUMENT", "Asset 'projects/p/assets/x' does not exist or doesn't allow this operation.", NotFound),
    (400, "", 'Asset "projects/earthengine-legacy/assets/users/nobody/nothing" not found.', NotFound),
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


def test_a_token_for_an_export_to_drive_needs_the_scope_of_drive_besides():
    to_drive = {"fileExportOptions": {"fileFormat": "GEO_TIFF", "driveDestination": {"folder": "f"}}}
    with pytest.raises(PermissionDenied, match="auth/drive besides"):
        read(
            methods.image_export("projects/p", body=to_drive),
            refused(403, "Request had insufficient authentication scopes.", "", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        )


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (refused(403, "denied", "PERMISSION_DENIED"), "permission earthengine.exports.create"),
        (refused(403, "scopes", "", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "https://www.googleapis.com/auth/earthengine"),
        (refused(403, "disabled", "", "SERVICE_DISABLED"), "Enable the API"),
        (refused(403, "Not signed up for Earth Engine or project is not registered."), "earth-engine/configuration"),
        (refused(403, "Project p-1 is not registered to use Earth Engine. Visit x"), "configuration?project=p-1"),
        (refused(404, "Project 'projects/p-1' not found or deleted."), "configuration?project=p-1"),
        (refused(403, "denied on resource 'x' (or it may not exist)."), "Check the name too."),
        (refused(403, "Service Accounts do not have storage quota."), "Cloud Storage"),
        (
            refused(403, "Caller does not have required permission to use project 5"),
            "serviceusage.services.use, which roles/serviceusage.serviceUsageConsumer has",
        ),
        (refused(400, "Unable to export unbounded image."), "Give a region."),
        (refused(400, "Export too large: specified 2 pixels"), "Raise max_pixels"),
    ],
    ids=[
        "permission",
        "scope",
        "api",
        "signed up",
        "registration",
        "deleted",
        "name",
        "drive",
        "consumer",
        "region",
        "max pixels",
    ],
)
def test_a_known_cause_comes_with_what_usually_helps(answer, hint):
    with pytest.raises(EarthEngineError) as caught:
        read(EXPORT, answer)
    assert hint in str(caught.value)


def violating(field):
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": field}]}]
    error = {"code": 400, "message": "Bad.", "status": "INVALID_ARGUMENT", "details": details}
    return Answer(400, {}, json.dumps({"error": error}).encode())


@pytest.mark.parametrize("field", ["request_id", "requestId"])
def test_a_violation_of_the_request_id_alone_says_that_the_work_was_started_before(field):
    with pytest.raises(AlreadyExists):
        read(EXPORT, violating(field))


def test_a_violation_of_another_field_is_a_wrong_request():
    with pytest.raises(InvalidRequest):
        read(EXPORT, violating("grid"))


def test_only_what_has_a_request_id_can_have_been_started_under_one():
    with pytest.raises(InvalidRequest):
        read(PIXELS, refused(400, "Unknown name request_id: Cannot find field.", "INVALID_ARGUMENT"))


def test_a_policy_that_was_changed_meanwhile_is_not_sent_again_as_it_is():
    request = methods.assets_set_iam_policy("projects/p/assets/a", body={"policy": {"bindings": [], "etag": "1"}})
    with pytest.raises(AlreadyExists):
        read(request, refused(409, "There were concurrent policy changes.", "ABORTED"))


@pytest.mark.parametrize(
    ("message", "may_not_exist"),
    [
        ("Permission 'earthengine.assets.get' denied on resource 'projects/p/assets/a' (or it may not exist).", True),
        ("Insufficient permissions to create asset 'users/a/b'", False),
    ],
)
def test_a_denial_tells_whether_the_resource_may_not_exist(message, may_not_exist):
    with pytest.raises(PermissionDenied) as caught:
        read(EXPORT, refused(403, message, "PERMISSION_DENIED"))
    assert caught.value.may_not_exist is may_not_exist


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
    with pytest.raises(Transient, match="not a JSON object"):
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
