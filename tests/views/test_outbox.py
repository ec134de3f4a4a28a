"""The outbox page: what was kept instead of sent, shown so that anybody can play every partner."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from notifications.capture import CaptureChannel
from notifications.capture_store import CaptureStore
from notifications.messages import CalendarPart, Email, Sms
from notifications.registry import Registry
from strategy import worker
from strategy.clock import now
from strategy.db import transaction
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, convene

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
LINK = "https://sd.example/a/ABCDEFGHIJKLM"


@pytest.fixture
def kept(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CaptureStore:
    """A store of this test's own, where the application looks."""
    monkeypatch.setitem(app.config, "CAPTURE_DIRECTORY", tmp_path / "outbox")
    return CaptureStore(tmp_path / "outbox", now, "exampleshire.example")


def mail(subject: str = "Answer by 1:45pm (K7QD)", html: str = f"<html><head></head><p>{LINK}</p></html>") -> Email:
    return Email(
        id="m1",
        to="mash@police.example",
        to_name="MASH desk",
        sender="discussions@exampleshire.example",
        subject=subject,
        text=f"Answer on this page:\n\n{LINK}\n",
        html=html,
        calendar=CalendarPart("REQUEST", ICS),
    )


def text(words: str, to: str = "+447700900001", number: int = 2) -> Sms:
    return Sms(id=f"m{number}", to=to, text=words)


def test_an_empty_outbox_says_what_to_do_next(client: FlaskClient, kept: CaptureStore) -> None:
    page = client.get("/outbox")
    assert page.status_code == 200
    assert "No messages." in page.text and "Book a discussion" in page.text
    assert "Nothing on this page has left the building" in page.text


def test_texts_stand_as_conversations_by_phone_newest_first(client: FlaskClient, kept: CaptureStore) -> None:
    kept.put(text("first K7QD"))
    kept.put(text("other phone", to="+447700900002"))
    kept.put(text("second K7QD"))
    page = client.get("/outbox").text
    assert page.count(">07700 900001</h3>") == 1
    assert page.index("second K7QD") < page.index("first K7QD")


def test_links_in_texts_and_mails_can_be_clicked(client: FlaskClient, kept: CaptureStore) -> None:
    kept.put(text(f"Answer by 1:45pm:\n{LINK}\nK7QD 01632 960123"))
    kept.put(mail())
    page = client.get("/outbox").text
    assert page.count(f'href="{LINK}" target="_blank"') == 3  # in the text, above the mail and in it
    assert "(opens in a new tab)" in page


def test_the_reference_narrows_the_list(client: FlaskClient, kept: CaptureStore) -> None:
    kept.put(text("about K7QD"))
    kept.put(text("about M3RT"))
    page = client.get("/outbox?reference=m3rt").text
    assert "about M3RT" in page and "about K7QD" not in page
    assert "No messages with this reference" in client.get("/outbox?reference=ZZZZ").text


def test_what_a_message_says_is_shown_and_never_run(client: FlaskClient, kept: CaptureStore) -> None:
    kept.put(text("<script>alert(1)</script>"))
    kept.put(mail(subject="<img src=x onerror=alert(1)>"))
    page = client.get("/outbox").text
    assert "<script>alert" not in page and "<img src=x" not in page


def test_a_mail_opens_in_a_frame_that_runs_nothing(client: FlaskClient, kept: CaptureStore) -> None:
    kept.put(mail(html="<html><head></head><script>alert(1)</script></html>"))
    page = client.get("/outbox").text
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None and 'sandbox="' in frame.group() and "allow-scripts" not in frame.group()
    source = re.search(r'src="(/outbox/[^"]+)"', frame.group())
    assert source is not None
    shown = client.get(source.group(1))
    assert shown.status_code == 200 and "script-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]


def test_the_calendar_file_comes_byte_for_byte(client: FlaskClient, kept: CaptureStore) -> None:
    number = kept.put(mail())
    found = client.get(f"/outbox/{number}/invitation.ics")
    assert found.data == ICS
    assert found.content_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert found.headers["Content-Disposition"].startswith("attachment")


def test_the_whole_mail_can_be_taken_away(client: FlaskClient, kept: CaptureStore) -> None:
    number = kept.put(mail())
    assert client.get(f"/outbox/{number}/message.eml").data == kept.eml(number)


@pytest.mark.parametrize("path", ["mail.html", "invitation.ics", "message.eml"])
@pytest.mark.parametrize("number", ["nothing", "20261127T125000000000-00000000", "..%2Fx"])
def test_an_unknown_message_is_not_found(client: FlaskClient, kept: CaptureStore, path: str, number: str) -> None:
    assert client.get(f"/outbox/{number}/{path}").status_code == 404


def test_a_text_has_no_mail_page(client: FlaskClient, kept: CaptureStore) -> None:
    number = kept.put(text("about K7QD"))
    for path in ("mail.html", "invitation.ics", "message.eml"):
        assert client.get(f"/outbox/{number}/{path}").status_code == 404


def test_a_partner_can_be_played_from_booking_to_the_answer_page(
    client: FlaskClient, cast: Cast, kept: CaptureStore
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        reference = convene(cast).reference
    capture = CaptureChannel(kept.put)
    worker.tick(Registry(email=capture, sms=capture), BOOKED_AT)
    page = client.get(f"/outbox?reference={reference}").text
    assert "07700 900001, Exampleshire Police: MASH desk" in page
    link = re.search(r'href="https://sd\.example(/a/[A-Z2-7]{13})"', page)
    assert link is not None
    assert client.get(link.group(1)).status_code == 200


def test_where_messages_really_go_out_there_is_no_outbox(
    app: Flask, client: FlaskClient, kept: CaptureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = kept.put(mail())
    monkeypatch.setitem(app.config, "CAPTURING", False)
    for path in ("/outbox", f"/outbox/{number}/mail.html", f"/outbox/{number}/invitation.ics"):
        assert client.get(path).status_code == 404
