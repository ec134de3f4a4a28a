"""Mending invitations: adding, replacing, correcting, sending again, withdrawing, waiving."""

from datetime import timedelta

import pytest

from strategy.act import Refused
from strategy.commands import answers, exceptions, invitations, waiving
from strategy.commands.answers import Reply
from strategy.commands.inviting import Invitee
from strategy.db import db
from strategy.keys import digest, keys
from strategy.models import CallTask, Chase, Discussion, Message, Need
from strategy.vocabulary import (
    LADDERS,
    CallState,
    InvitationState,
    MessageState,
    Response,
    WithdrawReason,
)
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited, link_act, queued, send_everything, staff_act

LATER = BOOKED_AT + timedelta(minutes=20)


def _need(discussion: Discussion, role: str) -> Need:
    return next(need for need in discussion.needs if role in need.roles)


def _chases(discussion: Discussion, role: str) -> int:
    mine = (Chase.invitation_id == invited(discussion, role).id, Chase.kind.in_(LADDERS))
    return db.session.query(Chase).filter(*mine).count()


def test_one_more_can_be_invited(discussion: Discussion, cast: Cast) -> None:
    invitee = Invitee(role="health-0-19", required=False, person=cast.named_nurse)
    new = invitations.add(discussion, invitee, staff_act(cast, LATER))
    assert new in discussion.invitations
    assert {message.address for message in queued(new, "invite")} == {"nurse@health.example", "+447700900021"}


def test_nobody_is_invited_twice_in_one_role(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="already invited"):
        invitations.add(discussion, Invitee(role="police", required=True, desk=cast.police_desk), staff_act(cast))


def test_replacing_cancels_the_old_invitation_and_sends_a_new_one_with_a_link_of_its_own(
    discussion: Discussion, cast: Cast
) -> None:
    send_everything()
    old = invited(discussion, "police")
    sergeant = Invitee(role="police", required=True, person=cast.sergeant)
    new = invitations.replace(old, sergeant, staff_act(cast, LATER))
    assert old.state is InvitationState.WITHDRAWN
    assert old.replaced_by is new
    assert {message.calendar_method for message in queued(old, "cancel")} == {"CANCEL", None}
    assert new.token_hash != old.token_hash
    assert len(queued(new, "invite")) == 2
    assert _chases(discussion, "police") == 1
    with pytest.raises(Refused, match="withdrawn"):
        answers.answer(old, Reply(Response.ATTEND, "Jo", "DC"), link_act(LATER))


def test_replacing_somebody_with_themselves_is_refused(discussion: Discussion, cast: Cast) -> None:
    same = Invitee(role="police", required=True, desk=cast.police_desk)
    with pytest.raises(Refused, match="who is invited now"):
        invitations.replace(invited(discussion, "police"), same, staff_act(cast))
    assert invited(discussion, "police").state is InvitationState.INVITED


def test_correcting_sends_it_to_the_new_address_and_makes_the_old_link_worthless(
    discussion: Discussion, cast: Cast
) -> None:
    police = invited(discussion, "police")
    old_token = keys().token(police.id, police.generation)
    invitations.correct(police, "Duty@Police.Example", "07700 900 777", staff_act(cast, LATER))
    assert (police.email, police.phone) == ("Duty@police.example", "+447700900777")
    assert police.token_hash not in (None, digest(old_token))
    assert police.token_hash == digest(keys().token(police.id, police.generation))
    assert {message.address for message in queued(police, "invite")} == {"Duty@police.example", "+447700900777"}


def test_whoever_got_it_by_mistake_hears_so_and_keeps_no_diary_entry_and_no_detail(
    discussion: Discussion, cast: Cast
) -> None:
    police = invited(discussion, "police")
    send_everything()
    invitations.correct(police, "duty@police.example", police.phone, staff_act(cast, LATER))
    (mistaken,) = queued(police, "misdirected")
    assert (mistaken.address, mistaken.calendar_method) == ("mash@police.example", "CANCEL")
    assert mistaken.calendar_sequence == discussion.sequence + 1
    for detail in ("27 Nov", "3:30pm", "meet.example", "{link}", "Police"):
        assert detail not in f"{mistaken.subject} {mistaken.text} {mistaken.html}"


