"""Wild 26: callbacks of both providers as they come: signed, behind a proxy, early, twice, and from strangers."""

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from notifications.govuk_notify import NotifySettings, NotifySms
from notifications.messages import Sms
from notifications.notify_receipts import NotifyReceipts
from notifications.twilio_sms import TwilioChannel, TwilioReceipts, TwilioSettings
from strategy.commands.sending import wire_id
from strategy.db import db, transaction
from strategy.models import Message
from strategy.vocabulary import MessageChannel, MessageState, Via
from tests.notifications import notify_server, twilio_server
from tests.notifications.notify_server import CALLBACK_TOKEN, NotifyServer
from tests.notifications.twilio_server import TOKEN, Callback, TwilioServer, signed

TEXT = "Someone is needed at 3:30pm"
STATUS_URL = "https://sd.example/webhooks/twilio/status"


@pytest.fixture
def receiving(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application knows the providers' secrets."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setitem(app.config, "TWILIO_RECEIPTS", TwilioReceipts(TOKEN))
    monkeypatch.setitem(app.config, "NOTIFY_RECEIPTS", NotifyReceipts(CALLBACK_TOKEN))


@pytest.fixture
def text(convened: int, receiving: None) -> int:
    """A text of the discussion, taken over by a provider. Its id."""
    found = db.session.query(Message).filter_by(discussion_id=convened, channel=MessageChannel.SMS).first()
    assert found is not None
    with transaction("tests", Via.COMMAND_LINE):
        message = db.session.get_one(Message, found.id)
        message.attempt = 1
        return message.id


@pytest.fixture
def twilio(text: int) -> Iterator[TwilioServer]:
    """Twilio, given that text by the real client."""
    server = TwilioServer()
    server.start()
    settings = TwilioSettings(
        twilio_server.ACCOUNT, TOKEN, sender="+447700900999", status_url=STATUS_URL, base_url=server.base_url
    )
    channel = TwilioChannel(settings)
    took_over(text, channel.send(Sms(wire_id(text), "+447700900123", TEXT)).reference)
    channel.close()
    yield server
    server.stop()


@pytest.fixture
def notify(text: int) -> Iterator[NotifyServer]:
    """GOV.UK Notify, given that text by the real client."""
    server = NotifyServer()
    server.start()
    settings = NotifySettings(notify_server.KEY, notify_server.SMS_ID, receipts=True, base_url=server.base_url)
    channel = NotifySms(settings)
    took_over(text, f"govuk-notify:{channel.send(Sms(wire_id(text), '+447700900123', TEXT)).reference}")
    channel.close()
    yield server
    server.stop()


def took_over(message_id: int, reference: str) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Message, message_id).reference = reference


def post(client: FlaskClient, callback: Callback) -> TestResponse:
    """As it comes in behind a proxy that speaks plain HTTP to us under a name of its own."""
    path = callback.url.removeprefix("https://sd.example")
    return client.post(path, data=callback.form, headers=callback.headers, base_url="http://10.0.0.7:5000")


def report(client: FlaskClient, callback: notify_server.Callback | None, **headers: str) -> TestResponse:
    assert callback is not None
    return client.post("/webhooks/notify", json=callback.body, headers=callback.headers | headers)


def state_of(message_id: int) -> MessageState:
    db.session.rollback()
    return db.session.get_one(Message, message_id).state


def test_twilio_reports_a_text_delivered(client: FlaskClient, twilio: TwilioServer, text: int) -> None:
    for status in ("delivered", "queued", "sent", "delivered"):
        answer = post(client, twilio.callback(status))
        assert (answer.status_code, answer.data) == (204, b"")
        assert "Set-Cookie" not in answer.headers
    assert state_of(text) is MessageState.DELIVERED


