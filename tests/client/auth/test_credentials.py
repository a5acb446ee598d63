import json
import os
from contextlib import suppress

import google.auth.credentials
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from google.auth import compute_engine, identity_pool, impersonated_credentials
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.auth.credentials import SCOPES, load_credentials, project_of
from airflow_provider_ee.client.errors import InvalidArgument, Unauthenticated
from tests.client.auth import keys

EARTH_ENGINE = "https://www.googleapis.com/auth/earthengine"
CANARY = "canary-0123456789"


@pytest.fixture(autouse=True)
def _no_google_on_this_machine(monkeypatch, tmp_path):
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


def write(tmp_path, info):
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps(info))
    return str(path)


# Service accounts


def test_a_key_becomes_service_account_credentials_with_the_scopes_of_googles_client():
    credentials = load_credentials(keyfile_dict=keys.service_account())
    assert isinstance(credentials, service_account.Credentials)
    assert credentials.service_account_email == keys.ROBOT
    assert credentials.scopes == SCOPES
    assert len(SCOPES) == 4


def test_a_key_is_found_by_its_path(tmp_path):
    credentials = load_credentials(key_path=write(tmp_path, keys.service_account()))
    assert credentials.service_account_email == keys.ROBOT


def test_line_ends_that_were_escaped_twice_are_mended():
    escaped = keys.service_account()["private_key"].replace("\n", "\\n")
    assert load_credentials(keyfile_dict=keys.service_account(private_key=escaped)).signer_email == keys.ROBOT


@pytest.mark.parametrize("scopes", [[EARTH_ENGINE], EARTH_ENGINE, f"{EARTH_ENGINE}, "], ids=["list", "text", "commas"])
def test_fewer_scopes_can_be_asked_for(scopes):
    assert load_credentials(keyfile_dict=keys.service_account(), scopes=scopes).scopes == [EARTH_ENGINE]


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"private_key": CANARY}, "keyfile_dict.private_key"),
        ({"private_key": None}, "keyfile_dict.private_key"),
        ({"private_key": keys.pem(keys.rsa_key())[:400] + CANARY}, "keyfile_dict.private_key"),
        ({"private_key": keys.pem(ec.generate_private_key(ec.SECP256R1()))}, "keyfile_dict.private_key"),
        ({"client_email": None}, "keyfile_dict.client_email"),
        ({"client_email": f"{CANARY}\nx"}, "keyfile_dict.client_email"),
        ({"project_id": [CANARY]}, "keyfile_dict.project_id"),
        ({"type": "authorized_user"}, "keyfile_dict"),
        ({"type": CANARY}, "keyfile_dict"),
        ({"type": [CANARY]}, "keyfile_dict"),
        ({"token_uri": f"https://{CANARY}.com"}, "keyfile_dict.token_uri"),
        ({"token_uri": 7}, "keyfile_dict.token_uri"),
        ({"universe_domain": f"{CANARY}.com"}, "keyfile_dict.universe_domain"),
        ({"universe_domain": "googleapis.com@evil.com"}, "keyfile_dict.universe_domain"),
        ({"universe_domain": "evil.com/x.googleapis.com"}, "keyfile_dict.universe_domain"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_wrong_key_names_its_field_and_never_its_content(changes, argument):
    with pytest.raises(InvalidArgument) as caught:
        load_credentials(keyfile_dict=keys.service_account(**changes))
    assert caught.value.argument == argument
    assert CANARY not in str(caught.value)
    assert not any(line in str(caught.value) for line in keys.key_lines())
    assert caught.value.__context__ is None


def test_a_key_of_another_kind_says_where_it_belongs():
    with pytest.raises(InvalidArgument, match="authorized_user, which belongs in user_credentials"):
        load_credentials(keyfile_dict=keys.gcloud_user())


def test_a_universe_that_is_trusted_is_taken():
    info = keys.service_account(universe_domain="cloud.example", token_uri="https://oauth2.cloud.example/token")
    credentials = load_credentials(keyfile_dict=info, trusted_hosts=["cloud.example"])
    assert credentials.universe_domain == "cloud.example"


# People


def test_the_file_of_earthengine_authenticate_uses_the_public_client_and_the_project_as_quota_project(tmp_path):
    credentials = load_credentials(user_credentials=write(tmp_path, keys.earthengine_user(scopes=[EARTH_ENGINE])))
    assert isinstance(credentials, user_credentials.Credentials)
    assert credentials.refresh_token == keys.REFRESH_TOKEN
    assert credentials.client_id.startswith("517222506229-")
    assert credentials.token_uri == "https://oauth2.googleapis.com/token"
    assert credentials.quota_project_id == "users-project"
    assert credentials.scopes == [EARTH_ENGINE]


def test_a_file_of_earthengine_authenticate_without_scopes_has_those_of_googles_client():
    assert load_credentials(user_credentials=keys.earthengine_user()).scopes == SCOPES


def test_a_file_of_gcloud_asks_for_no_scopes_as_it_has_them_already():
    credentials = load_credentials(user_credentials=json.dumps(keys.gcloud_user()))
    assert credentials.client_secret == keys.CLIENT_SECRET
    assert credentials.quota_project_id == "quota-project"
    assert credentials.scopes is None


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"refresh_token": None}, "user_credentials.refresh_token"),
        ({"refresh_token": [CANARY]}, "user_credentials.refresh_token"),
        ({"client_secret": 7}, "user_credentials.client_secret"),
        ({"scopes": CANARY}, "user_credentials.scopes"),
        ({"type": "service_account"}, "user_credentials"),
        ({"token_uri": f"https://{CANARY}.com"}, "user_credentials.token_uri"),
        ({"token_uri": "http://oauth2.googleapis.com/token"}, "user_credentials.token_uri"),
        ({"universe_domain": "evil.com"}, "user_credentials.universe_domain"),
    ],
    ids=ascii,
)
def test_a_wrong_user_file_names_its_field_and_never_its_content(changes, argument):
    with pytest.raises(InvalidArgument) as caught:
        load_credentials(user_credentials=keys.earthengine_user(**changes))
    assert caught.value.argument == argument
    assert CANARY not in str(caught.value)


