"""What follows for a role that was not there: chased, excused, explained; and what goes out at the end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import absences, answers, holding, record
from strategy.commands.answers import Reply
from strategy.commands.holding import Ending
from strategy.db import db
from strategy.models import CallTask, Chase, Discussion, Message
from strategy.vocabulary import (
    Attendance,
    CallState,
    ChaseKind,
    DiscussionState,
    MessageReason,
    MessageState,
    Response,
    Via,
)
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, HERE, present


def _after(role: str, discussion: Discussion) -> Chase | None:
    invitation = asked(discussion, role)
    return db.session.scalar(select(Chase).where(Chase.invitation_id == invitation.id, Chase.kind == ChaseKind.AFTER))


@pytest.fixture
def without_police(running: Discussion, cast: Cast) -> Discussion:
    """Held; the police were required and did not come."""
    present(running, cast, "chair", "social-worker", "health-0-19")
    ending = replace(
        ENDING, rest_did_not_attend=True, without_quorum_reason="Urgent", follow_up_at=END + timedelta(days=3)
    )
    holding.finish(running, ending, at(END, cast))
    return running


def test_chasing_turns_from_before_to_those_who_did_not_come(without_police: Discussion) -> None:
    kinds = set(db.session.scalars(select(Chase.kind)))
    assert kinds == {ChaseKind.AFTER}
    assert _after("police", without_police) is not None
    assert _after("health-0-19", without_police) is None


@pytest.mark.parametrize("attendance", [Attendance.APOLOGIES, Attendance.REPORT_ONLY])
def test_whoever_sent_word_is_not_asked_why_nobody_came(
    running: Discussion, cast: Cast, attendance: Attendance
) -> None:
    present(running, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(running, "police"), attendance, at(STARTS, cast))
    holding.finish(running, _without_quorum(STARTS, END), at(END, cast))
    assert _after("police", running) is None
    assert asked(running, "police").absence_reason is None


def _say(discussion: Discussion, role: str, response: Response, reason_code: str | None = None) -> None:
    act = Act(by="Jo Sample", at=STARTS - timedelta(hours=1), via=Via.LINK)
    answers.answer(asked(discussion, role), Reply(response, "Jo Sample", "DC", reason_code=reason_code), act)


@pytest.mark.parametrize(("reported", "recorded"), [(True, Attendance.REPORT_ONLY), (False, Attendance.APOLOGIES)])
def test_the_rest_are_recorded_by_what_they_had_answered(
    cast: Cast, writing: None, reported: bool, recorded: Attendance
) -> None:
    discussion = booked(cast)
    police, health = asked(discussion, "police"), asked(discussion, "health-0-19")
    _say(discussion, "police", Response.CANNOT_ATTEND, "no-capacity")
    _say(discussion, "health-0-19", Response.REPORT_ONLY)
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, "chair", "social-worker")
    if reported:
        record.share(health, "Weight steady since August", at(STARTS, cast))
    holding.finish(discussion, _without_quorum(STARTS, END), at(END, cast))
    assert (police.attendance, police.absence_reason) == (Attendance.APOLOGIES, "no-capacity")
    assert (health.attendance, health.absence_reason) == (recorded, None)
    assert _after("police", discussion) is None and _after("health-0-19", discussion) is None


def test_an_apology_that_is_tapped_keeps_the_reason_given_before(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    _say(discussion, "police", Response.CANNOT_ATTEND, "no-capacity")
    holding.start(discussion, at(STARTS, cast))
    police = asked(discussion, "police")
    holding.mark(police, Attendance.APOLOGIES, at(STARTS, cast))
    assert police.absence_reason == "no-capacity"
    holding.mark(police, Attendance.APOLOGIES, at(STARTS, cast), reason=None)
    assert police.absence_reason is None


def _held(cast: Cast, began: datetime, told: datetime) -> Discussion:
    """Held from then on for half an hour by chair and social worker alone, asked at that moment."""
    discussion = booked(cast, when=told)
    holding.start(discussion, at(began, cast), early=True)
    for role in ("chair", "social-worker"):
        holding.mark(asked(discussion, role), Attendance.ATTENDED, at(began, cast))
    ended = began + timedelta(minutes=30)
    holding.finish(discussion, _without_quorum(began, ended), at(ended, cast))
    return discussion


def _without_quorum(began: datetime, ended: datetime) -> Ending:
    return Ending(began, ended, "Urgent", ended + timedelta(days=3), rest_did_not_attend=True)


@pytest.mark.parametrize(
    ("began", "told", "reason"),
    [
        (STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2), "held-early"),
        (STARTS, STARTS - timedelta(minutes=2), "short-notice"),
    ],
)
def test_nobody_is_blamed_who_could_not_have_come(
    cast: Cast, writing: None, began: datetime, told: datetime, reason: str
) -> None:
    discussion = _held(cast, began, told)
    for role in ("police", "health-0-19"):
        assert asked(discussion, role).absence_reason == reason
        assert asked(discussion, role).absence_explained_at is not None
        assert _after(role, discussion) is None


def _unreached(discussion: Discussion) -> list[CallTask]:
    return [one for one in db.session.scalars(select(CallTask)) if "No message about it" in one.because]


def test_an_agency_no_message_reached_is_rung_and_not_chased(running: Discussion, cast: Cast) -> None:
    police = asked(running, "police")
    police.first_delivered_at, police.undeliverable = None, True
    present(running, cast, "chair", "social-worker", "health-0-19")
    holding.finish(running, _without_quorum(STARTS, END), at(END, cast))
    assert (police.absence_reason, _after("police", running)) == ("undelivered", None)
    (call,) = _unreached(running)
    assert (call.state, call.number) == (CallState.OPEN, police.phone)
    holding.mark(police, Attendance.ATTENDED, at(END, cast))
    assert call.state is CallState.VOIDED


def test_who_answered_by_phone_was_reached_though_nothing_arrived(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    asked(discussion, "police").first_delivered_at = None
    _say(discussion, "police", Response.ATTEND)
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, "chair", "social-worker", "health-0-19")
    holding.finish(discussion, _without_quorum(STARTS, END), at(END, cast))
    assert asked(discussion, "police").absence_reason is None
    assert _after("police", discussion) is not None
    assert _unreached(discussion) == []


def test_a_link_gives_no_reason_that_only_we_can_know(without_police: Discussion) -> None:
    police = asked(without_police, "police")
    for code in ("held-early", "not-invited"):
        with pytest.raises(Refused, match="from the list"):
            absences.explain(police, code, None, _by_link(END))
    assert police.absence_reason is None


def test_a_link_puts_its_own_words_right_until_the_record_is_signed(without_police: Discussion, cast: Cast) -> None:
    police = asked(without_police, "police")
    for code in ("no-capacity", "out-of-hours"):
        absences.explain(police, code, "We will ring", _by_link(END))
        assert police.absence_reason == code
    without_police.state = DiscussionState.SIGNED
    with pytest.raises(Refused, match="recorded already"):
        absences.explain(police, "no-capacity", None, _by_link(END))


@pytest.mark.parametrize("explained", [True, False])
def test_a_link_never_overwrites_what_staff_wrote_down(without_police: Discussion, cast: Cast, explained: bool) -> None:
    police, staff = asked(without_police, "police"), at(END, cast)
    absences.explain(police, "not-read", "By themselves", _by_link(END))
    if explained:
        absences.explain(police, "no-capacity", "Sergeant rings on Monday", staff)
    else:
        holding.mark(police, Attendance.APOLOGIES, staff, reason="no-capacity", note="Sergeant rings on Monday")
    with pytest.raises(Refused, match="01632 960123"):
        absences.explain(police, "undelivered", None, _by_link(END))
    assert (police.absence_reason, police.absence_note) == ("no-capacity", "Sergeant rings on Monday")


def test_a_note_of_ours_without_a_reason_stands_beside_theirs(without_police: Discussion, cast: Cast) -> None:
    police = asked(without_police, "police")
    holding.mark(police, Attendance.DID_NOT_ATTEND, at(END, cast), note="Rang twice")
    absences.explain(police, "no-capacity", "We will ring", _by_link(END))
    assert police.absence_note == "Rang twice\nWe will ring"


def _by_link(moment: datetime) -> Act:
    return Act(by="Jo Sample, DC", at=moment, via=Via.LINK)


def test_under_a_policy_without_the_reason_nobody_is_blamed_either(cast: Cast, writing: None) -> None:
    lines = cast.policy.text.splitlines(keepends=True)
    cast.policy.text = "".join(line for line in lines if not line.startswith("held-early"))
    discussion = _held(cast, STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2))
    assert asked(discussion, "police").absence_reason is None
    assert _after("police", discussion) is None


def test_an_absence_marked_after_the_end_of_one_held_early_is_excused_too(cast: Cast, writing: None) -> None:
    discussion = _held(cast, STARTS - timedelta(minutes=51), STARTS - timedelta(hours=2))
    police, later = asked(discussion, "police"), at(STARTS, cast)
    holding.mark(police, Attendance.APOLOGIES, later)
    holding.mark(police, Attendance.DID_NOT_ATTEND, later)
    assert police.absence_reason == "held-early"


def test_an_explained_absence_is_not_chased(without_police: Discussion, cast: Cast) -> None:
    police = asked(without_police, "police")
    for code in ("", "made-up"):
        with pytest.raises(Refused):
            absences.explain(police, code, None, at(END, cast))
    absences.explain(police, "no-capacity", "Sergeant to ring on Monday", at(END, cast))
    assert police.absence_explained_at == END
    assert _after("police", without_police) is None


def test_who_was_there_has_no_absence_to_explain(without_police: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="no absence"):
        absences.explain(asked(without_police, "health-0-19"), "no-capacity", None, at(END, cast))


def test_a_mark_put_right_afterwards_puts_quorum_right_and_ends_the_chase(
    without_police: Discussion, cast: Cast
) -> None:
    holding.mark(asked(without_police, "police"), Attendance.ATTENDED, at(END + timedelta(hours=1), cast))
    assert without_police.quorum_met is True
    assert asked(without_police, "police").arrived_at == STARTS
    assert _after("police", without_police) is None


def test_a_mark_is_not_taken_back_afterwards(without_police: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="was held"):
        holding.clear(asked(without_police, "police"), at(END, cast))


def test_invitations_not_sent_yet_are_dropped_and_actions_go_out_at_the_end(running: Discussion, cast: Cast) -> None:
    present(running, cast, *HERE)
    due = END + timedelta(days=1)
    act = at(STARTS + timedelta(minutes=20), cast)
    action = record.add_action(running, asked(running, "police"), "Interview the witness", "Dee Sergeant", due, act)
    sent = select(Message).where(Message.reason == MessageReason.ACTION)
    assert db.session.scalars(sent).all() == []
    holding.finish(running, ENDING, at(END, cast))
    db.session.expire_all()
    invites = db.session.scalars(select(Message).where(Message.reason == MessageReason.INVITE)).all()
    assert {message.state for message in invites} == {MessageState.VOIDED}
    messages = db.session.scalars(sent).all()
    assert {message.action_id for message in messages} == {action.id}
    assert {message.channel.value for message in messages} == {"email", "sms"}
    assert all("witness" not in message.text for message in messages)
