import asyncio
import json
import logging

import pytest

from airflow_provider_ee.client.errors import InvalidArgument, Transient, Unauthenticated
from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from tests.hooks.google import TOKEN

OPERATION = {"name": "projects/p/operations/ABC"}


def project_of(hook: EarthEngineHook) -> str:
    with hook:
        return hook.client().project


@pytest.fixture
def adc(tmp_path, monkeypatch, key):
    """Application Default Credentials: the key of a service account."""
    path = tmp_path / "adc.json"
    path.write_text(json.dumps(key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))


def test_the_project_that_the_hook_was_told_goes_first(connect, key, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "environment")
    connect(project="connection", keyfile_dict=key)

    assert project_of(EarthEngineHook(project_id="argument")) == "argument"


def test_the_connections_project_goes_before_that_of_its_key(connect, key, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "environment")
    connect(project="connection", keyfile_dict=key)

    assert project_of(EarthEngineHook()) == "connection"


def test_the_project_of_the_key_goes_before_that_of_the_environment(connect, key, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "environment")
    connect(keyfile_dict=key)

    assert project_of(EarthEngineHook()) == "key-project"


def test_a_blank_project_counts_as_none(connect, key):
    connect(project="", keyfile_dict=key)

    assert project_of(EarthEngineHook(project_id="")) == "key-project"


def test_where_nobody_names_a_project_the_error_says_where_to_put_it(connect, key):
    del key["project_id"]
    connect("mine", keyfile_dict=key)

    with pytest.raises(InvalidArgument) as caught:
        EarthEngineHook("mine").client()

    assert "argument project_id" in str(caught.value)
    assert "field Project of connection mine" in str(caught.value)
    assert "GOOGLE_CLOUD_PROJECT" in str(caught.value)


@pytest.mark.parametrize("project", ["earthengine-legacy", "earthengine-public"])
def test_googles_own_projects_are_refused(connect, key, project):
    connect(keyfile_dict=key)

    with pytest.raises(InvalidArgument, match=f"project_id: {project} is Google's own project"):
        EarthEngineHook(project_id=project).client()


def test_googles_own_project_is_refused_from_the_environment_too(connect, key, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "earthengine-legacy")
    del key["project_id"]
    connect(keyfile_dict=key)

    with pytest.raises(InvalidArgument, match=r"^project_id: earthengine-legacy"):
        EarthEngineHook().client()


@pytest.mark.usefixtures("adc")
def test_without_the_default_connection_application_default_credentials_are_used_and_said_once(caplog):
    caplog.set_level(logging.INFO)

    assert {project_of(EarthEngineHook()) for _ in range(3)} == {"key-project"}

    said = [record for record in caplog.records if "Application Default" in record.getMessage()]
    assert [(record.levelno, "earthengine_default" in record.getMessage()) for record in said] == [(logging.INFO, True)]


@pytest.mark.usefixtures("adc")
@pytest.mark.parametrize(
    ("conn_id", "offered"),
    [("my_conection", "did you mean my_connection"), ("earthengine_defalt", "earthengine_default"), ("x", "it can be")],
)
def test_another_connection_that_there_is_not_is_an_error_that_offers_close_ones(connect, key, conn_id, offered):
    connect("my_connection", project="p", keyfile_dict=key)

    with pytest.raises(
        InvalidArgument, match=rf"^earthengine_conn_id: Airflow has no connection '{conn_id}'.*{offered}"
    ):
        EarthEngineHook(conn_id).client()


@pytest.mark.usefixtures("adc")
def test_on_an_event_loop_it_is_an_error_too():
    async def open_client():
        await EarthEngineHook("my_typo").async_client()

    with pytest.raises(InvalidArgument, match="no connection 'my_typo'"):
        asyncio.run(open_client())


def test_an_emulator_is_asked_whatever_the_connection_is_called(google, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, google.url)

    assert project_of(EarthEngineHook("not_on_this_laptop")) == "emulator"


def test_neither_a_connection_nor_default_credentials_is_a_clear_error():
    with pytest.raises(Unauthenticated, match="key"):
        EarthEngineHook(project_id="p").client()


