"""What the pages ask where a mark put right loses the quorum, and where policy leaves an emergency's follow-up open."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import exceptions, holding
from strategy.db import begin_writing, db
from strategy.models import Discussion, PolicyVersion, User
from strategy.vocabulary import Attendance, DiscussionState, FollowUpState, QuorumOutcome
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, HERE, present
from tests.policies import without_target
from tests.views.table import fresh, local, post
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
NOW = END + timedelta(minutes=10)
ON = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def running(cast: Cast) -> Discussion:
    """One that everybody came to, and that nobody has ended yet."""
    begin_writing()
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, *HERE)
    db.session.commit()
    return discussion


@pytest.fixture
def quorate(running: Discussion, cast: Cast) -> Discussion:
    begin_writing()
    holding.finish(running, ENDING, at(END, cast))
    db.session.commit()
    return running


def forget_the_target(cast: Cast) -> None:
    version = db.session.get_one(PolicyVersion, cast.policy.id)
    version.text = without_target(version.text, "emergency-follow-up")


def test_a_mark_that_loses_the_quorum_asks_why_on_its_own_page(
    quorate: Discussion, cast: Cast, sign_in: SignIn
) -> None:
    police, walker = asked(quorate, "police"), Walker(sign_in(cast.chair))
    page = walker.open(f"/discussions/{quorate.id}/hold/attendance/{police.id}/details")
    assert "The record says that it was quorate. Without them: Quorum not met. Missing: Police." in page.words
    page = walker.send("Save attendance", attendance="did-not-attend")
    assert page.words.count("Say why it went ahead.") >= 1
    page = walker.send("Save attendance", without_quorum_reason="The child could not wait")
    assert "Say when it is followed up with those who were missing" in page.words
    kept = fresh(police)
    assert (kept.attendance, kept.discussion.quorum_outcome) == (Attendance.ATTENDED, QuorumOutcome.MET)
    walker.send("Save attendance", follow_up_at=local(ON))
    kept = fresh(police)
    owed = kept.discussion.follow_up
    assert owed is not None
    assert (kept.attendance, kept.discussion.quorum_outcome) == (Attendance.DID_NOT_ATTEND, QuorumOutcome.NOT_MET)
    assert (kept.discussion.without_quorum_reason, owed.due_at) == ("The child could not wait", ON)
    assert "Follow-up discussions due (1)" in walker.open("/waiting").words


def test_a_manager_who_authorised_it_is_chosen_there_too(quorate: Discussion, cast: Cast, sign_in: SignIn) -> None:
    police = asked(quorate, "police")
    details = f"/discussions/{quorate.id}/hold/attendance/{police.id}/details"
    typed = {"attendance": "did-not-attend", "authoriser": str(cast.leader.id), "without_quorum_reason": "Urgent"}
    post(sign_in(cast.chair), details, **typed)
    discussion = fresh(police).discussion
    assert discussion.quorum_outcome is QuorumOutcome.EXCEPTION
    assert discussion.exception is not None and discussion.exception.reason == "Urgent"
    assert discussion.follow_up is not None and discussion.follow_up.state is FollowUpState.DUE


def test_where_nothing_is_lost_nothing_is_asked(running: Discussion, cast: Cast, sign_in: SignIn) -> None:
    chair, police = sign_in(cast.chair), asked(running, "police")
    details = f"/discussions/{running.id}/hold/attendance/{police.id}/details"
    assert "without_quorum_reason" not in chair.get(details).text
    post(chair, details, attendance="did-not-attend")
    assert fresh(police).attendance is Attendance.DID_NOT_ATTEND


@pytest.mark.parametrize("before", [True, False])
def test_an_emergency_whose_follow_up_policy_leaves_open_is_asked_for_its_date_on_the_page(
    running: Discussion, cast: Cast, sign_in: SignIn, before: bool
) -> None:
    begin_writing()
    forget_the_target(cast)
    holding.mark(asked(running, "police"), Attendance.DID_NOT_ATTEND, at(STARTS, cast))
    if before:
        exceptions.grant(running, cast.leader, "Urgent", at(STARTS, cast))
    db.session.commit()
    walker = Walker(sign_in(cast.chair))
    if not before:
        assert "Policy does not say by when" in walker.open(f"/discussions/{running.id}/exception").words
    page = walker.open(f"/discussions/{running.id}/hold/finish")
    assert "follow_up_at" in page.form("Finish the discussion")[0].names
    assert "due by policy" not in page.words
    manager = {} if before else {"authoriser": str(cast.leader.id), "without_quorum_reason": "Urgent"}
    page = walker.send("Finish the discussion", manager, initiated_s47="yes")
    assert "Policy has no target for the follow-up of an emergency. Say when it is followed up" in page.words
    kept = fresh(asked(running, "police")).discussion
    assert (kept.state, kept.follow_up, kept.contact.enquiry) == (DiscussionState.CONVENED, None, None)
    assert (kept.exception is not None) is before
    walker.send("Finish the discussion", manager, initiated_s47="yes", follow_up_at=local(ON))
    kept = fresh(asked(running, "police")).discussion
    assert kept.quorum_outcome is QuorumOutcome.EXCEPTION
    assert kept.follow_up is not None and kept.follow_up.due_at == ON
