"""Twilio's webhook for texts: signed or refused, kept once, answered with nothing; and the phones of the outbox."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the SDK ships no types
from werkzeug.test import TestResponse

from notifications.capture_store import CaptureStore
from notifications.messages import Sms
from notifications.twilio_sms import TwilioReceipts
from strategy.clock import now
from strategy.db import db
from strategy.models import Answer, Inbound, Invitation
from strategy.vocabulary import InboundKind, InboundState, InvitationState, MessageChannel
from tests.cast import Cast
from tests.notifications.twilio_server import ACCOUNT, TOKEN
from tests.texted import code

URL = "https://sd.example/webhooks/twilio/text"  # what Twilio was told, whatever a proxy makes of it
PHONE = "+447700900001"


@pytest.fixture
def twilio(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application as one that texts by Twilio."""
    monkeypatch.setitem(app.config, "TWILIO_TEXTS", TwilioReceipts(TOKEN))


@pytest.fixture
def number(convened: int, twilio: None) -> int:
    """The police desk's number for a discussion that is to come."""
    return code(police())


def form(body: str, sid: str = "SM" + "2" * 32, **more: str) -> dict[str, str]:
    """What Twilio posts for a text (twilio.com/docs/messaging/guides/webhook-request)."""
    return {
        "ToCountry": "GB",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "FromCountry": "GB",
        "To": "+441632960555",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": PHONE,
        "ApiVersion": "2010-04-01",
        "Body": body,
        **more,
    }


def post(client: FlaskClient, posted: dict[str, str], *, url: str = URL, token: str = TOKEN) -> TestResponse:
    """Post it, signed as Twilio signs."""
    signature = RequestValidator(token).compute_signature(url, posted)
    path = "/" + url.split("/", 3)[3]
    return client.post(path, data=posted, headers={"X-Twilio-Signature": signature})


def police() -> Invitation:
    db.session.rollback()
    return db.session.query(Invitation).filter_by(role="police").one()


def test_wild_22_and_26_a_signed_text_answers_the_invitation_and_is_answered_with_nothing(
    client: FlaskClient, number: int
) -> None:
    """In the wild, 22 and 26."""
    answer = post(client, form(f"A{number} Jo Sample"))
    assert answer.status_code == 200 and answer.mimetype == "text/xml"
    assert re.fullmatch(r"<\?xml[^>]*><Response></Response>", answer.text)
    assert (police().state, police().attendee_name) == (InvitationState.COMING, "Jo Sample")
    assert db.session.query(Answer).one().remote is not None


def test_the_same_text_again_changes_nothing(client: FlaskClient, number: int) -> None:
    assert [post(client, form(f"A{number}")).status_code for _ in range(2)] == [200, 200]
    db.session.rollback()
    assert db.session.query(Inbound).count() == db.session.query(Answer).count() == 1


@pytest.mark.parametrize("token", ["another-token", ""])
def test_an_unsigned_text_is_refused_and_not_kept(client: FlaskClient, number: int, token: str) -> None:
    assert post(client, form(f"A{number} Jo Sample"), token=token).status_code == 403
    assert client.post("/webhooks/twilio/text", data=form(f"A{number}")).status_code == 403
    assert police().state is InvitationState.INVITED and db.session.query(Inbound).count() == 0


def test_a_signature_for_another_address_or_other_words_is_none(client: FlaskClient, number: int) -> None:
    posted = form(f"A{number}")
    signature = RequestValidator(TOKEN).compute_signature(URL, posted)
    headers = {"X-Twilio-Signature": signature}
    assert (
        client.post("/webhooks/twilio/text", data=posted | {"Body": f"N{number}"}, headers=headers).status_code == 403
    )
    assert client.post("/webhooks/twilio/text?x=1", data=posted, headers=headers).status_code == 403


def test_an_address_with_a_query_is_signed_whole(client: FlaskClient, number: int) -> None:
    assert post(client, form(f"A{number}"), url=f"{URL}?from=main").status_code == 200


def test_where_no_text_provider_is_set_there_is_no_such_page(client: FlaskClient, cast: Cast) -> None:
    assert post(client, form("A47")).status_code == 404


def test_a_post_that_names_no_message_is_no_text(client: FlaskClient, number: int) -> None:
    nameless = {name: value for name, value in form("A47").items() if "Sid" not in name}
    assert post(client, nameless).status_code == 400


def test_where_nobody_could_read_it_twilio_keeps_it(client: FlaskClient, twilio: None) -> None:
    assert post(client, form("A47")).status_code == 503


@pytest.mark.parametrize("body", ["", "x" * 1600, "👍", "\x00A47", "A" * 500])
def test_whatever_is_in_it_is_kept(client: FlaskClient, number: int, body: str) -> None:
    assert post(client, form(body)).status_code == 200
    db.session.rollback()
    kept = db.session.query(Inbound).one()
    assert kept.text == body and kept.state in {InboundState.TO_READ, InboundState.NOTED}


def test_twilios_own_opt_out_is_taken_from_its_field(client: FlaskClient, number: int) -> None:
    post(client, form("ARRET", OptOutType="STOP"))
    db.session.rollback()
    assert db.session.query(Inbound).one().kind is InboundKind.OPT_OUT


@pytest.fixture
def kept(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CaptureStore:
    """A store of this test's own, where the outbox page looks."""
    monkeypatch.setitem(app.config, "CAPTURE_DIRECTORY", tmp_path / "outbox")
    return CaptureStore(tmp_path / "outbox", now, "exampleshire.example")


def test_the_outbox_answers_as_that_phone_through_the_same_door(
    client: FlaskClient, number: int, kept: CaptureStore
) -> None:
    kept.put(Sms(id="m1", to=PHONE, text=f"Reply A{number} yes"))
    page = client.get("/outbox").text
    assert "Reply as 07700 900001" in page and 'action="/outbox/texts"' in page
    sent = client.post("/outbox/texts", data={"phone": PHONE, "words": f"A{number}", "submission": "k1"})
    assert sent.status_code == 303 and police().state is InvitationState.NAME_NEEDED
    shown = client.get(sent.location).text
    assert "From this phone: " in shown and f"A{number}</p>" in shown and "accepted, nobody named yet" in shown
    client.post("/outbox/texts", data={"phone": PHONE, "words": "Jo Sample", "submission": "k2"})
    client.post("/outbox/texts", data={"phone": PHONE, "words": "Jo Sample", "submission": "k2"})  # sent twice
    assert police().attendee_name == "Jo Sample"
    assert db.session.query(Inbound).filter_by(channel=MessageChannel.SMS).count() == 2


def test_an_empty_reply_is_an_error_at_its_field(client: FlaskClient, number: int, kept: CaptureStore) -> None:
    kept.put(Sms(id="m1", to=PHONE, text="about K7QD"))
    kept.put(Sms(id="m2", to="+447700900002", text="about K7QD"))
    page = client.post("/outbox/texts", data={"phone": PHONE, "words": " ", "submission": "k1"}).text
    assert page.count("Write what this phone replies") == 2  # in the summary and at its one field
    assert 'href="#words"' in page and page.count('id="words"') == 1


def test_where_messages_really_go_out_nobody_plays_a_phone(
    app: Flask, client: FlaskClient, number: int, kept: CaptureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CAPTURING", False)
    data = {"phone": PHONE, "words": f"A{number}", "submission": "k1"}
    assert client.post("/outbox/texts", data=data).status_code == 404
    assert police().state is InvitationState.INVITED
