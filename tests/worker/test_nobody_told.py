"""A required agency that nobody has told: its convener hears of it, again later, and no more once somebody is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from notifications.channel import Sent, Unavailable
from notifications.memory import MemoryChannel
from notifications.outcomes import Cause, Fault
from strategy.commands import sending
from strategy.db import db, transaction
from strategy.models import Discussion, Event, Message, User
from strategy.queries import untold
from strategy.vocabulary import EventVerb, MessageState, News, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited

Tick = Callable[..., dict[str, Any]]
BUSY = Unavailable(Fault(Cause.BUSY, "The mail server asks us to try later."))


class Promising(MemoryChannel):
    """Says of every message that a receipt will follow, as Twilio does; none ever comes by itself."""

    def send(self, message: Any) -> Sent:
        return Sent(super().send(message).reference, receipt_follows=True)


@pytest.fixture
def mails() -> MemoryChannel:
    """Where the emails go; a receipt is to follow each."""
    return Promising()


@pytest.fixture
def texts() -> MemoryChannel:
    """Where the texts go; a receipt is to follow each."""
    return Promising()


def alarms(discussion: Discussion, role: str = "police") -> int:
    asked = select(Event).where(
        Event.verb == EventVerb.NOBODY_TOLD, Event.invitation_id == invited(discussion, role).id
    )
    return len(db.session.scalars(asked).all())


def arrive(discussion: Discussion, role: str, minute: int) -> None:
    """A receipt comes: the invitation by mail has arrived."""
    with transaction("tests", Via.WORKER) as act:
        invitation = invited(discussion, role)
        found = db.session.query(Message).filter_by(invitation_id=invitation.id, name="invite").first()
        assert found is not None
        sending.report(found.id, MessageState.DELIVERED, None, act)
    db.session.rollback()


def test_after_the_policys_minutes_without_a_receipt_nobody_is_told_and_the_convener_hears_of_it(
    cast: Cast, discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    tick()
    assert invited(discussion, "police").first_delivered_at is None
    assert tick(BOOKED_AT + timedelta(minutes=14))["untold"] == 0
    assert tick(BOOKED_AT + timedelta(minutes=15))["untold"] == 2  # police and health; the school is not required
    news = [mail for mail in mails.sent if mail.to == cast.social_worker.email and News.NOBODY_TOLD.words in mail.text]
    assert len(news) == 2
    assert alarms(discussion) == 1


def test_it_is_said_again_twice_as_late_each_time_and_never_in_between(discussion: Discussion, tick: Tick) -> None:
    said = {}
    for minute in range(0, 125, 5):
        tick(BOOKED_AT + timedelta(minutes=minute))
        said[minute] = alarms(discussion)
    grew = [minute for minute in said if minute and said[minute] > said[minute - 5]]
    assert grew == [15, 30, 60, 120]


def test_once_somebody_is_told_the_alarm_is_over(discussion: Discussion, tick: Tick) -> None:
    tick()
    arrive(discussion, "police", 10)
    tick(BOOKED_AT + timedelta(minutes=15))
    assert (alarms(discussion), alarms(discussion, "health-0-19")) == (0, 1)


def test_the_news_that_nobody_is_told_is_dropped_where_somebody_is_before_it_goes_out(
    discussion: Discussion, tick: Tick, mails: MemoryChannel
) -> None:
    tick()
    mails.fail_next(*[BUSY] * 20)
    tick(BOOKED_AT + timedelta(minutes=15))
    arrive(discussion, "police", 15)
    waiting = select(Message).where(Message.dedupe_key.contains(News.NOBODY_TOLD), Message.state == MessageState.QUEUED)
    about = invited(discussion, "police").id
    mine = [one.id for one in db.session.scalars(waiting) if one.invitation_id == about]
    assert mine
    tick(BOOKED_AT + timedelta(minutes=25))
    assert {db.session.get_one(Message, one).problem for one in mine} == {"Somebody has been told."}


def test_today_and_the_discussions_page_say_so_and_stop_saying_so(
    cast: Cast, discussion: Discussion, tick: Tick, sign_in: Callable[[User], FlaskClient]
) -> None:
    tick()
    with time_machine.travel(BOOKED_AT + timedelta(minutes=20), tick=False):
        browser = sign_in(cast.social_worker)
        assert "Nobody told" in browser.get("/").get_data(as_text=True)
        assert "Nobody told" in browser.get(f"/discussions/{discussion.id}").get_data(as_text=True)
    for role in ("police", "health-0-19"):
        arrive(discussion, role, 20)
    with time_machine.travel(BOOKED_AT + timedelta(minutes=20), tick=False):
        assert "Nobody told" not in browser.get("/").get_data(as_text=True)


def test_whoever_is_not_required_or_has_answered_or_started_raises_no_alarm(discussion: Discussion, tick: Tick) -> None:
    tick()
    late = BOOKED_AT + timedelta(minutes=20)
    roles = {one.role for one in untold.listed(late)}
    assert roles == {"police", "health-0-19"}
    assert untold.listed(discussion.starts_at) == []
