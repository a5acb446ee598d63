import json
import socket
import threading

import pytest
from airflow.sdk import Connection

from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.hooks.check import run_within
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from tests.hooks.google import TOKEN
from tests.versions import needs_airflow

CONFIG = "/v1/projects/p/config"
ROBOT = "robot@key-project.iam.gserviceaccount.com"


def google_error(status: int, message: str, reason: str = "") -> tuple[int, object]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return status, {"error": {"code": status, "message": message, "details": details}}


RENEW = "renew it at https://console.cloud.google.com/earth-engine/configuration?project=p"


@pytest.fixture
def hook(google, connect, key):
    connect(project="p", keyfile_dict=key, endpoint=google.url)
    return EarthEngineHook()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"registrationState": "REGISTERED_COMMERCIALLY"}, "; registered commercially."),
        ({"registrationState": "REGISTERED_NOT_COMMERCIALLY"}, "; registered noncommercially."),
        ({"registrationState": "A_STATE_OF_TOMORROW"}, "."),
        ({}, "."),
        (
            {
                "registrationState": "REGISTERED_NOT_COMMERCIALLY",
                "registration": {"expiryTime": "2999-03-31T00:00:00Z"},
            },
            f"; registered noncommercially; the registration ends on 2999-03-31, {RENEW}.",
        ),
        (
            {"registration": {"expiryTime": "2026-03-31T00:00:00Z"}},
            f"; the registration ended on 2026-03-31, {RENEW}.",
        ),
        ({"registration": {"expiryTime": "1970-01-01T00:00:00Z"}}, "."),
        ({"registration": {"expiryTime": "soon"}}, "."),
        ({"registration": "odd"}, "."),
    ],
    ids=["commercial", "noncommercial", "unknown", "unsaid", "ends", "ended", "no end", "no date", "odd"],
)
def test_a_good_connection_says_which_project_it_reaches_as_whom(hook, google, config, said):
    google.answers[CONFIG] = (200, config)

    assert hook.test_connection() == (True, f"Connected to project p as {ROBOT}{said}")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            (200, {"registrationState": "NOT_REGISTERED"}),
            "https://console.cloud.google.com/earth-engine/configuration?project=p",
            id="not registered",
        ),
        pytest.param(
            google_error(403, "Project p is not registered to use Earth Engine. Not signed up for Earth Engine."),
            "https://console.cloud.google.com/earth-engine/configuration?project=p",
            id="not registered, as an error",
        ),
        pytest.param(
            google_error(403, "Google Earth Engine API has not been used in project 1 before.", "SERVICE_DISABLED"),
            "https://console.cloud.google.com/apis/library/earthengine.googleapis.com",
            id="API disabled",
        ),
        pytest.param(
            google_error(403, "Permission denied.", "IAM_PERMISSION_DENIED"),
            "roles/earthengine.viewer",
            id="role missing",
        ),
        pytest.param(
            google_error(403, "Caller does not have required permission to use project p.", "USER_PROJECT_DENIED"),
            "roles/serviceusage.serviceUsageConsumer",
            id="may not use the project",
        ),
        pytest.param(google_error(401, "Invalid credentials."), "credentials", id="token refused"),
        pytest.param(google_error(404, "Project not found."), "Project not found.", id="no such project"),
        pytest.param((200, b"<html>login page</html>"), "not a JSON object", id="garbage"),
        pytest.param((500, b"\xff\xfe"), "500", id="binary garbage"),
    ],
)
def test_a_bad_connection_says_what_to_do(hook, google, answer, said):
    google.answers[CONFIG] = answer

    worked, message = hook.test_connection()

    assert not worked
    assert said in message


def test_a_disabled_api_is_not_taken_for_a_missing_role(hook, google):
    google.answers[CONFIG] = google_error(403, "The API is disabled.", "SERVICE_DISABLED")

    assert "roles/" not in hook.test_connection()[1]


def test_a_revoked_key_is_named_without_the_key_in_it(hook, google, key):
    google.token_endpoint = lambda _: (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})

    worked, message = hook.test_connection()

    assert not worked
    assert ROBOT in message
    assert "revoked" in message
    assert not any(line in message for line in key["private_key"].splitlines())


def test_a_server_that_is_not_there_is_said_to_be_unreachable(connect, key):
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    connect(project="p", keyfile_dict=key | {"token_uri": f"http://127.0.0.1:{port}/token"}, endpoint="standard")

    worked, message = EarthEngineHook().test_connection()

    assert not worked
    assert "127.0.0.1" in message


@pytest.mark.parametrize(
    "extras",
    [{}, {"project": "NO PROJECT"}, {"keyfile_dict": "canary"}, {"endpoint": "https://evil.example"}],
    ids=["nothing", "bad project", "bad key", "bad endpoint"],
)
def test_a_connection_that_cannot_be_read_is_an_answer_and_not_an_error(connect, extras):
    connect("mine", **extras)

    worked, message = EarthEngineHook("mine").test_connection()

    assert not worked
    assert message
    assert "canary" not in message


def test_the_token_goes_in_a_header_and_never_in_an_address(hook, google):
    google.answers[CONFIG] = (200, {})

    hook.test_connection()

    ((path, headers, _),) = google.asked
    assert path == CONFIG
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_an_emulator_is_connected_to_without_credentials(google, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, google.url)
    google.answers["/v1/projects/emulator/config"] = (200, {})

    assert EarthEngineHook().test_connection() == (True, "Connected to project emulator without credentials.")


@needs_airflow("3.3", "a connection is put into the environment before it is tested")
def test_airflows_button_finds_a_connection_that_is_saved_nowhere(google, key):
    google.answers[CONFIG] = (200, {})
    extra = json.dumps({"project": "p", "keyfile_dict": key, "endpoint": google.url})

    worked, message = Connection(conn_id="unsaved", conn_type="earthengine", extra=extra).test_connection()

    assert (worked, message) == (True, f"Connected to project p as {ROBOT}.")


def test_an_attempt_that_takes_too_long_is_given_up():
    never = threading.Event()

    assert run_within(lambda: str(never.wait()), seconds=0) == (False, "There was no answer within 0 seconds.")
    never.set()


def test_an_error_that_nobody_expected_is_named_without_its_words():
    def fail() -> str:
        raise RuntimeError("canary")

    assert run_within(fail, seconds=60) == (False, "Unexpected RuntimeError.")
