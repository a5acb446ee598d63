import json
import logging
import traceback

import jwt
import pytest
from google.oauth2 import credentials as user_credentials

from airflow_provider_ee.client.auth import token_transport
from airflow_provider_ee.client.auth.credentials import SCOPES, load_credentials
from airflow_provider_ee.client.auth.token_requests import ask_for_token
from airflow_provider_ee.client.auth.token_transport import TokenRequests
from airflow_provider_ee.client.errors import EarthEngineError, Transient, Unauthenticated
from tests.client.auth import keys
from tests.client.auth.token_server import TokenServer
from tests.client.dripping import dripping_server

CHAIN = ["delegate@p.iam.gserviceaccount.com", "target@p.iam.gserviceaccount.com"]


@pytest.fixture
def server():
    with TokenServer() as running:
        yield running


@pytest.fixture
def dripping(monkeypatch):
    """The address of a server that begins an answer and then sends a byte each tenth of a second."""
    monkeypatch.setattr(token_transport, "SECONDS", 0.5)
    with dripping_server() as url:
        yield f"{url}/token"


@pytest.fixture
def request_of_google():
    request = TokenRequests()
    yield request
    request.close()


@pytest.fixture
def ask(request_of_google):
    return lambda credentials: ask_for_token(credentials, request_of_google, sleep=lambda seconds: None)


def robot(server, **changes):
    return load_credentials(keyfile_dict=keys.service_account(token_uri=server.url(), **changes))


def person(server):
    return load_credentials(user_credentials=keys.gcloud_user(token_uri=server.url()))


def workload(server, tmp_path, **changes):
    (tmp_path / "subject").write_text(keys.SUBJECT_TOKEN)
    source = {"file": str(tmp_path / "subject")}
    info = keys.workload(token_url=server.url("/sts"), **{"credential_source": source, **changes})
    return load_credentials(credential_config_file=info)


def acting(server):
    """Impersonate by way of the server: google-auth takes the place of Google's own service from this attribute."""
    credentials = load_credentials(keyfile_dict=keys.service_account(token_uri=server.url()), impersonation_chain=CHAIN)
    credentials._iam_endpoint_override = server.url(f"/v1/projects/-/serviceAccounts/{CHAIN[-1]}:generateAccessToken")
    return credentials


def test_a_service_account_signs_who_it_is_and_what_it_wants(server, ask):
    credentials = robot(server)
    assert ask(credentials) is None
    assert credentials.token == "token-1"
    assertion = server.asked[0].fields["assertion"]
    claims = jwt.decode(
        assertion, keys.public_key(), algorithms=["RS256"], audience="https://oauth2.googleapis.com/token"
    )
    assert claims["iss"] == keys.ROBOT
    assert claims["scope"].split() == list(credentials.scopes)
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(assertion)["kid"] == "abc123"


def test_a_person_sends_the_refresh_token_and_no_scopes_but_their_own(server, ask):
    credentials = person(server)
    assert ask(credentials) is None
    assert credentials.token == "token-1"
    assert server.asked[0].fields == {
        "grant_type": "refresh_token",
        "client_id": "some-client",
        "client_secret": keys.CLIENT_SECRET,
        "refresh_token": keys.REFRESH_TOKEN,
    }


def test_impersonation_asks_as_the_key_for_the_target_by_way_of_the_delegates(server, ask):
    credentials = acting(server)
    assert ask(credentials) is None
    assert credentials.token == "token-2"
    grant, impersonation = server.asked
    assert grant.path == "/token"
    assert impersonation.path.endswith(f"/{CHAIN[-1]}:generateAccessToken")
    assert impersonation.headers["authorization"] == "Bearer token-1"
    assert impersonation.fields == {"delegates": CHAIN[:1], "scope": list(SCOPES), "lifetime": "3600s"}


def test_a_workload_exchanges_the_token_in_its_file_as_it_is_at_that_moment(server, ask, tmp_path):
    credentials = workload(server, tmp_path)
    (tmp_path / "subject").write_text("a newer subject token")
    assert ask(credentials) is None
    assert credentials.token == "token-1"
    assert server.asked[0].path == "/sts"
    assert server.asked[0].fields["subject_token"] == "a newer subject token"
    assert server.asked[0].fields["scope"].split() == list(SCOPES)


