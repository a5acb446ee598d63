"""A clean environment, a Google on loopback, and connections as Airflow finds them in its environment."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow.sdk._shared.secrets_masker import _secrets_masker
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.hooks.lookup import log_missing
from tests.hooks.google import Google, google_on_loopback

Connect = Callable[..., None]


@pytest.fixture(autouse=True)
def _nothing_from_outside(tmp_path, monkeypatch):
    """No emulator, no project and no credentials but those that a test gives."""
    for name in (EMULATOR_VARIABLE, "GOOGLE_CLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.fixture(autouse=True)
def _nothing_said_before():
    """A process that has not said yet that a connection is missing."""
    log_missing.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_masked_before():
    """A masker that knows no secrets of other tests: those would hide this one's, and slow it down more and more."""
    _secrets_masker().reset_masker()


@pytest.fixture
def google() -> Iterator[Google]:
    with google_on_loopback() as google:
        yield google


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def key(google, private_key) -> dict[str, Any]:
    """The key file of a service account whose token endpoint is the Google on loopback."""
    return {
        "type": "service_account",
        "client_email": "robot@key-project.iam.gserviceaccount.com",
        "project_id": "key-project",
        "private_key_id": "1",
        "private_key": private_key,
        "token_uri": f"{google.url}/token",
    }


@pytest.fixture
def connect(monkeypatch) -> Connect:
    """Define an Airflow connection."""

    def define(conn_id: str = "earthengine_default", conn_type: str | None = "earthengine", **extras: Any) -> None:
        content = json.dumps({"conn_type": conn_type, "extra": extras})
        monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", content)

    return define