# Workload identity


@pytest.mark.parametrize(
    "source",
    [
        {"file": "/var/run/token"},
        {"file": "/var/run/token", "format": {"type": "json", "subject_token_field_name": "token"}},
        {"url": "http://127.0.0.1:8080/token", "headers": {"x": "y"}},
        {"url": "https://metadata.googleapis.com/token"},
    ],
    ids=["file", "json file", "loopback", "google"],
)
def test_a_workload_identity_configuration_is_taken(source):
    credentials = load_credentials(credential_config_file=keys.workload(credential_source=source))
    assert isinstance(credentials, identity_pool.Credentials)
    assert credentials.scopes == SCOPES


def test_a_metadata_service_of_another_cloud_is_taken_if_it_is_trusted():
    source = {"url": "http://169.254.169.254/metadata/identity/oauth2/token", "headers": {"Metadata": "True"}}
    load_credentials(
        credential_config_file=keys.workload(credential_source=source), trusted_hosts=["http://169.254.169.254"]
    )


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"token_url": "https://evil.com/sts"}, ".token_url"),
        ({"token_url": "http://sts.googleapis.com/v1/token"}, ".token_url"),
        ({"token_url": "https://sts.googleapis.com.evil.com/v1/token"}, ".token_url"),
        ({"token_url": None}, ".token_url"),
        ({"token_info_url": "https://evil.com/info"}, ".token_info_url"),
        ({"service_account_impersonation_url": "https://evil.com/x"}, ".service_account_impersonation_url"),
        ({"service_account_impersonation": {"token_lifetime_seconds": CANARY}}, ".service_account_impersonation"),
        ({"service_account_impersonation": CANARY}, ".service_account_impersonation"),
        ({"credential_source": {"executable": {"command": "rm -rf /"}}}, ".credential_source"),
        ({"credential_source": {"file": "/x", "executable": {"command": "id"}}}, ".credential_source"),
        ({"credential_source": {"environment_id": "aws1", "url": "http://169.254.169.254"}}, ".credential_source"),
        ({"credential_source": {"certificate": {"use_default_certificate_config": True}}}, ".credential_source"),
        ({"credential_source": {"file": "/x", "url": "http://localhost"}}, ".credential_source"),
        ({"credential_source": {"url": "http://169.254.169.254/latest"}}, ".credential_source.url"),
        ({"credential_source": {"url": "https://evil.com/token"}}, ".credential_source.url"),
        ({"credential_source": {"file": 7}}, ".credential_source.file"),
        ({"credential_source": {"file": None}}, ".credential_source.file"),
        ({"credential_source": {"file": "/x", "headers": [CANARY]}}, ".credential_source.headers"),
        ({"credential_source": {"file": "/x", "format": CANARY}}, ".credential_source.format"),
        ({"credential_source": {"file": "/x", "format": {"type": CANARY}}}, ""),
        ({"credential_source": {"file": "/x", "format": {"type": "json"}}}, ""),
        ({"credential_source": CANARY}, ".credential_source"),
        ({"credential_source": None}, ".credential_source"),
        ({"workforce_pool_user_project": "1"}, ""),
        ({"audience": None}, ".audience"),
        ({"universe_domain": "evil.com"}, ".universe_domain"),
        ({"type": "service_account"}, ""),
    ],
    ids=lambda value: ascii(value)[:90],
)
def test_a_malicious_or_broken_configuration_is_refused_before_any_request(changes, argument):
    with pytest.raises(InvalidArgument) as caught:
        load_credentials(credential_config_file=keys.workload(**changes))
    assert caught.value.argument == f"credential_config_file{argument}"
    assert CANARY not in str(caught.value)