def test_a_workload_may_get_its_token_from_a_url_and_act_as_a_service_account(server, ask, tmp_path):
    server.answers.append((200, keys.SUBJECT_TOKEN))
    credentials = workload(
        server,
        tmp_path,
        credential_source={"url": server.url("/subject"), "headers": {"x": "y"}},
        service_account_impersonation_url=server.url(f"/v1/{CHAIN[-1]}:generateAccessToken"),
    )
    assert ask(credentials) is None
    assert credentials.token == "token-2"
    subject, exchange, impersonation = server.asked
    assert subject.headers["x"] == "y"
    assert exchange.fields["subject_token"] == keys.SUBJECT_TOKEN
    assert impersonation.headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("make", [robot, person, acting], ids=["service account", "user", "impersonation"])
def test_passing_trouble_is_tried_three_times(server, ask, make, status):
    server.answers.extend([(status, "<html>"), (status, {"error": "busy"})])
    credentials = make(server)
    assert ask(credentials) is None
    assert len(server.asked) == (4 if make is acting else 3)


def test_trouble_that_does_not_pass_in_three_tries_is_transient_and_nothing_was_sent_to_earth_engine(server, ask):
    server.answers.extend([(503, "<html>")] * 3)
    failure = ask(robot(server))
    assert isinstance(failure, Transient)
    assert not failure.sent
    assert failure.status == 503
    assert len(server.asked) == 3


def test_an_endpoint_that_is_not_there_is_transient(ask):
    with TokenServer() as gone:
        credentials = robot(gone)
    failure = ask(credentials)
    assert isinstance(failure, Transient)
    assert str(failure) == "127.0.0.1 cannot be asked for a token: ConnectError."


@pytest.mark.parametrize(
    "answer",
    ["<html>sign in to this network</html>", "{", "[]", '"x"', "{}", '{"access_token": "a", "expires_in": "x"}'],
)
@pytest.mark.parametrize("make", [robot, person, acting], ids=["service account", "user", "impersonation"])
def test_an_answer_that_is_no_token_is_transient(server, ask, make, answer):
    server.answers.append((200, answer))
    failure = ask(make(server))
    assert isinstance(failure, Transient)
    assert "is not a token for" in str(failure)


def test_an_exchange_without_a_token_is_transient(server, ask, tmp_path):
    server.answers.append((200, {"expires_in": 3600}))
    assert isinstance(ask(workload(server, tmp_path)), Transient)


def test_a_token_endpoint_that_sends_a_byte_now_and_then_is_transient(ask, dripping):
    credentials = load_credentials(keyfile_dict=keys.service_account(token_uri=dripping))
    assert isinstance(ask(credentials), Transient)


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_not_followed(server, ask, status):
    with TokenServer() as elsewhere:
        server.answers.append((status, elsewhere.url()))
        assert isinstance(ask(robot(server)), EarthEngineError)
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("make", "answer", "said"),
    [
        (
            robot,
            (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
            f"127.0.0.1 gives no token for {keys.ROBOT}: Invalid JWT Signature. [400 invalid_grant] The key or the ",
        ),
        (
            person,
            (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}),
            "gives no token for these credentials: Token has been expired or revoked. [400 invalid_grant]",
        ),
        (person, (401, {"error": "invalid_client"}), "[401 invalid_client] The OAuth client"),
        (person, (400, "<html>"), "gives no token for these credentials. [400]"),
        (robot, (400, '{"a":' * 20_000), "[400]"),
        (robot, (400, {"error": {"code": 400, "message": "Bad\n  Request", "status": "FAILED"}}), "Bad Request [400"),
        (robot, (400, {"error": ["x"], "error_description": {"a": 1}}), f"{keys.ROBOT}. [400]"),
        (robot, (400, {"error": "invalid_grant", "error_description": "x" * 5000}), "x [400 invalid_grant]"),
    ],
    ids=["revoked key", "revoked sign-in", "client", "html", "deep", "api error", "odd types", "endless"],
)
def test_a_refusal_says_whose_token_why_and_what_helps(server, ask, make, answer, said):
    server.answers.append(answer)
    failure = ask(make(server))
    assert isinstance(failure, Unauthenticated)
    assert said in str(failure)
    assert len(str(failure)) < 700


