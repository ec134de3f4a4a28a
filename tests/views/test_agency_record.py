"""The signed record behind the second step: who gets it, what of it, and that the chair sees who opened it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import implicated, record
from strategy.commands.implicated import Whom
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import AccessEntry, Contribution, Discussion, Event, Message, RecordReading, User
from strategy.queries import reasons
from strategy.vocabulary import (
    Attendance,
    DecisionCode,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    Via,
)
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import ENDS_AT, STARTS_AT, invited, staff_act
from tests.views.stepping import CHILD, opened_at

AFTER = ENDS_AT + timedelta(hours=2)
SECRETS = ("Seen with a bruise.", "The neighbour drinks.", "Known to us for theft.")


@pytest.fixture
def signed(convened: int, identified: None, cast: Cast) -> Iterator[int]:
    """Held with police and health there and the school not, and signed an hour after; it is two hours after now."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        discussion.state, discussion.started_at, discussion.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
        act = staff_act(cast, ENDS_AT, chair=True)
        police, health = invited(discussion, "police"), invited(discussion, "health-0-19")
        police.attendance = health.attendance = Attendance.ATTENDED
        school = invited(discussion, "education")
        school.attendance, school.phone = Attendance.APOLOGIES, "+447700900077"
        record.share(health, SECRETS[0], act)
        record.share(health, SECRETS[1], act).third_party = True
        record.share(police, SECRETS[2], act).restricted = True
        record.decide(discussion, DecisionCode.THRESHOLD_MET, "Two bruises in a week.", act)
        record.add_action(discussion, police, "Visit the home", "Dee Sergeant", AFTER + timedelta(days=1), act)
        record.sign(discussion, staff_act(cast, ENDS_AT + timedelta(hours=1), chair=True))
    with time_machine.travel(AFTER, tick=False):
        yield convened


def _of(discussion_id: int, role: str) -> str:
    db.session.rollback()
    invitation = invited(db.session.get_one(Discussion, discussion_id), role)
    return f"/a/{keys().mail_token(invitation.id, invitation.generation)}"


def _told(discussion_id: int) -> dict[str, Message]:
    db.session.rollback()
    found = db.session.query(Message).filter_by(discussion_id=discussion_id, reason=MessageReason.RECORD)
    return {one.invitation.role: one for one in found if one.invitation is not None}


def test_who_was_there_or_concerned_is_told_without_a_word_of_it(signed: int) -> None:
    told = _told(signed)
    assert set(told) == {"police", "health-0-19"}  # the school was not required, did not come and said nothing
    for message in told.values():
        for secret in (*SECRETS, CHILD, "4471", "bruise", "Visit"):
            assert secret not in f"{message.subject} {message.text} {message.html}"
        assert reasons.gone(message, AFTER) is None
        assert reasons.gone(message, ENDS_AT + timedelta(days=9)) is not None


def test_behind_the_step_it_is_read_as_signed_without_others_restricted_parts(signed: int, client: FlaskClient) -> None:
    link = _of(signed, "police")
    assert client.get(f"{link}/record").location == f"{link}/who"
    assert "Read the record" in plain(client.get(link)) and "bruise" not in plain(client.get(link))
    assert "The record of this meeting" in plain(opened_at(client, link, AFTER))
    page = plain(client.get(f"{link}/record"))
    for words in ("Signed by", CHILD, SECRETS[0], SECRETS[2], "Two bruises in a week.", "Visit the home"):
        assert words in page
    assert SECRETS[1] not in page and "restricted or about somebody else too: information from" in page


def test_an_agency_reads_no_other_agencys_restricted_information(signed: int, client: FlaskClient) -> None:
    link = _of(signed, "health-0-19")
    opened_at(client, link, AFTER)
    page = plain(client.get(f"{link}/record"))
    assert SECRETS[0] in page and SECRETS[1] in page and SECRETS[2] not in page


def test_whoever_is_not_concerned_finds_nothing(signed: int, client: FlaskClient) -> None:
    link = _of(signed, "education")
    assert "The record" not in plain(opened_at(client, link, AFTER))
    assert client.get(f"{link}/record").location == f"{link}/about"
    assert "no record here" in markup(client.post(f"{link}/record/read", data={}))
    db.session.rollback()
    assert db.session.query(RecordReading).count() == 0


def test_the_referrer_reads_the_outcome_alone(signed: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        invited(db.session.get_one(Discussion, signed), "education").role = "referrer"
    link = _of(signed, "referrer")
    opened_at(client, link, AFTER)
    page = plain(client.get(f"{link}/record"))
    assert "Threshold of significant harm met" in page
    for secret in (*SECRETS, "Two bruises", "Visit the home"):
        assert secret not in page


def test_each_opening_is_by_name_and_the_chair_sees_who_opened_and_read_it(
    signed: int, client: FlaskClient, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    link, address = _of(signed, "police"), f"/discussions/{signed}/record"
    assert "Not opened" in plain(sign_in(cast.chair).get(address))
    opened_at(client, link, AFTER)
    client.get(f"{link}/record")
    assert client.post(f"{link}/record/read", data={}).status_code == 303
    assert "Read by Jo Sample, Detective Constable" in plain(client.get(f"{link}/record"))
    db.session.rollback()
    assert db.session.query(AccessEntry).filter_by(page="agency_record.shown").count() == 2
    assert "Jo Sample" in db.session.query(Event).filter_by(verb=EventVerb.RECORD_READ).one().text
    page = plain(sign_in(cast.chair).get(address)).split("Who gets it")[1]
    assert page.count("Jo Sample, Detective Constable") == 2 and "Not sent to" in page


def test_what_is_added_afterwards_stands_as_added_and_is_told_once_a_day(
    signed: int, client: FlaskClient, cast: Cast
) -> None:
    link = _of(signed, "police")
    opened_at(client, link, AFTER)
    client.post(f"{link}/record/read", data={})
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, signed)
        for words in ("Seen again.", "And again."):
            act = staff_act(cast, AFTER + timedelta(minutes=5), chair=True)
            record.share(invited(discussion, "health-0-19"), words, act)
    with time_machine.travel(AFTER + timedelta(minutes=9), tick=False):
        page = plain(client.get(f"{link}/record"))
    assert "Seen again." in page and "Added after signing" in page and "I have read the record" in page
    told = db.session.query(Message).filter_by(reason=MessageReason.RECORD).all()
    assert sum("/added:" in one.dedupe_key for one in told) == 4  # two agencies by mail and text, once


@pytest.mark.parametrize("how", ["withdrawn", "not-ours", "implicated"])
def test_it_is_closed_to_whoever_it_must_not_reach(how: str, signed: int, client: FlaskClient, cast: Cast) -> None:
    link = _of(signed, "police")
    opened_at(client, link, AFTER)
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, signed)
        if how == "implicated":
            implicated.name(discussion.contact, Whom(desk=cast.police_desk), "Reads it", staff_act(cast, AFTER))
        else:
            invited(discussion, "police").state = InvitationState(how)
    assert client.get(f"{link}/record").status_code == 303
    assert db.session.query(Contribution).count() == 3