# What goes over any of them


CHAIN = ["first@p.iam.gserviceaccount.com", "second@p.iam.gserviceaccount.com"]


@pytest.mark.parametrize("chain", [CHAIN, tuple(CHAIN), ",".join(CHAIN), " , ".join(CHAIN)], ids=ascii)
@pytest.mark.parametrize(
    "source",
    [
        {"keyfile_dict": keys.service_account()},
        {"user_credentials": keys.gcloud_user()},
        {"credential_config_file": keys.workload()},
    ],
    ids=["service account", "user", "workload"],
)
def test_the_last_of_a_chain_is_the_target_and_the_rest_are_delegates(source, chain):
    credentials = load_credentials(**source, impersonation_chain=chain, scopes=[EARTH_ENGINE])
    assert isinstance(credentials, impersonated_credentials.Credentials)
    assert credentials.service_account_email == CHAIN[1]
    assert credentials._delegates == CHAIN[:1]
    assert credentials._target_scopes == [EARTH_ENGINE]


@pytest.mark.parametrize("chain", [None, "", [], " , "], ids=ascii)
def test_an_empty_chain_is_none(chain):
    credentials = load_credentials(keyfile_dict=keys.service_account(), impersonation_chain=chain)
    assert isinstance(credentials, service_account.Credentials)


@pytest.mark.parametrize(
    "wrong",
    [
        {"impersonation_chain": "robot"},
        {"impersonation_chain": "a@b.com/../../c@d.com:generateAccessToken"},
        {"impersonation_chain": ["a@b.com", 7]},
        {"impersonation_chain": {"a@b.com": 1}},
        {"scopes": "earthengine"},
        {"scopes": ["https://www.googleapis.com/auth/earth engine"]},
        {"scopes": [7]},
    ],
    ids=ascii,
)
def test_what_cannot_be_meant_is_refused_by_name(wrong):
    with pytest.raises(InvalidArgument) as caught:
        load_credentials(keyfile_dict=keys.service_account(), **wrong)
    assert caught.value.argument == next(iter(wrong))


def test_two_sources_are_refused_and_both_named():
    with pytest.raises(InvalidArgument, match=r"^keyfile_dict and user_credentials: "):
        load_credentials(keyfile_dict=keys.service_account(), user_credentials=keys.earthengine_user())


def test_anonymous_credentials_are_for_an_emulator():
    assert isinstance(load_credentials(anonymous=True), google.auth.credentials.AnonymousCredentials)


