import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.auth import keyfiles
from airflow_provider_ee.client.errors import InvalidArgument

CONTENT = {"type": "service_account", "client_email": "robot@p.iam.gserviceaccount.com"}
JSON = json.dumps(CONTENT)
BASE64 = base64.b64encode(JSON.encode()).decode()


@pytest.mark.parametrize(
    "shape",
    [
        CONTENT,
        JSON,
        f"\ufeff{JSON}",
        f" \r\n\t{JSON}\n ",
        json.dumps(CONTENT, indent=2),
        BASE64,
        f"{BASE64[:40]}\n{BASE64[40:]}\n",
        base64.b64encode(f"\ufeff{JSON}".encode()).decode(),
    ],
    ids=["mapping", "text", "byte-order mark", "white space", "indented", "base64", "wrapped base64", "base64 of BOM"],
)
def test_json_is_read_in_every_shape_in_which_people_paste_it(shape):
    assert keyfiles.from_text("keyfile_dict", shape) == CONTENT


def test_bare_line_ends_inside_a_key_are_taken():
    assert keyfiles.from_text("keyfile_dict", '{"private_key": "a\nb"}') == {"private_key": "a\nb"}


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        (None, "holds no credentials"),
        ("", "holds no credentials"),
        (" \n", "holds no credentials"),
        (7, "holds no credentials"),
        (b"{}", "holds no credentials"),
        ("canary", "not a JSON object"),
        ('"canary"', "not a JSON object"),
        ('["canary"]', "not a JSON object"),
        ('{"canary": ', r"not a JSON object \(line 1, column 11\)"),
        ("{'canary': 1}", r"not a JSON object \(line 1, column 2\)"),
        (base64.b64encode(b"canary").decode(), "not a JSON object"),
        ("/home/canary/key", "a path where JSON belongs"),
        ("~/canary.json", "a path where JSON belongs"),
        ("keys/canary.json", "a path where JSON belongs"),
        ('{"a":' * 10_000, "not a JSON object"),
        (f'{{"canary": "{"x" * 70_000}"}}', "longer than 65,536 characters"),
    ],
    ids=ascii,
)
def test_each_fault_is_named_without_the_content(shape, problem):
    with pytest.raises(InvalidArgument, match=rf"^keyfile_dict: .*{problem}") as caught:
        keyfiles.from_text("keyfile_dict", shape)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_file_is_read(tmp_path):
    path = tmp_path / "key.json"
    path.write_text(f"\ufeff{JSON}\n", encoding="utf-8")
    assert keyfiles.from_file("key_path", f" {path} ") == CONTENT


def test_a_home_directory_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key.json").write_text(JSON)
    assert keyfiles.from_file("key_path", "~/key.json") == CONTENT


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (None, "names no file"),
        ("", "names no file"),
        (JSON, "holds JSON where a path belongs"),
        ("/no/such/canary.json", "there is no such file"),
        ("/dev/zero", "there is no such file"),
        ("canary\x00", "there is no such file"),
        ("~canary-nobody/key.json", "this user has no home directory"),
        (f"/{'canary' * 1000}", "File name too long"),
    ],
    ids=ascii,
)
def test_each_fault_of_a_path_is_named_without_the_path(path, problem):
    with pytest.raises(InvalidArgument, match=rf"^key_path: .*{problem}") as caught:
        keyfiles.from_file("key_path", path)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_p12_key_is_told_apart(tmp_path):
    (tmp_path / "key.p12").write_bytes(b"\x30\x82\xff\xfe")
    with pytest.raises(InvalidArgument, match=r"\.p12 key"):
        keyfiles.from_file("key_path", str(tmp_path / "key.p12"))


@pytest.mark.parametrize("shape", [CONTENT, JSON, f"\ufeff {JSON}"], ids=["mapping", "text", "byte-order mark"])
def test_either_takes_json(shape):
    assert keyfiles.from_either("user_credentials", shape) == CONTENT


def test_either_takes_a_path(tmp_path):
    (tmp_path / "credentials").write_text(JSON)
    assert keyfiles.from_either("user_credentials", str(tmp_path / "credentials")) == CONTENT


@given(st.text() | st.binary() | st.none() | st.integers() | st.text().map(lambda text: "{" + text))
def test_whatever_is_given_the_fault_is_a_wrong_argument(value):
    for read in (keyfiles.from_text, keyfiles.from_file, keyfiles.from_either):
        with contextlib.suppress(InvalidArgument):
            assert isinstance(read("keyfile_dict", value), dict)
