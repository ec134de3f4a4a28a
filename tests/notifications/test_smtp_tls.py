"""SMTP encrypted: with a certificate we trust it sends, with any other it does not."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from notifications.channel import Unavailable
from notifications.outcomes import Cause
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from tests.notifications.certificates import Certificate, make_certificate
from tests.notifications.mail_server import MailServer, authenticate
from tests.notifications.samples import DOMAIN, email, now


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


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