def test_twilio_reports_in_its_codes_and_staff_read_a_sentence(
    client: FlaskClient, twilio: TwilioServer, text: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert post(client, twilio.callback("undelivered", "30003")).status_code == 204
    assert state_of(text) is MessageState.BOUNCED
    assert db.session.get_one(Message, text).problem == "The phone was switched off or out of reach (30003)"
    assert f"message {text}: twilio reports bounced" in caplog.text
    assert "900123" not in caplog.text


def test_only_what_twilio_signed_for_the_address_it_was_given_counts(
    client: FlaskClient, twilio: TwilioServer, text: int
) -> None:
    true = twilio.callback("delivered")
    elsewhere = true.url.replace("sd.example", "10.0.0.7:5000").replace("https", "http")
    for signature in ("", "sausage", signed(true.url, true.form, "another"), signed(elsewhere, true.form)):
        assert post(client, Callback(true.url, true.form, signature)).status_code == 403
    changed = Callback(true.url, true.form | {"MessageStatus": "failed"}, true.signature)
    assert post(client, changed).status_code == 403
    assert state_of(text) is MessageState.SENT


def test_a_receipt_about_nothing_of_ours_is_harmless(client: FlaskClient, twilio: TwilioServer, text: int) -> None:
    for wire in ("m999999", "m0", "sausage", "m18446744073709551616"):
        url, form = f"{STATUS_URL}/{wire}", twilio.callback("failed").form | {"MessageSid": "SM-unknown"}
        assert post(client, Callback(url, form, signed(url, form))).status_code == 204
    assert post(client, Callback(url, {"a": "b"}, signed(url, {"a": "b"}))).status_code == 204
    assert state_of(text) is MessageState.SENT


def test_notify_reports_a_text_delivered_and_twice_is_once(
    client: FlaskClient, notify: NotifyServer, text: int
) -> None:
    for _ in range(2):
        answer = report(client, notify.callback())
        assert (answer.status_code, answer.data) == (204, b"")
    assert state_of(text) is MessageState.DELIVERED


def test_notify_reports_a_failure_in_its_words_and_staff_read_a_sentence(
    client: FlaskClient, notify: NotifyServer, text: int
) -> None:
    assert report(client, notify.callback("permanent-failure")).status_code == 204
    assert state_of(text) is MessageState.BOUNCED
    found = db.session.get_one(Message, text).problem or ""
    assert found.endswith("its network refuses our texts (permanent-failure)")


def test_without_the_token_nothing_is_believed_and_a_stranger_learns_nothing(
    client: FlaskClient, notify: NotifyServer, text: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bearer in ("", "Bearer", "Bearer wrong", CALLBACK_TOKEN):
        answer = report(client, notify.callback(), Authorization=bearer)
        assert (answer.status_code, answer.data) == (403, b"")
    for secret in ("NOTIFY_RECEIPTS", "TWILIO_RECEIPTS"):
        monkeypatch.setitem(app.config, secret, type(app.config[secret])(""))
    assert report(client, notify.callback(), Authorization="Bearer ").status_code == 403
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    url = f"{STATUS_URL}/{wire_id(text)}"
    assert post(client, Callback(url, form, signed(url, form, ""))).status_code == 403
    assert state_of(text) is MessageState.SENT


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"id": 7}', '{"id": null}', "[" * 20_000, json.dumps({"a": {}})])
def test_what_notify_would_never_send_is_harmless(client: FlaskClient, receiving: None, body: str) -> None:
    headers = {"Authorization": f"Bearer {CALLBACK_TOKEN}"}
    assert client.post("/webhooks/notify", data=body, headers=headers).status_code == 204


def test_another_systems_receipt_from_a_shared_account_does_not_count(
    client: FlaskClient, notify: NotifyServer, text: int
) -> None:
    theirs = notify.callback("permanent-failure")
    assert theirs is not None
    theirs.body["id"] = "11111111-0000-4000-8000-000000000000"
    assert report(client, theirs).status_code == 204
    assert state_of(text) is MessageState.SENT


def test_strangers_are_slowed_down_and_providers_are_not(client: FlaskClient, notify: NotifyServer) -> None:
    for _ in range(20):
        assert report(client, notify.callback()).status_code == 204
    turned_away = [report(client, notify.callback(), Authorization="no").status_code for _ in range(125)]
    assert set(turned_away[:120]) == {403} and set(turned_away[120:]) == {429}


def test_the_doors_take_posts_alone_and_short_ones(client: FlaskClient, receiving: None) -> None:
    for path in ("/webhooks/notify", "/webhooks/twilio/status/m1"):
        assert client.get(path).status_code == 405
        assert client.post(path, data=b"x" * 70_000, content_type="application/json").status_code in (403, 413)
    long = {"MessageSid": "x" * 70_000}
    assert client.post("/webhooks/twilio/status/m1", data=long).status_code == 413