def test_an_emulator_is_asked_without_connection_credentials_or_project(google, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, google.url)
    google.answers["/v1/projects/emulator/operations/ABC"] = (200, {"name": "projects/emulator/operations/ABC"})

    with EarthEngineHook() as hook:
        hook.get_operation("ABC")

    ((_, headers, _),) = google.asked
    assert headers["authorization"] == "Bearer emulator"


def test_an_emulator_is_asked_without_loading_the_connections_key(google, connect, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, google.url)
    connect(project="p", key_path="/no/such/key.json", endpoint="https://elsewhere.example")

    assert project_of(EarthEngineHook()) == "p"


@pytest.mark.parametrize(
    "source", ["keyfile_dict", "keyfile_dict as text", "key_path", "user_token", "workload identity"]
)
def test_each_kind_of_credentials_ends_in_a_token(google, connect, key, tmp_path, source):
    (tmp_path / "key.json").write_text(json.dumps(key))
    (tmp_path / "subject").write_text("subject token")
    workload = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/pool",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{google.url}/token",
        "credential_source": {"file": str(tmp_path / "subject")},
    }
    extras = {
        "keyfile_dict": {"keyfile_dict": key},
        "keyfile_dict as text": {"keyfile_dict": json.dumps(key)},
        "key_path": {"key_path": str(tmp_path / "key.json")},
        "user_token": {"user_token": json.dumps({"refresh_token": "r", "token_uri": f"{google.url}/token"})},
        "workload identity": {"credential_config_file": json.dumps(workload)},
    }
    connect(project="p", endpoint=google.url, **extras[source])
    google.answers["/v1/projects/p/operations/ABC"] = (200, OPERATION)

    with EarthEngineHook() as hook:
        hook.get_operation("ABC")

    ((_, headers, _),) = google.asked
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_a_google_cloud_connection_works_by_its_id(google, connect, key):
    connect(
        "google_cloud_default",
        "google_cloud_platform",
        extra__google_cloud_platform__project="p",
        keyfile_dict=json.dumps(key),
        scope="https://www.googleapis.com/auth/earthengine",
        quota_project_id="payer",
    )

    with EarthEngineHook("google_cloud_default") as hook:
        client = hook.client()

    assert client.project == "p"
    assert client.url.host == "earthengine.googleapis.com"


def test_the_quota_project_goes_with_every_request(google, connect, key):
    connect(project="p", keyfile_dict=key, endpoint=google.url, quota_project_id="payer")
    google.answers["/v1/projects/p/operations/ABC"] = (200, OPERATION)

    with EarthEngineHook() as hook:
        hook.get_operation("ABC")

    ((_, headers, _),) = google.asked
    assert headers["x-goog-user-project"] == "payer"


@pytest.mark.parametrize(("told", "version"), [("v1beta", "v1beta"), (None, "v1alpha")])
def test_the_version_that_the_hook_was_told_goes_before_that_of_the_connection(google, connect, key, told, version):
    connect(project="p", keyfile_dict=key, endpoint=google.url, api_version="v1alpha")
    google.answers[f"/{version}/projects/p/operations/ABC"] = (200, OPERATION)

    with EarthEngineHook(api_version=told) as hook:
        hook.get_operation("ABC")

    assert google.paths == [f"/{version}/projects/p/operations/ABC"]


def test_an_unknown_version_is_blamed_on_the_argument_that_holds_it(connect, key):
    connect(project="p", keyfile_dict=key)

    with pytest.raises(InvalidArgument, match=r"^api_version: 'v7'"):
        EarthEngineHook(api_version="v7").client()


