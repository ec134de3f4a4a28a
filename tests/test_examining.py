"""The doctor on channels: each provider by itself, templates compared, who reports receipts. Nothing is sent."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from config import Settings, read
from notifications.registry import Registry
from strategy.app import channels_for
from strategy.serving import examining
from tests.notifications.notify_server import CALLBACK_TOKEN, EMAIL_ID, KEY, SMS_ID, NotifyServer
from tests.notifications.twilio_server import ACCOUNT, TOKEN, TwilioServer


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = TwilioServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyServer]:
    server = NotifyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(twilio: TwilioServer, notify: NotifyServer) -> Settings:
    """Two providers of texts; plain mail by Notify, and a mail server that nobody runs."""
    return read(
        {
            "STRATEGY_ENV": "test",
            "STRATEGY_SMS_CHANNEL": "twilio,govuk-notify",
            "STRATEGY_EMAIL_CHANNEL": "govuk-notify",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": "9",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": "+447700900999",
            "TWILIO_API_URL": twilio.base_url,
            "NOTIFY_API_KEY": KEY,
            "NOTIFY_SMS_TEMPLATE_ID": SMS_ID,
            "NOTIFY_EMAIL_TEMPLATE_ID": EMAIL_ID,
            "NOTIFY_API_URL": notify.base_url,
        }
    )


@pytest.fixture
def channels(settings: Settings) -> Iterator[Registry]:
    with closing(channels_for(settings)) as found:
        yield found


def test_the_doctor_asks_every_provider_of_every_channel(
    channels: Registry, twilio: TwilioServer, notify: NotifyServer
) -> None:
    found = [(one["what"], one["ok"], one["words"]) for one in examining.examine_channels(channels)]
    assert found == [
        ("email channel", False, "smtp: The mail server cannot be reached"),
        ("email channel", True, "govuk-notify answers: email template version 3"),
        ("text channel", True, "twilio answers"),
        ("text channel", True, "govuk-notify answers: sms template version 3"),
    ]
    assert (twilio.forms, notify.taken) == ([], [])


def test_the_doctor_says_what_is_wrong_with_a_template(channels: Registry, notify: NotifyServer) -> None:
    notify.templates[SMS_ID]["body"] = "((name)): ((body)) ((body))"
    notify.templates[SMS_ID]["personalisation"] = {"name": {}, "body": {}}
    last = examining.examine_channels(channels)[-1]
    assert (last["ok"], "must have the placeholders ((body)) and no others" in last["words"]) == (False, True)


def test_the_doctor_says_who_reports_what_arrived(settings: Settings) -> None:
    words = [one["words"] for one in examining.examine_receipts(settings)]
    assert words == ["twilio reports them", "none from govuk-notify: NOTIFY_CALLBACK_TOKEN is not set"]
    given = read(
        {
            "STRATEGY_ENV": "test",
            "STRATEGY_BASE_URL": "http://sd.example",
            "STRATEGY_SMS_CHANNEL": "twilio,govuk-notify",
            "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
        }
    )
    none, asked = [str(one["words"]) for one in examining.examine_receipts(given)]
    assert none == "none from twilio: STRATEGY_BASE_URL is no https:// address"
    assert "http://sd.example/webhooks/notify" in asked and CALLBACK_TOKEN not in asked
