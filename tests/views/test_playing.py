"""A kept mail is answered on the outbox page as its receiver would, through the real way in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from notifications.capture import CaptureChannel
from notifications.capture_store import CaptureStore
from notifications.registry import Registry
from strategy import worker
from strategy.clock import now
from strategy.db import db, transaction
from strategy.models import Event, Inbound, Invitation, Message, ProposedWindow
from strategy.vocabulary import EventVerb, InboundKind, InboundState, InvitationState, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, LATER, convene
from tests.walking import Page, Walker


@pytest.fixture
def mail(app: Flask, browsers: None, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The police's invitation, booked and sent; it is some minutes later. Where its mail is answered."""
    monkeypatch.setitem(app.config, "CAPTURE_DIRECTORY", tmp_path / "outbox")
    store = CaptureStore(tmp_path / "outbox", now, "exampleshire.example")
    with transaction("tests", Via.COMMAND_LINE):
        convene(cast)
    capture = CaptureChannel(store.put)
    worker.tick(Registry(email=capture, sms=capture), BOOKED_AT)
    with time_machine.travel(LATER, tick=False):
        kept = next(one for one in store.newest() if one.kind == "email" and "police" in one.to)
        yield f"/outbox/{kept.id}/answer"


@pytest.fixture
def walker(client: FlaskClient, mail: str) -> Walker:
    """Somebody without an account, at that mail."""
    walker = Walker(client)
    walker.open("/outbox")
    walker.open(mail)
    return walker


def police() -> Invitation:
    db.session.rollback()  # a read of its own, not of what was read before
    return db.session.scalars(select(Invitation).where(Invitation.role == "police")).one()


def became(page: Page) -> str:
    found = re.search(r"What became of it (.*?) Answer as", page.words)
    assert found is not None, page.words
    return found.group(1)


def test_the_outbox_leads_to_the_buttons(client: FlaskClient, mail: str) -> None:
    assert f'href="{mail}"' in client.get("/outbox").text


def test_accept_is_the_answer_of_a_calendar(walker: Walker) -> None:
    page = walker.send("Accept")
    assert became(page).startswith("Calendar answer. Recorded: ")
    assert police().state is InvitationState.NAME_NEEDED
    assert [one.via for one in police().answers] == [Via.CALENDAR]


def test_decline_is_an_answer_and_tentative_is_none(walker: Walker) -> None:
    assert "no answer" in became(walker.send("Tentative"))
    assert police().answers == []
    assert became(walker.send("Decline")).startswith("Calendar answer. Recorded: ")
    assert police().state is InvitationState.DECLINED


def test_another_time_is_offered_to_the_convener(walker: Walker) -> None:
    page = walker.send("Propose another time", starts_at="2026-11-27T16:30")
    assert "Another time proposed. Recorded" in became(page)
    offered = db.session.scalars(select(ProposedWindow)).one()
    assert f"{offered.starts_at:%H:%M} to {offered.ends_at:%H:%M}" == "16:30 to 17:15"


def test_what_a_person_writes_back_comes_to_the_list_with_its_thread(walker: Walker) -> None:
    page = walker.send("Write back", words="Who is bringing the chronology?", name="Jo Sample")
    assert became(page).startswith("Written by a person. To read")
    kept = db.session.scalars(select(Inbound)).one()
    assert kept.kind is InboundKind.MESSAGE and kept.state is InboundState.TO_READ
    assert kept.invitation_id == police().id and kept.sender_name == "Jo Sample"
    assert kept.text is not None and kept.text.startswith("Who is bringing the chronology?")
    assert kept.message is not None and kept.message.name == "invite"


def test_the_same_press_twice_is_one_answer(walker: Walker, client: FlaskClient) -> None:
    form, _ = walker.page.form("Accept")
    for _ in range(2):
        walker.post(form.action, {**form.fields, "press": ["ACCEPTED"]})
    assert db.session.scalars(select(Event).where(Event.verb == EventVerb.ANSWERED)).one()
    assert "Recorded" in became(walker.page)


@pytest.mark.parametrize(
    ("press", "typed", "words"),
    [
        ("Propose another time", {}, "Enter the date and time you propose"),
        ("Write back", {}, "Enter what they write"),
        ("Accept", {"name": ""}, "Enter a name"),
    ],
)
def test_what_is_missing_stands_at_its_field(walker: Walker, press: str, typed: dict[str, str], words: str) -> None:
    assert words in walker.send(press, typed).words
    assert db.session.scalars(select(Inbound)).all() == []


def test_a_mail_without_buttons_takes_words_alone(walker: Walker, mail: str, client: FlaskClient) -> None:
    """A button that is not there cannot be pressed by hand either."""
    assert "Press one of the buttons" in walker.post(mail, {"press": ["SOMETHING"], "name": ["Jo"]}).words
    assert db.session.scalars(select(Message).where(Message.name == "confirmation")).all() == []


def test_where_messages_really_go_out_nothing_can_be_played(
    app: Flask, client: FlaskClient, mail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CAPTURING", False)
    assert client.get(mail).status_code == 404
    assert client.post(mail, data={"press": "ACCEPTED", "name": "Jo"}).status_code == 404


@pytest.mark.parametrize("kept_as", ["nothing", "20261127T125000000000-00000000-00000000"])
def test_an_unknown_mail_is_not_found(client: FlaskClient, mail: str, kept_as: str) -> None:
    assert client.get(f"/outbox/{kept_as}/answer").status_code == 404
