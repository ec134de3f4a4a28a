"""An emergency exception, the follow-up owed, and its booking, through the pages."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.commands import holding, record
from strategy.db import begin_writing, db
from strategy.models import Discussion, User
from strategy.vocabulary import Attendance, DecisionCode, DiscussionKind, FollowUpState, QuorumOutcome, Waiting
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import HERE, present
from tests.views.table import get, local, post
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
NOW = STARTS + timedelta(minutes=50)


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def running(cast: Cast) -> Discussion:
    """A discussion the police did not come to."""
    begin_writing()
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, "chair", "social-worker", "health-0-19")
    holding.mark(asked(discussion, "police"), Attendance.DID_NOT_ATTEND, at(STARTS, cast))
    db.session.commit()
    return discussion


def read_again(discussion: Discussion) -> Discussion:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Discussion, discussion.id)


def end(browser: FlaskClient, discussion: Discussion, **typed: str) -> str:
    usual = {"started_at": local(STARTS), "ended_at": local(NOW), "authoriser": "0", "initiated_s47": "no"}
    return post(browser, f"/discussions/{discussion.id}/hold/finish", **(usual | typed)).get_data(as_text=True)


def test_it_ends_as_an_exception_stands_on_the_waiting_page_and_is_followed_up(
    running: Discussion, cast: Cast, sign_in: SignIn
) -> None:
    walker = Walker(sign_in(cast.chair))
    page = walker.open(f"/discussions/{running.id}/hold/finish")
    assert "emergency exception" in page.words
    page = walker.send(
        "Finish the discussion",
        authoriser=str(cast.leader.id),
        without_quorum_reason="Could not wait",
        initiated_s47="yes",
    )
    for words in (
        "Emergency exception",
        "Authorised by Lee Leader, Head of service",
        "Follow-up due",
        "Monday 30 November",
    ):
        assert words in page.words, words
    assert "Friday 18 December 2026" in page.words  # the conference
    assert "Follow-up discussions due (1)" in walker.open("/waiting").words
    walker.open(f"/discussions/{running.id}")
    walker.follow("Book a follow-up")
    page = walker.send("Continue")
    assert "It follows" in page.words
    page = walker.send("Continue")
    assert "Hold it by Monday 30 November 2026, 5pm" in page.words
    walker.send("Continue", mode="phone", slot="other", starts_at="2026-11-30T10:00", minutes="30")
    page = walker.send("Send invitations")
    db.session.rollback()
    second = db.session.scalars(select(Discussion).where(Discussion.kind == DiscussionKind.FOLLOW_UP)).one()
    assert (second.contact.state, second.contact.follow_ups[0].state) == (Waiting.HELD, FollowUpState.BOOKED)
    assert {one.role for one in second.invitations} >= {"police", "health-0-19", "chair", "social-worker"}
    assert "Booked tomorrow" in walker.open("/waiting").words or "Booked Mon 30 Nov" in walker.page.words
    page = walker.open(f"/discussions/{second.id}")
    assert "1 before, none after" in page.words and running.reference in page.words


def test_the_chairs_reason_without_an_exception_still_asks_for_a_date(
    running: Discussion, cast: Cast, sign_in: SignIn
) -> None:
    chair = sign_in(cast.chair)
    assert "Say when it is followed up" in end(chair, running, without_quorum_reason="Urgent")
    end(chair, running, without_quorum_reason="Urgent", follow_up_at=local(NOW + timedelta(days=2)))
    assert read_again(running).quorum_outcome is QuorumOutcome.NOT_MET


def test_an_exception_before_the_end_is_shown_and_taken_back(running: Discussion, cast: Cast, sign_in: SignIn) -> None:
    walker = Walker(sign_in(cast.chair))
    walker.open(f"/discussions/{running.id}")
    walker.follow("Go ahead as an emergency exception")
    page = walker.send("Record the exception", authoriser="0", reason="Urgent")
    assert "Choose the manager who authorises it" in page.words
    page = walker.send("Record the exception", authoriser=str(cast.leader.id), reason="Urgent")
    assert "on the authority of Lee Leader" in page.words
    walker.send("Take the exception back")
    assert read_again(running).exception is None
    assert sign_in(cast.social_worker).get(f"/discussions/{running.id}/exception").status_code == 403


def test_a_follow_up_is_said_not_to_be_needed_and_that_is_undone(
    running: Discussion, cast: Cast, sign_in: SignIn
) -> None:
    walker = Walker(sign_in(cast.chair))
    end(walker.client, running, authoriser=str(cast.leader.id), without_quorum_reason="Urgent")
    walker.open(f"/discussions/{running.id}")
    walker.follow("No follow-up is needed")
    page = walker.send("No follow-up is needed", reason="The family moved away")
    assert "No follow-up needed" in page.words
    assert "Follow-up discussions due" not in walker.open("/waiting").words
    walker.open(f"/discussions/{running.id}")
    walker.send("Undo: it is due after all")
    assert "Follow-up discussions due (1)" in walker.open("/waiting").words


def test_a_chair_puts_right_which_discussion_initiated_section_47(cast: Cast, sign_in: SignIn) -> None:
    begin_writing()
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, *HERE)
    holding.finish(discussion, holding.Ending(STARTS, NOW), at(NOW, cast))
    db.session.commit()
    walker = Walker(sign_in(cast.chair))
    walker.open(f"/contacts/{discussion.contact_id}")
    walker.follow("Put right which discussion initiated it")
    page = walker.send("Count the conference from it", discussion=str(discussion.id))
    assert "Say why this is put right" in page.words
    page = walker.send("Count the conference from it", discussion=str(discussion.id), reason="Forgotten at the end")
    assert "Friday 18 December 2026" in page.words
    assert sign_in(cast.social_worker).get(f"/contacts/{discussion.contact_id}/enquiry").status_code == 403


def test_a_late_one_has_its_reason_on_the_record_changeable_until_signed(cast: Cast, sign_in: SignIn) -> None:
    begin_writing()
    discussion = booked(cast)
    late = discussion.due_at + timedelta(hours=1)
    holding.start(discussion, at(late, cast))
    present(discussion, cast, *HERE)
    holding.finish(discussion, holding.Ending(late, late, late_reason="no-chair"), at(late, cast))
    record.decide(discussion, DecisionCode.NO_FURTHER_ACTION, "Nothing to do", at(late, cast))
    db.session.commit()
    with time_machine.travel(late + timedelta(minutes=5), tick=False):
        walker = Walker(sign_in(cast.chair))
        walker.open(f"/discussions/{discussion.id}/late-reason")
        page = walker.send("Save the reason", reason="late-transfer")
        assert "Late transfer" in page.words
        leader = sign_in(cast.leader)
        over_time = get(leader, "/leaders/over-time?from=2026-11-01&to=2026-12-31")
        assert "by the reason for our own delay" in over_time
        address = "/leaders/over-time/delays?from=2026-11-01&to=2026-12-31&reason="
        assert "Held late: Late transfer: 1" in get(leader, f"{address}late-transfer")
        assert leader.get(f"{address}no-such").status_code == 404


def test_the_agreement_has_its_page_and_is_asked_for_at_the_end(cast: Cast, sign_in: SignIn) -> None:
    begin_writing()
    discussion = booked(cast)  # by phone
    discussion.concerns = ["hospital"]
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, *HERE)
    db.session.commit()
    walker = Walker(sign_in(cast.chair))
    assert "Not agreed" in walker.open(f"/discussions/{discussion.id}").words
    assert "Not agreed" in end(walker.client, discussion)
    walker.follow("Record who agreed")
    page = walker.send("Record it", care_name="Lee Leader")
    assert "Enter the manager’s job title" in page.words
    typed = {"care_name": "Lee Leader", "care_role": "Head of service"}
    page = walker.send("Record it", typed, partner_name="Dee Sergeant", partner_role="Detective Sergeant")
    assert "Agreed instead of a meeting: Lee Leader, Head of service" in page.words
    assert "Held" in end(walker.client, discussion)
    assert read_again(discussion).ended_at is not None
