"""A discussion whose time passed: convener and chair are told, once for each time it was planned for."""

from datetime import datetime, timedelta

import pytest

from strategy.act import Act
from strategy.commands import changes, claiming, holding, unheld
from strategy.commands.changes import Occasion
from strategy.db import db
from strategy.models import Discussion, Event, Message
from strategy.queries import bookings, chasing, watch
from strategy.queries import unheld as unheld_queries
from strategy.vocabulary import Course, EventVerb, InvitationState, MessageChannel, MessageState, Mode, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, STARTS_AT, staff_act

WEEK = timedelta(days=7)


def _worker(moment: datetime) -> Act:
    return Act(by="The worker", at=moment, via=Via.WORKER)


def _notices() -> list[Message]:
    return db.session.query(Message).filter_by(name="not-held").order_by(Message.id).all()


def test_convener_and_chair_are_told_once(discussion: Discussion, cast: Cast) -> None:
    assert not unheld.tell(discussion.id, _worker(ENDS_AT - timedelta(minutes=1)))
    assert unheld.tell(discussion.id, _worker(ENDS_AT))
    assert not unheld.tell(discussion.id, _worker(ENDS_AT + WEEK))
    assert {one.user_id for one in _notices()} == {cast.social_worker.id, cast.chair.id}
    assert db.session.query(Event).filter_by(verb=EventVerb.TIME_PASSED).count() == 1
    for secret in ("Robin", "Zebedee", "4471"):
        assert not any(secret in f"{one.subject} {one.text} {one.html}" for one in _notices())


@pytest.mark.parametrize(("later", "texts"), [(timedelta(minutes=59), True), (timedelta(hours=2), False)])
def test_a_text_tells_of_it_only_within_the_hour(discussion: Discussion, later: timedelta, texts: bool) -> None:
    unheld.tell(discussion.id, _worker(ENDS_AT + later))
    assert (MessageChannel.SMS in {one.channel for one in _notices()}) is texts
    assert MessageChannel.EMAIL in {one.channel for one in _notices()}


def test_moved_and_passed_again_they_are_told_again(discussion: Discussion, cast: Cast) -> None:
    unheld.tell(discussion.id, _worker(ENDS_AT))
    to = Occasion(STARTS_AT + WEEK, ENDS_AT + WEEK, Mode.VIDEO, "https://meet.example/k7qd")
    changes.move(discussion, to, "no-chair", discussion.revision, staff_act(cast, ENDS_AT + timedelta(hours=1)))
    first = len(_notices())
    assert not unheld.tell(discussion.id, _worker(ENDS_AT + timedelta(hours=2)))
    assert unheld.tell(discussion.id, _worker(ENDS_AT + WEEK))
    assert len(_notices()) == 2 * first


@pytest.mark.parametrize("began", [True, False])
def test_what_was_held_or_stood_down_meanwhile_is_not_told_of(discussion: Discussion, cast: Cast, began: bool) -> None:
    unheld.tell(discussion.id, _worker(ENDS_AT))
    act = staff_act(cast, ENDS_AT + timedelta(seconds=20))
    if began:
        holding.start(discussion, act)
    else:
        changes.stand_down(discussion, "Not needed", discussion.revision, act)
    assert not unheld.tell(discussion.id, act)
    claiming.claim(1000, _worker(act.at))
    assert {one.state for one in _notices()} == {MessageState.VOIDED}


def test_what_would_be_told_is_foreseen(discussion: Discussion) -> None:
    foreseen = [one for one in chasing.owed(ENDS_AT, BOOKED_AT) if one["step"] == "tell that it was not held"]
    assert [(one["discussion"], one["at"]) for one in foreseen] == [(discussion.reference, "2026-11-27T16:15:00Z")]
    assert not any(one["step"] == "tell that it was not held" for one in chasing.owed(STARTS_AT, BOOKED_AT))


def test_with_everybody_named_it_still_needs_its_people_once_its_time_has_passed(
    discussion: Discussion, cast: Cast
) -> None:
    for one in discussion.invitations:
        one.state = InvitationState.COMING
    db.session.flush()
    (before,) = bookings.mine(cast.chair, STARTS_AT)
    (after,) = bookings.mine(cast.chair, ENDS_AT + WEEK)
    assert (before.outlook.course, before.needs_me) == (Course.ON_COURSE, False)
    assert (after.outlook.course, after.needs_me, after.waits_for()) == (Course.TIME_PASSED, True, [])
    assert [one.id for one in unheld_queries.listed(cast.authority.id, ENDS_AT)] == [discussion.id]
    assert not unheld_queries.listed(cast.outsider.authority_id, ENDS_AT)
    picture = watch.picture(cast.authority.id, ENDS_AT)
    assert [one.discussion.id for one in picture.unheld] == [discussion.id]
    assert picture.short == []


def test_a_discussion_that_was_not_held_keeps_nobody_safe_tonight(discussion: Discussion, cast: Cast) -> None:
    db.session.flush()
    assert watch.unsafe_tonight(cast.authority.id, STARTS_AT) == []
    assert [one.contact_id for one in watch.unsafe_tonight(cast.authority.id, ENDS_AT)] == [discussion.contact_id]