def test_a_desk_asked_in_two_roles_hears_that_one_of_them_stands(discussion: Discussion, cast: Cast) -> None:
    twice = Invitee(role="health-visitor", required=False, desk=cast.health_desk)
    second = invitations.add(discussion, twice, staff_act(cast))
    send_everything()
    invitations.withdraw(second, WithdrawReason.NOT_NEEDED, staff_act(cast, LATER))
    mail, text = queued(second, "cancel")
    for words in (mail.text, text.text):
        assert "the other stands" in words and "still needed" in words
        assert "no longer needed" not in words


def test_an_address_corrected_back_gets_an_entry_newer_than_the_cancelled_one(
    discussion: Discussion, cast: Cast
) -> None:
    """RFC 5546: a calendar ignores what is older than what it has, and would keep the entry cancelled."""
    police, numbers = invited(discussion, "police"), []
    for address in ("duty@police.example", "mash@police.example"):
        send_everything()
        invitations.correct(police, address, police.phone, staff_act(cast, LATER))
        mails = [one for one in db.session.query(Message).filter_by(invitation_id=police.id) if one.calendar_method]
        numbers += [(one.calendar_method, one.calendar_sequence) for one in mails if one.state is MessageState.QUEUED]
    assert sorted(numbers, key=lambda one: (one[1], one[0])) == [
        ("CANCEL", 1),
        ("REQUEST", 1),
        ("CANCEL", 2),
        ("REQUEST", 2),
    ]


