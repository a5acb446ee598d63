"""What a connection that breaks means: one that may hold the next time, or one that never will."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from airflow_provider_ee.client.errors import InsecureConnection, InvalidRequest, Transient
from airflow_provider_ee.client.http.base import connection_error
from airflow_provider_ee.client.rest import methods
from tests.client.auth import keys

LOOK = methods.operations_get("projects/p/operations/A")


@pytest.fixture
def untrusted(tmp_path):
    """The address of a server whose certificate nobody has signed."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(keys.rsa_key().public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(keys.rsa_key(), hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(keys.pem(keys.rsa_key()).encode() + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        context.wrap_socket(connection, server_side=True)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://localhost:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def test_a_certificate_that_is_not_trusted_is_an_error_at_once(driver, untrusted):
    with pytest.raises(InsecureConnection, match=r"(?i)certificate.*SSL_CERT_FILE"):
        driver.send(None, LOOK, endpoint=untrusted, transport=None)


def test_a_request_that_cannot_be_sent_as_it_is_is_an_error_at_once(driver):
    asked = []

    def handler(request):
        asked.append(request)
        raise httpx.LocalProtocolError("Illegal header value")

    with pytest.raises(InvalidRequest, match="Illegal header value"):
        driver.send(handler, LOOK)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("full"), False),
        (httpx.ProxyError("407"), False),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("cut"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_trouble_that_passes_knows_whether_anything_was_sent(error, sent):
    found = connection_error(error, LOOK)
    assert isinstance(found, Transient)
    assert found.sent is sent
