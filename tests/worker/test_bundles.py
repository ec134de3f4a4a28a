"""Bundles through the whole worker: one mail for several notices, each settled for itself."""

from datetime import timedelta

from sqlalchemy import select

from notifications.memory import MemoryChannel
from notifications.messages import Email
from strategy.commands import answers
from strategy.commands.answers import Reply
from strategy.db import db, transaction
from strategy.models import Desk, Discussion, Message
from strategy.vocabulary import MessageState, Response, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, STARTS_AT, convene, invited, link_act
from tests.worker.ticking import Tick

DESK = "mash@police.example"


def test_two_confirmations_are_one_mail_and_both_are_sent(
    discussion: Discussion, cast: Cast, tick: Tick, mails: MemoryChannel
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Desk, cast.police_desk.id).bundle_minutes = 30
        made = [convene(cast, BOOKED_AT, STARTS_AT + timedelta(days=day), f"C-{day}").id for day in (3, 4)]
    tick()
    before = [mail.to for mail in mails.sent].count(DESK)
    with transaction("tests", Via.COMMAND_LINE):
        for number in made:
            police = invited(db.session.get_one(Discussion, number), "police")
            answers.answer(
                police, Reply(Response.ATTEND, "Jo Sample", "DC"), link_act(BOOKED_AT + timedelta(minutes=1))
            )
    tick(BOOKED_AT + timedelta(minutes=20))
    assert [mail.to for mail in mails.sent].count(DESK) == before
    tick(BOOKED_AT + timedelta(minutes=31))
    assert [mail.to for mail in mails.sent].count(DESK) == before + 1
    assert [one.subject for one in mails.sent if isinstance(one, Email) and one.to == DESK][-1].startswith("2 notices")
    confirmations = select(Message).where(Message.name == "confirmation", Message.address == DESK)
    assert {one.state for one in db.session.scalars(confirmations)} == {MessageState.SENT}
