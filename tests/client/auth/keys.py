"""Credential files as Google writes them, with secrets that no test may ever see again."""

from __future__ import annotations

import functools
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

REFRESH_TOKEN = "1//canary-refresh-token"
CLIENT_SECRET = "GOCSPX-canary-client-secret"
SUBJECT_TOKEN = "canary-subject-token"
ROBOT = "robot@their-project.iam.gserviceaccount.com"


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key() -> bytes:
    return (
        rsa_key().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def key_lines() -> list[str]:
    return [line for line in pem(rsa_key()).splitlines() if not line.startswith("-----")]


def service_account(**changes: Any) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "their-project",
        "private_key_id": "abc123",
        "private_key": pem(rsa_key()),
        "client_email": ROBOT,
        "token_uri": "https://oauth2.googleapis.com/token",
        **changes,
    }


def earthengine_user(**changes: Any) -> dict[str, Any]:
    return {"refresh_token": REFRESH_TOKEN, "project": "users-project", **changes}


def gcloud_user(**changes: Any) -> dict[str, Any]:
    return {
        "type": "authorized_user",
        "client_id": "some-client",
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
        "quota_project_id": "quota-project",
        **changes,
    }


def workload(**changes: Any) -> dict[str, Any]:
    return {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": "/var/run/token"},
        **changes,
    }


def secrets() -> list[str]:
    """Everything that must not be seen."""
    return [*key_lines(), REFRESH_TOKEN, CLIENT_SECRET, SUBJECT_TOKEN, "canary"]
