"""Pages of what came in: what waits to be read, one mail whole, dealt with and put back; for whom it exists."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from strategy.commands.sending import wire_id
from strategy.db import db, transaction
from strategy.models import Event, Inbound, Invitation, Message, User
from strategy.vocabulary import EventVerb, InboundState, MessageChannel, Via
from tests.cast import Cast
from tests.inbound_mail import automatic, take_in, written

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def came(convened: int) -> int:
    """The police desk wrote in words of their own. The mail's id."""
    with transaction("tests", Via.COMMAND_LINE):
        asked = db.session.query(Invitation).filter_by(discussion_id=convened, role="police").one()
        sent = db.session.query(Message).filter_by(invitation_id=asked.id, channel=MessageChannel.EMAIL).first()
        assert sent is not None
        raw = written(f"MASH desk <{asked.email}>", "Is it about Robin?", in_reply_to=wire_id(sent.id))
        kept = take_in(raw).kept.id
        take_in(automatic(f"MASH desk <{asked.email}>", "Back on Monday."))
    db.session.rollback()
    return kept


def test_what_waits_stands_on_today_and_is_read_whole(came: int, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.social_worker)
    assert "One mail from partners waits" in page.get("/").text
    listed = page.get("/inbound").text
    assert "Written by a person" in listed and "Automatic reply" in listed and "Robin" not in listed
    shown = page.get(f"/inbound/{came}").text
    assert "Is it about Robin?" in shown and "Record their answer" in shown
    raw = page.get(f"/inbound/{came}/message.eml")
    assert b"Is it about Robin?" in raw.data and raw.headers["Content-Disposition"].startswith("attachment")


def test_it_is_dealt_with_by_name_and_can_be_put_back(came: int, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.social_worker)
    done = page.post(f"/inbound/{came}", data={"submission": "once", "words": "Rang them."}, follow_redirects=True)
    assert "Dealt with" in done.text and "Nothing waits to be read" in done.text
    shown = page.get(f"/inbound/{came}").text
    assert "Rang them." in shown and cast.social_worker.full_name in shown
    page.post(f"/inbound/{came}/put-back", data={"submission": "twice"})
    db.session.rollback()
    assert db.session.get_one(Inbound, came).state is InboundState.TO_READ
    told = [one.text for one in db.session.query(Event).filter_by(verb=EventVerb.MAIL_CAME).order_by(Event.id)]
    assert told[-2:] == ["Police: their mail was read and dealt with", "Police: their mail is to be read again"]


def test_another_authority_finds_nothing_of_it(came: int, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.outsider)
    assert "Nothing waits to be read" in page.get("/inbound").text
    for address in (f"/inbound/{came}", f"/inbound/{came}/message.eml"):
        assert page.get(address).status_code == 404
    assert page.post(f"/inbound/{came}", data={"submission": "once"}).status_code == 404


def test_a_restricted_contact_hides_its_mail_too(came: int, convened: int, cast: Cast, sign_in: SignIn) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Inbound, came).discussion.contact.restricted = True  # type: ignore[union-attr]  # it has one
    page = sign_in(cast.social_worker)
    assert page.get(f"/inbound/{came}").status_code == 404
    assert "Nothing waits to be read" in page.get("/inbound").text