def test_who_was_never_sent_anything_hears_of_no_mistake(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    invitations.correct(police, "duty@police.example", police.phone, staff_act(cast, LATER))
    assert not queued(police, "misdirected")


@pytest.mark.parametrize(
    ("email", "phone", "field"),
    [
        (None, None, "email"),
        ("not an address", None, "email"),
        (None, "12", "phone"),
        ("mash@police.example", "07700 900001", "email"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(
    discussion: Discussion, cast: Cast, email: str | None, phone: str | None, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        invitations.correct(invited(discussion, "police"), email, phone, staff_act(cast))
    assert refused.value.field == field


def test_wild_23_corrected_to_a_landline_alone_it_becomes_a_call(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    invitations.correct(police, None, "01632 960321", staff_act(cast, LATER))
    assert police.undeliverable
    task = db.session.query(CallTask).filter_by(invitation_id=police.id, state=CallState.OPEN).one()
    assert task.number == "+441632960321"


def test_sending_again_puts_it_into_the_outbox_once_more(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    police = invited(discussion, "police")
    assert not queued(police, "invite")
    invitations.resend(police, staff_act(cast, LATER))
    again = queued(police, "invite")
    assert len(again) == 2
    assert [message.calendar_sequence for message in again] == [0, None]  # the same diary entry, not a second one


def test_what_was_still_waiting_to_go_is_not_sent_twice(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    invitations.resend(police, staff_act(cast, LATER))
    assert len(queued(police, "invite")) == 2


def test_withdrawing_stops_the_chase_and_takes_it_out_of_their_diary(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    school = invited(discussion, "education")
    invitations.withdraw(school, WithdrawReason.NOT_NEEDED, staff_act(cast, LATER))
    assert school.state is InvitationState.WITHDRAWN
    assert school.withdrawn_at == LATER
    assert _chases(discussion, "education") == 0
    assert [message.calendar_method for message in queued(school, "cancel")] == ["CANCEL"]


def test_who_was_never_told_of_it_is_not_told_that_it_is_off(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    invitations.withdraw(police, WithdrawReason.CONFLICT, staff_act(cast, LATER))
    assert not queued(police, "cancel")
    assert {one.state for one in db.session.query(Message).filter_by(invitation_id=police.id)} == {MessageState.VOIDED}


def test_a_deputy_named_before_is_told_too(discussion: Discussion, cast: Cast) -> None:
    send_everything()
    police = invited(discussion, "police")
    answers.answer(police, Reply(Response.DEPUTY, "Jo", "DC", "Kim", "DS", "kim@police.example"), link_act(LATER))
    send_everything(LATER)
    invitations.withdraw(police, WithdrawReason.WRONG_ONE, staff_act(cast, LATER))
    assert "kim@police.example" in {message.address for message in queued(police, "cancel")}


def test_the_only_one_a_required_need_has_cannot_be_withdrawn_as_not_needed_before_the_chair_waives_it(
    discussion: Discussion, cast: Cast
) -> None:
    police = invited(discussion, "police")
    with pytest.raises(Refused, match="is required"):
        invitations.withdraw(police, WithdrawReason.NOT_NEEDED, staff_act(cast, LATER))
    waiving.waive(_need(discussion, "police"), "Police have confirmed in writing", staff_act(cast, chair=True))
    invitations.withdraw(police, WithdrawReason.NOT_NEEDED, staff_act(cast, LATER))
    assert police.state is InvitationState.WITHDRAWN


def test_the_chair_waives_a_need_which_ends_its_chase_and_says_who_did(discussion: Discussion, cast: Cast) -> None:
    need = _need(discussion, "police")
    assert _chases(discussion, "police") == 1
    waiving.waive(need, "Police have confirmed in writing", staff_act(cast, LATER, chair=True))
    assert (need.waived_at, need.waived_by) == (LATER, "Terry Example")
    assert _chases(discussion, "police") == 0
    assert _chases(discussion, "health-0-19") == 1


def test_nobody_but_a_chair_waives(discussion: Discussion, cast: Cast) -> None:
    need = _need(discussion, "police")
    with pytest.raises(Refused, match="Only the chair"):
        waiving.waive(need, "I would rather not wait", staff_act(cast))
    with pytest.raises(Refused, match="Only the chair"):
        waiving.waive(need, "No signed-in person at all", link_act(LATER))
    assert need.waived_at is None


def test_a_waiver_without_a_reason_is_refused(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="Say why"):
        waiving.waive(_need(discussion, "police"), "  ", staff_act(cast, chair=True))


def test_another_chair_takes_the_seat_and_with_it_the_signature(discussion: Discussion, cast: Cast) -> None:
    cast.leader.roles.extend(cast.chair.roles)
    old = invited(discussion, "chair")
    new = invitations.replace(old, Invitee("chair", required=True, user=cast.leader), staff_act(cast, LATER))
    assert (new.state, discussion.chair) == (InvitationState.COMING, cast.leader)
    with pytest.raises(Refused, match="may chair"):
        invitations.replace(new, Invitee("chair", required=True, user=cast.admin), staff_act(cast, LATER))
    seat = invited(discussion, "social-worker")
    invitations.replace(seat, Invitee("social-worker", required=True, user=cast.chair), staff_act(cast, LATER))
    assert discussion.social_worker is cast.chair


def test_the_chair_goes_ahead_without_somebody_required_beyond_the_quorum(discussion: Discussion, cast: Cast) -> None:
    new = invitations.add(discussion, Invitee(role="housing", required=True, desk=cast.school_desk), staff_act(cast))
    assert _chases(discussion, "housing") == 1
    for act, reason, words in (
        (staff_act(cast), "They are not needed", "Only the chair"),
        (staff_act(cast, chair=True), " ", "Say why"),
    ):
        with pytest.raises(Refused, match=words):
            waiving.release(new, reason, act)
    waiving.release(new, "They sent what they know", staff_act(cast, LATER, chair=True))
    assert _chases(discussion, "housing") == 0
    assert not new.required and new.state is InvitationState.INVITED
    assert (new.released_by, new.released_reason) == (cast.chair.full_name, "They sent what they know")


def test_a_need_of_the_quorum_is_waived_as_a_whole_not_by_one_invitation(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused, match="part of the quorum"):
        waiving.release(invited(discussion, "police"), "They cannot come", staff_act(cast, LATER, chair=True))


@pytest.mark.parametrize("role", ["chair", "social-worker"])
def test_whoever_authorised_its_emergency_exception_takes_no_seat_that_runs_it(
    discussion: Discussion, cast: Cast, role: str
) -> None:
    """Nobody excuses a discussion they then chair, or work on (domain section 4)."""
    cast.leader.roles.extend(cast.chair.roles)
    exceptions.grant(discussion, cast.leader, "Police have nobody until Monday", staff_act(cast, LATER, chair=True))
    seat = invited(discussion, role)
    with pytest.raises(Refused, match="Lee Leader authorised its emergency exception") as refused:
        invitations.replace(seat, Invitee(role, required=True, user=cast.leader), staff_act(cast, LATER, chair=True))
    assert refused.value.field == "invitee"
    assert (seat.state, discussion.chair, discussion.social_worker) == (
        InvitationState.COMING,
        cast.chair,
        cast.social_worker,
    )
