import base64
import json
import logging
import threading
import traceback

import pytest
from airflow.sdk._shared.secrets_masker import redact

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.hooks.connection import Settings
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.hooks.masking import mask_settings, mask_token
from tests.hooks.google import TOKEN, give_token
from tests.versions import needs_airflow


def test_a_key_is_masked_line_by_line_but_not_its_frame():
    mask_settings(Settings(keyfile_dict={"private_key": "-----BEGIN PRIVATE KEY-----\nkeyLineOne\nkeyLineTwo==\n"}))

    assert redact("first keyLineOne then keyLineTwo==") == "first *** then ***"
    assert redact("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"


def test_a_key_that_is_text_in_text_is_masked_too():
    mask_settings(Settings(keyfile_dict=json.dumps({"private_key": "textLineOne\\ntextLineTwo"})))

    assert redact("textLineOne, textLineTwo") == "***, ***"


def test_the_secrets_of_a_person_are_masked():
    mask_settings(
        Settings(user_token={"refresh_token": "refreshCanary", "client_secret": "clientCanary", "account": "me"})
    )

    assert redact("refreshCanary clientCanary me") == "*** *** me"


@pytest.mark.parametrize("field", ["keyfile_dict", "user_token", "credential_config_file"])
def test_what_is_in_base64_is_masked_in_both_forms(field):
    text = base64.b64encode(json.dumps({"client_secret": f"{field}Canary"}).encode()).decode()
    mask_settings(Settings(**{field: text}))

    assert redact(f"{field}Canary or {text}") == "*** or ***"


def test_the_secrets_of_a_workload_configuration_are_masked():
    source = {"url": "https://idp.example", "headers": {"Authorization": "Basic headerCanary", "Metadata": "True"}}
    configuration = {"client_id": "me", "client_secret": "workloadCanary", "credential_source": source}
    mask_settings(Settings(credential_config_file=json.dumps(configuration)))

    assert redact("workloadCanary Basic headerCanary True me") == "*** *** True me"


def test_the_path_of_a_persons_file_stays_readable():
    mask_settings(Settings(user_token="/home/me/.config/earthengine/credentials"))

    assert redact("/home/me/.config/earthengine/credentials") == "/home/me/.config/earthengine/credentials"


def test_the_secrets_of_a_connection_are_masked_when_it_is_read(connect, google):
    person = {"refresh_token": "readCanary", "token_uri": f"{google.url}/token"}
    connect(project="p", user_token=json.dumps(person))

    with EarthEngineHook() as hook:
        hook.client()

    assert redact("readCanary") == "***"


@needs_airflow("3.3", "only its own threads may speak to a task's supervisor")
def test_an_access_token_is_masked():
    mask_token("accessCanary")
    for thread in threading.enumerate():
        if thread.name == "mask-token":
            thread.join()

    assert redact("accessCanary") == "***"


@pytest.fixture
def all_that_is_said(caplog, capfd):
    """Collect everything that is logged and printed, down to DEBUG, and the error with all its causes."""
    caplog.set_level(logging.DEBUG)

    def collect(error: BaseException, *shown: object) -> str:
        printed = capfd.readouterr()
        told = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        return "\n".join([caplog.text, printed.out, printed.err, told, *map(repr, shown)])

    return collect


def canaries(key: dict[str, str]) -> list[str]:
    return ["canary-refresh", "canary-client", "canary-subject", TOKEN, *key["private_key"].splitlines()[1:-1]]


def sources(google, key, tmp_path):
    (tmp_path / "key.json").write_text(json.dumps(key))
    (tmp_path / "subject").write_text("canary-subject")
    person = {
        "refresh_token": "canary-refresh",
        "client_id": "me",
        "client_secret": "canary-client",
        "token_uri": f"{google.url}/token",
    }
    workload = {
        "type": "external_account",
        "audience": "pool",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{google.url}/token",
        "credential_source": {"file": str(tmp_path / "subject")},
    }
    return {
        "keyfile_dict": {"keyfile_dict": key},
        "keyfile_dict as text": {"keyfile_dict": json.dumps(key)},
        "key_path": {"key_path": str(tmp_path / "key.json")},
        "key in the wrong field": {"key_path": json.dumps(key)},
        "half a key": {"keyfile_dict": json.dumps(key)[:-5]},
        "user_token": {"user_token": person},
        "user_token as text": {"user_token": json.dumps(person)},
        "workload identity": {"credential_config_file": workload},
        "key and person": {"keyfile_dict": key, "user_token": person},
        "key as a project": {"project": json.dumps({"private_key": key["private_key"]}), "keyfile_dict": key},
        "key as an unknown extra": {"keyfile_json": json.dumps(key)},
    }


SOURCES = (
    "keyfile_dict",
    "keyfile_dict as text",
    "key_path",
    "key in the wrong field",
    "half a key",
    "user_token",
    "user_token as text",
    "workload identity",
    "key and person",
    "key as a project",
    "key as an unknown extra",
)
#: What the token endpoint makes of what it is sent. The first quotes all of it, as Google sometimes quotes a part.
FAILURES = {
    "refused by the token endpoint": lambda sent: (400, {"error": "invalid_grant", "error_description": sent.decode()}),
    "refused by Earth Engine": give_token,
    "garbage from the token endpoint": lambda _: (200, b"<html>"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("source", SOURCES)
def test_no_secret_is_ever_said(google, connect, key, tmp_path, *, all_that_is_said, source, failure):
    connect(**{"project": "p", "endpoint": google.url, "num_retries": 0} | sources(google, key, tmp_path)[source])
    google.token_endpoint = FAILURES[failure]
    google.answers["/v1/projects/p/operations/ABC"] = (401, {"error": {"message": "Invalid credentials."}})
    hook = EarthEngineHook()

    with hook, pytest.raises(EarthEngineError) as caught:
        hook.get_operation("ABC")
    said = all_that_is_said(caught.value, hook, vars(hook), hook.test_connection())

    assert [canary for canary in canaries(key) if canary in said] == []
