import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.hooks.connection import CONN_TYPE, GOOGLE_CONN_TYPE, Settings, read_settings
from airflow_provider_ee.hooks.fields import READERS

KEY = {"type": "service_account", "private_key": "canary"}


def read(extras: object, conn_type: str | None = CONN_TYPE) -> Settings:
    read_settings_, warnings = read_settings("ee", conn_type, json.dumps(extras))
    assert warnings == []
    return read_settings_


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        pytest.param("project", " my-project ", "my-project", id="project"),
        pytest.param("project", "projects/my-project", "my-project", id="project as a path"),
        pytest.param("keyfile_dict", KEY, KEY, id="key as an object"),
        pytest.param("keyfile_dict", json.dumps(KEY), json.dumps(KEY), id="key as text"),
        pytest.param("key_path", "/keys/key.json", "/keys/key.json", id="key file"),
        pytest.param("credential_config_file", "/keys/wif.json", "/keys/wif.json", id="workload identity file"),
        pytest.param("credential_config_file", {"type": "x"}, {"type": "x"}, id="workload identity object"),
        pytest.param("user_token", {"refresh_token": "r"}, {"refresh_token": "r"}, id="user as an object"),
        pytest.param("user_token", "~/.config/earthengine/credentials", "~/.config/earthengine/credentials", id="user"),
        pytest.param("impersonation_chain", "a@x, b@x", ("a@x", "b@x"), id="chain with commas"),
        pytest.param("impersonation_chain", ["a@x", "b@x"], ("a@x", "b@x"), id="chain as a list"),
        pytest.param("quota_project_id", "other", "other", id="quota project"),
        pytest.param("scopes", "https://a,,https://b,", ("https://a", "https://b"), id="scopes"),
        pytest.param("endpoint", "high-volume", "high-volume", id="endpoint"),
        pytest.param("api_version", "v1beta", "v1beta", id="version"),
        pytest.param("trusted_hosts", "ee.example.com", ("ee.example.com",), id="trusted host"),
        pytest.param("num_retries", 7, 7, id="retries"),
        pytest.param("num_retries", " 7 ", 7, id="retries as text"),
        pytest.param("num_retries", 0, 0, id="no retries"),
        pytest.param("anonymous", True, True, id="anonymous"),
        pytest.param("anonymous", "TRUE", True, id="anonymous as text"),
        pytest.param("anonymous", 0, False, id="anonymous as a number"),
    ],
)
def test_a_field_is_read(name, value, meant):
    assert getattr(read({name: value}), name) == meant


def test_every_field_is_one_setting_and_every_setting_a_field():
    assert set(Settings.__slots__) == set(READERS)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        pytest.param("project", 17, "it is a int", id="number for a project"),
        pytest.param("project", "No Such", "is not a valid Google Cloud project id", id="no project"),
        pytest.param("project", "earthengine-legacy", "is Google's own project", id="the legacy project"),
        pytest.param("project", '{"private_key": "canary"}', "it holds JSON", id="key for a project"),
        pytest.param("quota_project_id", "UPPER", "is not a valid Google Cloud project id", id="no quota project"),
        pytest.param("keyfile_dict", [1], "it is a list", id="list for a key"),
        pytest.param("key_path", '{"private_key": "canary"}', "it holds JSON", id="key in the field for its path"),
        pytest.param("user_token", 5, "it is a int", id="number for a user"),
        pytest.param("impersonation_chain", {"a": 1}, "it is a dict", id="object for a chain"),
        pytest.param("scopes", ["a", 1], "it is a list", id="number among the scopes"),
        pytest.param("endpoint", True, "it is a bool", id="flag for an endpoint"),
        pytest.param("api_version", "v2", "'v2' is not a version", id="unknown version"),
        pytest.param("num_retries", -1, "it is -1", id="negative retries"),
        pytest.param("num_retries", 100, "it is 100", id="too many retries"),
        pytest.param("num_retries", "five", "it is 'five'", id="retries in words"),
        pytest.param("num_retries", True, "it is True", id="flag for retries"),
        pytest.param("num_retries", "\u0665", "it is '\u0665'", id="an Arabic five"),
        pytest.param("anonymous", "maybe", "it is 'maybe'", id="half a flag"),
        pytest.param("anonymous", 2, "it is 2", id="two for a flag"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_the_name_of_its_field(name, value, problem):
    with pytest.raises(InvalidArgument) as caught:
        read({name: value})

    assert caught.value.argument == f"connection ee: extra.{name}"
    assert problem in caught.value.problem
    assert caught.value.allowed
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("blank", ["", "   ", None, [], {}], ids=repr)
@pytest.mark.parametrize("name", READERS)
def test_a_field_that_was_left_alone_says_nothing(name, blank):
    assert read({name: blank}) == Settings()


@pytest.mark.parametrize("extra", [None, "", "  ", "{}"], ids=repr)
def test_a_connection_without_extras_is_fine(extra):
    assert read_settings("ee", CONN_TYPE, extra) == (Settings(), [])


@pytest.mark.parametrize("extra", ["canary", "[1]", '"canary"', "{", "[" * 100_000, "null"], ids=lambda text: text[:9])
def test_extras_that_are_no_object_are_refused_without_being_shown(extra):
    with pytest.raises(InvalidArgument, match="connection ee: extra: it is not a JSON object") as caught:
        read_settings("ee", CONN_TYPE, extra)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("unknown", "advice"),
    [
        pytest.param("projet", "Did you mean project?", id="a slip"),
        pytest.param("keyfile", "Did you mean keyfile_dict?", id="half a name"),
        pytest.param("zzz", "It knows project, keyfile_dict,", id="nothing like it"),
    ],
)
def test_an_unknown_extra_is_warned_of_with_the_name_that_was_meant(unknown, advice):
    found, (warning,) = read_settings("ee", CONN_TYPE, json.dumps({unknown: "canary"}))

    assert found == Settings()
    assert warning.startswith(f"connection ee: extra.{unknown} means nothing to Earth Engine.")
    assert advice in warning
    assert "canary" not in warning