def test_a_refused_impersonation_names_the_role_and_the_target(server, ask):
    credentials = acting(server)
    words = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
    server.answers.append((200, {"access_token": "canary-source-token", "expires_in": 3600}))
    server.answers.append((403, {"error": {"code": 403, "message": words, "status": "PERMISSION_DENIED"}}))
    failure = ask(credentials)
    assert isinstance(failure, Unauthenticated)
    assert words in str(failure)
    assert f"An account that acts as {CHAIN[-1]} needs the role roles/iam.serviceAccountTokenCreator" in str(failure)


def test_a_missing_subject_token_file_is_named(server, ask, tmp_path):
    credentials = workload(server, tmp_path)
    (tmp_path / "subject").unlink()
    failure = ask(credentials)
    assert isinstance(failure, Unauthenticated)
    assert "subject' was not found" in str(failure)


def test_credentials_that_cannot_be_refreshed_say_so(ask):
    failure = ask(user_credentials.Credentials(token="canary"))
    assert isinstance(failure, Unauthenticated)
    assert "do not contain the necessary fields" in str(failure)


def test_a_delay_that_the_endpoint_asks_for_is_handed_on(server, ask):
    server.headers = {"retry-after": "17"}
    server.answers.extend([(429, "")] * 3)
    assert ask(robot(server)).retry_after == 17


def echo(asked):
    """Answer as a careless endpoint does: with the secrets that it was sent, the short ones first."""
    secrets = [asked.fields.get(name, "") for name in ("client_secret", "refresh_token", "subject_token", "assertion")]
    sent = " ".join([asked.headers.get("authorization", ""), *secrets])
    return {"error": asked.fields.get("client_secret", "invalid_grant"), "error_description": f"Bad: {sent}"}


@pytest.fixture(params=["service account", "user", "impersonation", "workload", "url"])
def careless(request, server, tmp_path):
    """Credentials whose endpoint gives away all that it is sent."""
    url_source = {"url": server.url("/subject"), "headers": {"authorization": "Bearer canary-header"}}
    make = {
        "service account": lambda: robot(server),
        "user": lambda: person(server),
        "impersonation": lambda: acting(server),
        "workload": lambda: workload(server, tmp_path, client_id="x", client_secret=keys.CLIENT_SECRET),
        "url": lambda: workload(server, tmp_path, credential_source=url_source),
    }[request.param]
    if request.param == "impersonation":
        server.answers.append((200, {"access_token": "canary-source-token", "expires_in": 3600}))
    if request.param == "url":
        server.answers.append((200, keys.SUBJECT_TOKEN))
    return make()


@pytest.mark.parametrize("status", [400, 503])
def test_no_secret_is_in_the_error_or_its_traceback_or_any_log(server, ask, careless, caplog, status):
    caplog.set_level(logging.DEBUG)
    server.otherwise = lambda asked: (status, echo(asked))
    failure = ask(careless)
    assert isinstance(failure, Unauthenticated if status == 400 else Transient)
    assert failure.__context__ is None
    try:
        raise failure
    except EarthEngineError:
        seen = f"{traceback.format_exc()}{failure!r}{vars(failure)}{caplog.text}"
    sent = [asked.fields.get("assertion", "canary")[:100] for asked in server.asked]
    assert not [secret for secret in [*keys.secrets(), *sent] if secret in seen]


def test_no_secret_is_logged_while_application_default_credentials_are_looked_for(
    server, tmp_path, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    server.otherwise = lambda asked: (400, echo(asked))
    (tmp_path / "subject").write_text(keys.SUBJECT_TOKEN)
    configuration = keys.workload(
        token_url=server.url("/sts"), credential_source={"file": str(tmp_path / "subject")}, client_secret="canary"
    )
    (tmp_path / "adc.json").write_text(json.dumps({**configuration, "client_id": "me"}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with pytest.raises(Unauthenticated):
        load_credentials()
    assert [asked.path for asked in server.asked] == ["/sts"]
    assert "canary" not in caplog.text
