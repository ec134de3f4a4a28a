"""SMTP encrypted: with a certificate we trust it sends, with any other it does not."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channel import Unavailable
from notifications.outcomes import Cause
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from tests.notifications.mail_server import MailServer, authenticate
from tests.notifications.samples import DOMAIN, email, now


@dataclass
class Certificate:
    file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return Certificate(pem, context)


@pytest.fixture
def starttls_server(free_port: int, certificate: Certificate) -> Iterator[MailServer]:
    server = MailServer(free_port, tls_context=certificate.context, require_starttls=True, authenticator=authenticate)
    server.start()
    yield server
    server.stop()


def channel_to(port: int, ca_file: str | None) -> SmtpChannel:
    settings = SmtpSettings(
        "127.0.0.1", DOMAIN, port, Security.STARTTLS, "ours", "right", timeout_seconds=5, ca_file=ca_file
    )
    return SmtpChannel(settings, now)


def test_a_trusted_server_gets_the_password_and_the_message_encrypted(
    starttls_server: MailServer, certificate: Certificate
) -> None:
    with closing(channel_to(starttls_server.port, str(certificate.file))) as channel:
        channel.send(email())
    assert len(starttls_server.mailbox.raw) == 1


def test_a_certificate_nobody_vouches_for_gets_nothing(starttls_server: MailServer) -> None:
    with pytest.raises(Unavailable) as caught:
        channel_to(starttls_server.port, None).send(email())
    assert caught.value.cause is Cause.OUR_SETTINGS
    assert starttls_server.mailbox.raw == []