def test_anonymous_credentials_cannot_act_as_an_account():
    with pytest.raises(InvalidArgument, match=r"^impersonation_chain: "):
        load_credentials(anonymous=True, impersonation_chain=CHAIN)


# Application Default Credentials


def test_application_default_credentials_are_used_if_nothing_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", write(tmp_path, keys.service_account()))
    credentials = load_credentials()
    assert credentials.service_account_email == keys.ROBOT
    assert list(credentials.scopes) == list(SCOPES)
    assert project_of(credentials) == "their-project"


def test_application_default_credentials_of_a_person_keep_their_own_scopes(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", write(tmp_path, keys.gcloud_user()))
    assert load_credentials().scopes is None


@pytest.mark.parametrize("content", [f'{{"type": "{CANARY}"}}', f"{CANARY}", "{}"], ids=ascii)
def test_broken_application_default_credentials_say_so_without_their_content(tmp_path, monkeypatch, content):
    path = tmp_path / "adc.json"
    path.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises(Unauthenticated) as caught:
        load_credentials()
    assert caught.value.__context__ is None


def test_without_any_credentials_the_error_says_what_to_do():
    with pytest.raises(Unauthenticated, match=r"default credentials were not found.* Give the connection a key"):
        load_credentials()


# The project


@pytest.mark.parametrize(
    ("source", "project"),
    [
        ({"keyfile_dict": keys.service_account()}, "their-project"),
        ({"keyfile_dict": keys.service_account(), "impersonation_chain": CHAIN}, "their-project"),
        ({"user_credentials": keys.earthengine_user()}, "users-project"),
        ({"user_credentials": keys.gcloud_user()}, "quota-project"),
        ({"user_credentials": keys.earthengine_user(project="517222506229")}, None),
        ({"user_credentials": keys.earthengine_user(project=None)}, None),
        ({"credential_config_file": keys.workload()}, None),
        ({"anonymous": True}, None),
    ],
    ids=["key", "impersonation", "earthengine", "gcloud", "public client", "none", "workload", "anonymous"],
)
def test_the_project_is_the_one_that_the_credentials_name(source, project):
    assert project_of(load_credentials(**source)) == project


def test_credentials_that_name_no_project_leave_it_to_the_environment(monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "environments-project")
    assert project_of(compute_engine.Credentials()) == "environments-project"


# Secrets


def test_no_secret_is_in_the_repr_of_any_credentials():
    loaded = [
        load_credentials(keyfile_dict=keys.service_account()),
        load_credentials(user_credentials=keys.gcloud_user()),
        load_credentials(credential_config_file=keys.workload(client_id="x", client_secret=keys.CLIENT_SECRET)),
        load_credentials(keyfile_dict=keys.service_account(), impersonation_chain=CHAIN),
    ]
    shown = f"{loaded!r}{[str(credentials) for credentials in loaded]}"
    assert not [secret for secret in keys.secrets() if secret in shown]


def test_loading_a_key_leaves_the_environment_alone(tmp_path):
    before = dict(os.environ)
    load_credentials(key_path=write(tmp_path, keys.service_account()))
    assert dict(os.environ) == before
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.json"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("argument", "make"),
    [
        ("keyfile_dict", keys.service_account),
        ("user_credentials", keys.earthengine_user),
        ("user_credentials", keys.gcloud_user),
        ("credential_config_file", keys.workload),
    ],
    ids=["service account", "earthengine", "gcloud", "workload"],
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_file_holds_the_fault_is_a_wrong_argument(argument, make, data):
    info = make()
    fields = [*info, "universe_domain", "client_id", "scopes", "service_account_impersonation", "account"]
    for field in data.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3)):
        info[field] = data.draw(VALUES)
    if "credential_source" in info and data.draw(st.booleans()):
        info["credential_source"] = {"file": "/x", data.draw(st.sampled_from(["format", "headers"])): data.draw(VALUES)}
    with suppress(InvalidArgument):
        load_credentials(**{argument: data.draw(st.sampled_from([info, json.dumps(info)]))})
