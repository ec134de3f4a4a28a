"""Answers by calendar button: the same as on the page, without a name; whose they are is the entry's UID."""

from datetime import timedelta

import pytest

from strategy.commands import answers, changes
from strategy.commands.answers import Reply
from strategy.commands.changes import Occasion
from strategy.db import db
from strategy.models import Answer, Discussion, Event, Invitation, Message, ProposedWindow
from strategy.queries import inbound as queries
from strategy.vocabulary import EventVerb, InboundState, InvitationState, Mode, Response, Via
from tests.cast import Cast
from tests.convened import ENDS_AT, LATER, STARTS_AT, invited, link_act, queued, send_everything, staff_act
from tests.inbound_mail import calendar_answer, take_in

HOUR = timedelta(hours=1)


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    """The police desk's invitation, which went out."""
    send_everything()
    return invited(discussion, "police")


def _trail(invitation: Invitation) -> list[str]:
    told = db.session.query(Event).filter_by(invitation_id=invitation.id, verb=EventVerb.MAIL_CAME)
    return [event.text for event in told.order_by(Event.id)]


def test_an_accept_holds_the_place_and_still_needs_a_name(police: Invitation) -> None:
    kept = take_in(calendar_answer(police, "ACCEPTED")).kept
    assert (kept.state, kept.invitation, police.state) == (InboundState.APPLIED, police, InvitationState.NAME_NEEDED)
    given = police.answers[-1]
    assert (given.response, given.via, given.by_name) == (Response.DESK_ACCEPTED, Via.CALENDAR, "MASH desk")
    assert police.attendee_name is None and queued(police, "confirmation")


def test_wild_14_an_accept_without_sequence_organizer_or_case_of_the_uid_counts_too(police: Invitation) -> None:
    """In the wild, 14."""
    raw = calendar_answer(police, "ACCEPTED", sequence=None).replace(b"exampleshire\n", b"EXAMPLESHIRE\n")
    assert take_in(raw).kept.state is InboundState.APPLIED


def test_an_accept_after_somebody_is_named_takes_no_name_away(police: Invitation) -> None:
    answers.answer(police, Reply(Response.ATTEND, by_name="Jo Sample", by_role="DS"), link_act(LATER))
    kept = take_in(calendar_answer(police, "ACCEPTED")).kept
    assert (kept.state, police.state, police.attendee_name) == (InboundState.NOTED, InvitationState.COMING, "Jo Sample")
    assert _trail(police) == ["Police: accepted in their calendar, which was known"]


def test_a_decline_sends_nobody_and_its_comment_stays_off_every_message(police: Invitation) -> None:
    raw = calendar_answer(police, "DECLINED").replace(b"END:VEVENT", b"COMMENT:Court all day with Robin\r\nEND:VEVENT")
    take_in(raw)
    assert police.state is InvitationState.DECLINED and police.answers[-1].reason == "Court all day with Robin"
    assert not [one for one in db.session.query(Message) if "Robin" in one.text]
    assert not [one for one in db.session.query(Event) if "Robin" in one.text]


def test_wild_14_the_later_of_two_opposite_answers_counts_and_both_stay(police: Invitation) -> None:
    """In the wild, 14: they may share UID, SEQUENCE and DTSTAMP."""
    take_in(calendar_answer(police, "ACCEPTED"))
    take_in(calendar_answer(police, "DECLINED"), LATER + HOUR / 60)
    assert police.state is InvitationState.DECLINED
    assert [one.response for one in police.answers] == [Response.DESK_ACCEPTED, Response.CANNOT_ATTEND]


def test_the_same_mail_twice_is_one_answer(police: Invitation) -> None:
    raw = calendar_answer(police, "ACCEPTED")
    assert not take_in(raw).again
    assert take_in(b"Received: by another hop\n" + raw).again
    assert db.session.query(Answer).filter_by(invitation_id=police.id).count() == 1


def test_wild_7_an_answer_about_an_earlier_time_is_not_counted(
    cast: Cast, discussion: Discussion, police: Invitation
) -> None:
    """In the wild, 7."""
    occasion = Occasion(STARTS_AT + HOUR, ENDS_AT + HOUR, Mode.VIDEO, join_url="https://meet.example/k7qd")
    changes.move(discussion, occasion, "waiting-for-partner", discussion.revision, staff_act(cast, LATER))
    kept = take_in(calendar_answer(police, "ACCEPTED", sequence=0)).kept
    assert (kept.state, police.state) == (InboundState.NOTED, InvitationState.INVITED)
    assert take_in(calendar_answer(police, "ACCEPTED", sequence=1)).kept.state is InboundState.APPLIED


