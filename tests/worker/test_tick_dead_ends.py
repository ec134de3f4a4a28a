"""The tick where something is dead: a channel, a sender, a row; nothing is lost and the others go on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from notifications.channel import Rejected, Unavailable
from notifications.memory import MemoryChannel
from notifications.messages import Email
from notifications.outcomes import Cause, Fault
from strategy.act import Act
from strategy.commands import claiming, sending
from strategy.db import db, transaction
from strategy.models import (
    CallTask,
    Chase,
    Desk,
    Discussion,
    Event,
    Invitation,
    Message,
)
from strategy.queries import rungs
from strategy.vocabulary import (
    ChaseKind,
    EventVerb,
    MessageState,
    StepKind,
    Via,
)
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited
from tests.worker.ticking import Tick, at, told


def test_unavailable_is_tried_again_later_and_arrives(discussion: Discussion, tick: Tick, mails: MemoryChannel) -> None:
    mails.fail_next(*[Unavailable(Fault(Cause.BUSY, "The mail server is busy.")) for _ in range(5)])
    first = tick()
    assert first["retried"] == 5
    tick(BOOKED_AT + timedelta(minutes=5))
    assert [mail.to for mail in mails.sent].count("mash@police.example") == 1
    assert all(message.state is MessageState.SENT for message in db.session.scalars(select(Message)))


def test_one_dead_channel_leaves_the_other_to_tell_them(
    discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    mails.dead["mash@police.example"] = Rejected(Fault(Cause.NO_SUCH_ADDRESS, "There is no such mailbox."))
    tick()
    assert not invited(discussion, "police").undeliverable
    assert db.session.scalar(select(CallTask)) is None


def test_a_phone_that_has_opted_out_is_marked_when_the_provider_says_so_and_its_convener_alarmed(
    cast: Cast, discussion: Discussion, tick: Tick, texts: MemoryChannel
) -> None:
    texts.dead["+447700900001"] = Rejected(Fault(Cause.OPTED_OUT, "That phone takes no texts from us."))
    tick()
    desk = db.session.get_one(Desk, cast.police_desk.id)
    assert desk.opted_out_at is not None
    verbs = [event.verb for event in db.session.scalars(select(Event))]
    assert EventVerb.TEXTS_STOPPED in verbs
    alarms = select(Message).where(
        Message.name == "convener", Message.invitation_id == invited(discussion, "police").id
    )
    assert db.session.scalars(alarms).all()


def test_two_dead_channels_ask_somebody_to_ring_tell_the_convener_and_climb(
    cast: Cast, discussion: Discussion, tick: Tick, mails: MemoryChannel, texts: MemoryChannel
) -> None:
    mails.dead["mash@police.example"] = Rejected(Fault(Cause.NO_SUCH_ADDRESS, "There is no such mailbox."))
    texts.dead["+447700900001"] = Rejected(Fault(Cause.NOT_A_MOBILE, "That number takes no texts."))
    tick()
    police = invited(discussion, "police")
    assert police.undeliverable and police.first_delivered_at is None
    call = db.session.scalars(select(CallTask).where(CallTask.invitation_id == police.id)).one()
    assert (call.for_user_id, call.number) == (cast.social_worker.id, "+447700900001")
    tick(BOOKED_AT + timedelta(seconds=30))
    assert "nobody" not in "".join(mail.subject for mail in mails.sent if isinstance(mail, Email))
    assert [mail.to for mail in mails.sent].count(cast.social_worker.email) == 2  # asked, and told of the failure
    tick(BOOKED_AT + timedelta(minutes=5))
    assert told(discussion, "police") == [(StepKind.RUNG, 1)]


def test_a_sender_killed_before_it_settled_loses_no_message(
    discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    with transaction("a worker that dies", Via.WORKER) as act:
        taken = claiming.claim(100, Act(by=act.by, at=BOOKED_AT, via=act.via))
    assert taken.outgoing
    tick(BOOKED_AT + timedelta(seconds=30))
    assert mails.sent == []  # still held by the one that died
    done = tick(BOOKED_AT + claiming.TURN + timedelta(seconds=1))
    assert done["freed"] == len(taken.outgoing)
    assert [mail.to for mail in mails.sent].count("mash@police.example") == 1


def test_a_sender_that_comes_back_too_late_changes_nothing(discussion: Discussion, tick: Tick) -> None:
    with transaction("a slow worker", Via.WORKER) as act:
        taken = claiming.claim(100, Act(by=act.by, at=BOOKED_AT, via=act.via))
    tick(BOOKED_AT + claiming.TURN + timedelta(seconds=1))
    first = taken.outgoing[0]
    failure = sending.Outcome(state=MessageState.FAILED, problem="Too late to matter.")
    with transaction("a slow worker", Via.WORKER) as act:
        assert not sending.settle(first.id, first.attempt, failure, act)
    assert db.session.get_one(Message, first.id).state is MessageState.SENT


def test_wild_19_a_poisoned_row_is_put_back_and_the_others_go_on(
    discussion: Discussion, tick: Tick, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tick()
    police = invited(discussion, "police").id
    right = rungs.holder

    def poisoned(invitation: Invitation, *rest: Any) -> Any:
        if invitation.id == police:
            raise RuntimeError("Robin Zebedee")
        return right(invitation, *rest)

    monkeypatch.setattr(rungs, "holder", poisoned)
    done = tick(at(13, 30))
    assert (done["climbed"], done["climbs_failed"]) == (1, 1)
    chase = db.session.scalars(select(Chase).where(Chase.invitation_id == police, Chase.kind == ChaseKind.BEFORE)).one()
    assert chase.failures == 1 and chase.due_at > at(13, 30)
    assert "RuntimeError" in caplog.text and "Zebedee" not in caplog.text
    assert told(discussion, "health-0-19") == [(StepKind.RUNG, 0)]
    monkeypatch.setattr(rungs, "holder", right)
    tick(at(13, 35))
    assert told(discussion, "police") == [(StepKind.RUNG, 0)]


def test_an_unforeseen_error_of_a_channel_is_tried_again_and_logged_by_name(
    discussion: Discussion, tick: Tick, mails: MemoryChannel, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(MemoryChannel):
        def send(self, message: Any) -> Any:
            raise KeyError("mash@police.example")

    mails.__class__ = Broken
    done = tick()
    assert done["retried"] > 0 and done["sent"] > 0
    assert "KeyError" in caplog.text and "police.example" not in caplog.text
