"""The servers and channels these tests talk to. Holds no assertion."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.capture_store import CaptureStore
from notifications.govuk_notify import NotifyEmail, NotifySettings, NotifySms
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from notifications.twilio_sms import TwilioChannel, TwilioSettings
from tests.notifications.mail_server import MailServer
from tests.notifications.notify_server import EMAIL_ID, KEY, SMS_ID, NotifyServer
from tests.notifications.samples import DOMAIN, now
from tests.notifications.twilio_server import ACCOUNT, TOKEN, TwilioServer


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def mail_server(free_port: int) -> Iterator[MailServer]:
    server = MailServer(free_port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp(mail_server: MailServer) -> Iterator[SmtpChannel]:
    settings = SmtpSettings("127.0.0.1", DOMAIN, mail_server.port, security=Security.NONE, timeout_seconds=5)
    channel = SmtpChannel(settings, now)
    yield channel
    channel.close()


@pytest.fixture
def twilio_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = TwilioServer()
    server.start()
    yield server
    server.stop()


def twilio_settings(server: TwilioServer, **changes: str) -> TwilioSettings:
    facts = {"auth_token": TOKEN, "sender": "+447700900999", "base_url": server.base_url} | changes
    return TwilioSettings(ACCOUNT, **facts, status_url="https://council.example/webhooks/twilio/", timeout_seconds=5)


@pytest.fixture
def twilio(twilio_server: TwilioServer) -> Iterator[TwilioChannel]:
    channel = TwilioChannel(twilio_settings(twilio_server))
    yield channel
    channel.close()


@pytest.fixture
def notify_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = NotifyServer()
    server.start()
    yield server
    server.stop()


def notify_settings(server: NotifyServer, **changes: str) -> NotifySettings:
    facts = {"api_key": KEY, "sms_template_id": SMS_ID, "email_template_id": EMAIL_ID} | changes
    return NotifySettings(**facts, receipts=True, base_url=server.base_url, timeout_seconds=5)


@pytest.fixture
def notify_sms(notify_server: NotifyServer) -> Iterator[NotifySms]:
    channel = NotifySms(notify_settings(notify_server))
    yield channel
    channel.close()


@pytest.fixture
def notify_email(notify_server: NotifyServer) -> Iterator[NotifyEmail]:
    channel = NotifyEmail(notify_settings(notify_server))
    yield channel
    channel.close()


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    return CaptureStore(tmp_path / "outbox", now, DOMAIN, keep=5)