def test_tentative_is_no_answer(police: Invitation) -> None:
    kept = take_in(calendar_answer(police, "TENTATIVE")).kept
    assert (kept.state, police.state) == (InboundState.NOTED, InvitationState.INVITED)
    assert "the chase goes on" in _trail(police)[0]


def test_wild_14_an_answer_that_does_not_say_whose_it_is_waits_for_a_person(police: Invitation) -> None:
    """In the wild, 14: METHOD:REPLY without ATTENDEE."""
    lines = calendar_answer(police, "ACCEPTED").split(b"\n")
    kept = take_in(b"\n".join(line for line in lines if not line.startswith(b"ATTENDEE"))).kept
    assert (kept.state, kept.invitation, police.state) == (InboundState.TO_READ, police, InvitationState.INVITED)


def test_wild_4_whoever_it_was_forwarded_to_becomes_a_named_deputy(police: Invitation) -> None:
    """In the wild, 4."""
    raw = calendar_answer(police, "ACCEPTED", attendee="sam@other.example", sender="Sam Sample <sam@other.example>")
    take_in(raw)
    assert (police.state, police.attendee_name) == (InvitationState.DEPUTY, "Sam Sample")
    assert police.attendee_contact == "sam@other.example"
    take_in(calendar_answer(police, "DECLINED", attendee="sam@other.example"))
    assert police.state is InvitationState.DECLINED  # by the deputy, who is the one invited now


def test_whoever_it_was_forwarded_to_declines_for_nobody_else(police: Invitation) -> None:
    kept = take_in(calendar_answer(police, "DECLINED", attendee="sam@other.example")).kept
    assert (kept.state, police.state) == (InboundState.TO_READ, InvitationState.INVITED)


def test_another_time_is_offered_to_the_convener_and_is_no_answer(police: Invitation) -> None:
    times = (STARTS_AT + HOUR, ENDS_AT + HOUR)
    kept = take_in(calendar_answer(police, "TENTATIVE", method="COUNTER", times=times)).kept
    assert (kept.state, police.state) == (InboundState.APPLIED, InvitationState.INVITED)
    offered = db.session.query(ProposedWindow).one()
    assert (offered.starts_at, offered.ends_at, offered.by_name) == (*times, "MASH desk")
    assert queued(police, "convener")


def test_another_time_that_has_passed_waits_for_a_person(police: Invitation) -> None:
    times = (STARTS_AT - 24 * HOUR, ENDS_AT - 24 * HOUR)
    kept = take_in(calendar_answer(police, "TENTATIVE", method="COUNTER", times=times)).kept
    assert kept.state is InboundState.TO_READ and kept.effect.startswith("Could not be recorded: ")
    assert db.session.query(ProposedWindow).count() == 0


def test_a_calendar_that_asks_again_gets_the_invitation_again_but_not_at_once(police: Invitation) -> None:
    raw = calendar_answer(police, "NEEDS-ACTION", method="REFRESH")
    kept = take_in(raw, LATER - HOUR / 4).kept  # five minutes after it was sent
    assert kept.state is InboundState.NOTED and not queued(police, "invite")
    raw = calendar_answer(police, "NEEDS-ACTION", method="REFRESH", sender="Other <mash@police.example>")
    assert take_in(raw).kept.state is InboundState.APPLIED
    assert {one.address for one in queued(police, "invite")} == {police.email, police.phone}


def test_an_answer_after_the_start_waits_for_a_person(police: Invitation) -> None:
    kept = take_in(calendar_answer(police, "DECLINED"), STARTS_AT + HOUR / 6).kept
    assert (kept.state, kept.invitation) == (InboundState.TO_READ, police)
    assert "planned for 3:30pm" in kept.effect


def test_an_entry_of_nobody_is_kept_for_a_person(discussion: Discussion, police: Invitation) -> None:
    raw = calendar_answer(police, "ACCEPTED").replace(discussion.reference.encode() + b"-", b"ZZZZ-")
    kept = take_in(raw).kept
    assert kept.state is InboundState.TO_READ and kept.invitation is None
    assert list(queries.to_read(discussion.authority_id)) == [kept]