def test_googles_connection_is_read_by_googles_names():
    extras = {
        "project": "p",
        "keyfile_dict": json.dumps(KEY),
        "scope": "https://a,https://b",
        "num_retries": 5,
        "impersonation_chain": "a@x",
        "quota_project_id": "q",
        "is_anonymous": False,
        "key_path": "",
        "key_secret_name": "",
        "key_secret_project_id": None,
        "idp_issuer_url": "",
    }

    assert read(extras, GOOGLE_CONN_TYPE) == Settings(
        project="p",
        keyfile_dict=json.dumps(KEY),
        scopes=("https://a", "https://b"),
        num_retries=5,
        impersonation_chain=("a@x",),
        quota_project_id="q",
    )


@pytest.mark.parametrize("conn_type", [CONN_TYPE, GOOGLE_CONN_TYPE])
def test_the_long_names_of_old_airflows_are_read_too(conn_type):
    assert read({f"extra__{conn_type}__project": "p"}, conn_type) == Settings(project="p")


def test_of_both_names_the_short_one_counts():
    assert read({"project": "short", "extra__earthengine__project": "long"}) == Settings(project="short")


def test_a_blank_short_name_leaves_the_long_one_to_count():
    assert read({"project": "", "extra__earthengine__project": "long"}) == Settings(project="long")


@pytest.mark.parametrize("name", ["key_secret_name", "idp_issuer_url"])
def test_what_would_be_another_identity_is_refused_rather_than_ignored(name):
    with pytest.raises(InvalidArgument, match=f"connection ee: extra.{name}: it is not supported"):
        read({name: "x"}, GOOGLE_CONN_TYPE)


def test_googles_names_mean_nothing_in_an_earthengine_connection():
    _, (warning,) = read_settings("ee", CONN_TYPE, '{"scope": "x"}')

    assert "Did you mean scopes?" in warning


@pytest.mark.parametrize("conn_type", ["http", "", None], ids=repr)
def test_a_connection_to_another_service_is_refused(conn_type):
    with pytest.raises(InvalidArgument, match="connection ee: type"):
        read({}, conn_type)


def test_settings_do_not_show_what_is_secret():
    assert "canary" not in repr(read({"keyfile_dict": KEY, "user_token": {"refresh_token": "canary"}}))


def outcome(conn_type: str, extra: str) -> tuple[Settings, list[str]] | InvalidArgument:
    """The settings, or the one error that may come instead of them."""
    try:
        return read_settings("ee", conn_type, extra)
    except InvalidArgument as error:
        return error


def is_sound(found: tuple[Settings, list[str]] | InvalidArgument) -> bool:
    return found.argument.startswith("connection ee: extra") if isinstance(found, InvalidArgument) else bool(found)


words = st.text(max_size=12) | st.sampled_from(["v1", "true", "5", "a@x, b@x", "p", '{"private_key": 1}', "\ud800"])
json_values = (
    words
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.lists(words | st.none() | st.integers(), max_size=3)
    | st.dictionaries(words, words, max_size=2)
)
names = st.sampled_from([*READERS, "scope", "is_anonymous", "key_secret_name", "extra__earthengine__project", ""])


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(
    conn_type=st.sampled_from([CONN_TYPE, GOOGLE_CONN_TYPE]),
    extras=st.dictionaries(names | words, json_values, max_size=3),
)
def test_any_extras_become_settings_or_an_error_that_names_one_of_them(conn_type, extras):
    assert is_sound(outcome(conn_type, json.dumps(extras)))


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_for_extras_becomes_settings_or_a_named_error(extra):
    assert is_sound(outcome(CONN_TYPE, extra))
