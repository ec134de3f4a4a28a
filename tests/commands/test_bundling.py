"""Bundling: what is not urgent goes to a desk that asks for it in one mail, nothing is lost, and states stay true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strategy.act import Act, Refused
from strategy.commands import answers, board_links, bundling, claiming, directory_desks, messages, sending
from strategy.commands.answers import Reply
from strategy.commands.directory_desks import DeskEntry
from strategy.commands.sending import Outcome
from strategy.db import db
from strategy.models import Discussion, Invitation, Message, MessageAttempt
from strategy.queries import boards
from strategy.queries.outgoing import Outgoing
from strategy.vocabulary import MessageChannel, MessageReason, MessageState, Response, Via
from strategy.worker import speaking
from tests.cast import Cast
from tests.convened import BOOKED_AT, LATER, STARTS_AT, convene, invited, link_act, send_everything

HALF_AN_HOUR = timedelta(minutes=30)
DUE = LATER + HALF_AN_HOUR


def worker(at: object) -> Act:
    return Act(by="Strategy discussions", at=at, via=Via.WORKER)  # type: ignore[arg-type]  # a moment


@pytest.fixture
def three(discussion: Discussion, cast: Cast) -> list[Invitation]:
    """Three invitations of a police desk that asked for one mail in half an hour, all sent, none answered."""
    cast.police_desk.bundle_minutes = 30
    far = [convene(cast, BOOKED_AT, STARTS_AT + timedelta(days=day), f"C-{day}") for day in (3, 4, 5)]
    db.session.flush()
    send_everything(BOOKED_AT)
    return [invited(one, "police") for one in far]


def say(police: Invitation, minutes: int = 0, name: str = "Jo Sample") -> Message:
    """They will attend; the mail that confirms it."""
    act = link_act(LATER + timedelta(minutes=minutes))
    given = answers.answer(police, Reply(Response.ATTEND, name, "DC"), act)
    asked = db.session.query(Message).filter_by(dedupe_key=f"{police.id}/confirmation/answer:{given.id}/email")
    return asked.one()


def mails(at: object) -> list[Outgoing]:
    return [one for one in claiming.claim(100, worker(at)).outgoing if one.channel is MessageChannel.EMAIL]


def settle(one: Outgoing, outcome: Outcome) -> None:
    for each in (one, *one.others):
        assert sending.settle(each.id, each.attempt, outcome, worker(DUE))


def test_confirmations_wait_for_each_other_and_go_out_as_one(three: list[Invitation]) -> None:
    held = [say(police, minutes) for minutes, police in enumerate(three)]
    assert {one.not_before for one in held} == {DUE} and {one.waits_for for one in held} == {bundling.WHY}
    assert mails(DUE - timedelta(seconds=1)) == []
    (going,) = mails(DUE)
    assert [going.id, *(one.id for one in going.others)] == [one.id for one in held]
    mail = speaking.email(going, DUE)
    assert mail.subject.startswith("3 notices") and mail.html is None and "{" not in mail.text
    for police, one in zip(three, (going, *going.others), strict=True):
        assert police.discussion.reference in mail.text and one.path in mail.text


def test_each_stays_a_message_of_its_own_and_says_how_it_went(three: list[Invitation]) -> None:
    held = [say(police) for police in three]
    (going,) = mails(DUE)
    assert {one.state for one in held} == {MessageState.SENDING}
    settle(going, Outcome(state=MessageState.SENT, told=True, reference="r"))
    assert {one.state for one in held} == {MessageState.SENT} and {one.reference for one in held} == {"r"}
    notes = {one.outcome for one in db.session.query(MessageAttempt).filter_by(message_id=held[1].id)}
    assert notes == {"Sent, in one mail with others"}


def test_a_mail_that_comes_back_came_back_for_all_of_them(three: list[Invitation]) -> None:
    held = [say(police) for police in three]
    (going,) = mails(DUE)
    settle(going, Outcome(state=MessageState.SENT, told=True))
    sending.report(going.id, MessageState.BOUNCED, "No such mailbox", worker(DUE))
    assert {one.state for one in held} == {MessageState.BOUNCED}


def test_one_that_could_not_go_is_tried_again_with_all_of_them(three: list[Invitation]) -> None:
    held = [say(police) for police in three]
    (going,) = mails(DUE)
    later = DUE + timedelta(minutes=1)
    settle(going, Outcome(state=MessageState.QUEUED, problem="Busy", retry_at=later))
    assert {one.state for one in held} == {MessageState.QUEUED} and {one.bundle_id for one in held} == {None}
    (again,) = mails(later)
    assert len(again.others) == 2


def test_what_a_dead_sender_left_goes_out_again(three: list[Invitation]) -> None:
    held = [say(police) for police in three]
    mails(DUE)
    lapsed = DUE + claiming.LEASE + timedelta(seconds=1)
    claiming.free_lapsed(worker(lapsed))
    (again,) = mails(lapsed)
    assert {again.id, *(one.id for one in again.others)} == {one.id for one in held}


def test_a_reason_that_is_gone_drops_out_of_the_mail(three: list[Invitation]) -> None:
    first, second = say(three[0]), say(three[1])
    three[1].answered_at = LATER + timedelta(minutes=5)  # a later answer replaced it
    db.session.flush()
    (going,) = mails(DUE)
    assert (going.id, going.others) == (first.id, ())
    assert second.state is MessageState.VOIDED
    assert speaking.email(going, DUE).html is not None  # alone it is itself


def test_nothing_that_asks_for_something_or_is_urgent_waits(three: list[Invitation], discussion: Discussion) -> None:
    desk = messages.recipient_of(three[0])
    for name, reason in (("chase", MessageReason.CHASE), ("update", MessageReason.UPDATE)):
        queued = messages.queue(name, desk, three[0], reason, link_act(LATER), key="x")
        assert {one.not_before for one in queued} == {LATER}
    reason = MessageReason.CONFIRMATION
    now = messages.queue("confirmation", desk, three[0], reason, link_act(LATER), key="u", urgent=True)
    assert {one.not_before for one in now} == {LATER}


def test_what_is_about_a_meeting_soon_does_not_wait(three: list[Invitation], cast: Cast) -> None:
    soon = convene(cast, BOOKED_AT, DUE + timedelta(minutes=50), "C-soon")
    assert say(invited(soon, "police")).waits_for is None


def test_a_desk_that_did_not_ask_and_other_addresses_wait_for_nothing(three: list[Invitation], cast: Cast) -> None:
    three[0].email = "corrected@police.example"
    assert say(three[0]).waits_for is None
    cast.police_desk.bundle_minutes = None
    assert say(three[1]).waits_for is None


def test_the_one_mail_leads_to_the_desks_board(three: list[Invitation], cast: Cast) -> None:
    board = board_links.make(cast.police_desk, worker(LATER))
    send_everything(LATER)
    for police in three:
        say(police)
    mail = speaking.email(mails(DUE)[0], DUE)
    assert mail.text.count(boards.path(board.id, MessageChannel.EMAIL)) == 1


def test_a_desk_says_how_long_its_mails_may_wait(cast: Cast, discussion: Discussion) -> None:
    desk, act = cast.health_desk, worker(LATER)
    entry = DeskEntry(desk.name, desk.roles, desk.email, desk.phone, {"mon": "all day"})
    directory_desks.edit(desk, replace(entry, bundle_minutes=30), act)
    directory_desks.edit(desk, entry, act)  # an imported sheet says nothing of it
    assert desk.bundle_minutes == 30
    with pytest.raises(Refused) as refused:
        directory_desks.edit(desk, replace(entry, bundle_minutes=3), act)
    assert refused.value.field == "bundle_minutes"
    directory_desks.edit(desk, replace(entry, bundle_minutes=0), act)
    assert desk.bundle_minutes is None


def test_texts_do_not_wait(three: list[Invitation]) -> None:
    say(three[0])
    asked = db.session.query(Message).filter_by(invitation_id=three[0].id, name="confirmation")
    texts = asked.filter_by(channel=MessageChannel.SMS)
    assert [one.not_before for one in texts] == [LATER]


def test_what_was_put_back_is_gathered_again(three: list[Invitation]) -> None:
    held = [say(police) for police in three]
    (going,) = mails(DUE)
    claiming.put_back([going], worker(DUE))
    db.session.expire_all()
    assert {(one.state, one.attempt) for one in held} == {(MessageState.QUEUED, 0)}
    assert len(mails(DUE)[0].others) == 2