@pytest.mark.parametrize(
    ("conn_chain", "told", "blamed"),
    [
        pytest.param(
            "not an account", None, "connection earthengine_default: extra.impersonation_chain", id="connection"
        ),
        pytest.param("a@x.iam.gserviceaccount.com", ["no account"], "impersonation_chain", id="argument"),
    ],
)
def test_a_wrong_impersonation_chain_is_blamed_on_whoever_gave_it(connect, key, conn_chain, told, blamed):
    connect(project="p", keyfile_dict=key, impersonation_chain=conn_chain)

    with pytest.raises(InvalidArgument) as caught:
        EarthEngineHook(impersonation_chain=told).client()

    assert caught.value.argument == blamed


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("chain", "delegates"),
    [("a@x.com", []), ("d@x.com, a@x.com", ["d@x.com"]), (["d@x.com", "a@x.com"], ["d@x.com"])],
    ids=["one", "text", "list"],
)
async def test_both_clients_act_as_the_last_account_of_the_chain(connect, key, chain, delegates):
    connect(project="p", keyfile_dict=key, impersonation_chain="somebody@else.com")
    hook = EarthEngineHook(impersonation_chain=chain)

    with hook:
        clients = [hook.client(), await hook.async_client()]

    for credentials in (client._auths[0]._credentials for client in clients):
        assert credentials.service_account_email == "a@x.com"
        assert credentials._delegates == delegates
    await clients[1].close()


@pytest.mark.parametrize("retries", [0, 2])
def test_a_request_is_repeated_as_often_as_the_connection_says(google, connect, key, retries):
    connect(project="p", keyfile_dict=key, endpoint=google.url, num_retries=retries)

    with EarthEngineHook() as hook:
        assert hook.client().retry.attempts == retries + 1


def test_passing_trouble_is_an_error_when_the_connection_wants_no_retries(google, connect, key):
    connect(project="p", keyfile_dict=key, endpoint=google.url, num_retries="0")
    google.answers["/v1/projects/p/operations/ABC"] = (503, {"error": {"message": "busy"}})

    with EarthEngineHook() as hook, pytest.raises(Transient, match="busy"):
        hook.get_operation("ABC")

    assert len(google.asked) == 1


@pytest.mark.parametrize(
    ("extras", "blamed"),
    [
        ({"endpoint": "https://evil.example"}, "endpoint"),
        ({"endpoint": "nonsense"}, "endpoint"),
        ({"keyfile_dict": "canary"}, "keyfile_dict"),
        (
            {"keyfile_dict": {"type": "service_account", "client_email": "a@x", "private_key": "canary"}},
            "keyfile_dict.private_key",
        ),
        ({"key_path": "/no/such/file"}, "key_path"),
        ({"user_token": {"client_secret": "canary"}}, "user_token.refresh_token"),
        ({"user_token": {"refresh_token": "canary", "token_uri": "https://evil.example"}}, "user_token.token_uri"),
        ({"credential_config_file": {"type": "external_account"}}, "credential_config_file.credential_source"),
        ({"scopes": "everything"}, "scopes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_client_refuses_is_blamed_on_the_extra_of_the_connection(connect, key, extras, blamed):
    source = {"user_token", "key_path", "credential_config_file"} & extras.keys()
    connect("mine", project="p", **({} if source else {"keyfile_dict": key}) | extras)

    with pytest.raises(InvalidArgument) as caught:
        EarthEngineHook("mine").client()

    assert caught.value.argument == f"connection mine: extra.{blamed}"
    assert "canary" not in str(caught.value)


def test_two_kinds_of_credentials_at_once_are_refused_by_the_names_of_both(connect, key):
    connect("mine", project="p", keyfile_dict=key, user_token={"refresh_token": "canary"})

    with pytest.raises(InvalidArgument, match=r"connection mine: extra\.keyfile_dict and user_token"):
        EarthEngineHook("mine").client()


def test_credentials_go_to_a_host_that_the_connection_trusts(connect, key):
    connect(project="p", keyfile_dict=key, endpoint="https://ee.example.com", trusted_hosts="ee.example.com")

    with EarthEngineHook() as hook:
        assert hook.client().url.host == "ee.example.com"


def test_an_unknown_extra_is_a_warning_in_the_log(connect, key, caplog):
    connect(project="p", keyfile_dict=key, porject="x")

    with EarthEngineHook() as hook:
        hook.client()

    assert "extra.porject means nothing to Earth Engine. Did you mean project?" in caplog.text
