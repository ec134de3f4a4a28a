"""What a leader must see now: who waits, who faces tonight, who is chased, what is overdue and undelivered."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.commands import contacts, holding, record
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Ending
from strategy.db import begin_writing, db
from strategy.models import ChaseStep, Child, Message
from strategy.queries import watch
from strategy.vocabulary import Attendance, ChaseKind, Course, MessageState, StepKind
from tests.booked import BOOKED, STARTS, asked, at, booked, waiting
from tests.cast import Cast
from tests.commands.going_on import present

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


def _picture(cast: Cast, now: datetime) -> watch.Picture:
    db.session.flush()
    return watch.picture(cast.authority.id, now)


def test_children_waiting_past_their_target_come_longest_first(cast: Cast) -> None:
    older = waiting(cast, at(BOOKED - DAY, cast), "1-A")
    db.session.add(Child(contact=older))
    waiting(cast, at(BOOKED, cast), "2-A")
    picture = _picture(cast, BOOKED)
    assert [wait.case_reference for wait in picture.waiting] == ["1-A", "2-A"]
    assert picture.past_due == []
    later = _picture(cast, BOOKED + 9 * DAY)
    assert [wait.children for wait in later.past_due] == [2, 1]
    assert later.past_due[0].since == BOOKED - DAY


def test_a_held_discussion_ends_the_wait_and_a_booked_one_does_not(cast: Cast) -> None:
    discussion = booked(cast)
    (wait,) = _picture(cast, STARTS).waiting
    assert wait.booked_for == STARTS
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, "chair", "social-worker")
    ending = Ending(STARTS, STARTS + timedelta(minutes=20), "Alone", STARTS + DAY, rest_did_not_attend=True)
    holding.finish(discussion, ending, at(STARTS + timedelta(hours=1), cast))
    assert _picture(cast, STARTS + timedelta(hours=1)).waiting == []


def test_a_night_without_a_safety_entry_is_seen(cast: Cast) -> None:
    waiting(cast, at(BOOKED, cast), "1-A")
    waiting(cast, at(BOOKED, cast), "2-A", safety="With grandmother")
    booked(cast, case="3-A")
    booked(cast, case="4-A", starts_at=STARTS + DAY)
    assert [wait.case_reference for wait in _picture(cast, BOOKED).unsafe] == ["1-A", "4-A"]


def test_a_contact_is_undecided_after_24_clock_hours(cast: Cast) -> None:
    new = NewContact("1-A", BOOKED, ["standard"])
    contacts.start_clock(new, cast.authority, cast.policy, cast.social_worker, at(BOOKED, cast))
    early, late = (_picture(cast, BOOKED + timedelta(hours=hours)) for hours in (23, 24))
    assert (len(early.undecided), early.undecided_late) == (1, [])
    assert late.undecided_late == late.undecided != []
    assert early.undecided[0].due_at > BOOKED


def test_todays_discussions_show_their_course_and_older_ones_stay_until_finished(cast: Cast) -> None:
    booked(cast)
    booked(cast, case="2-A", starts_at=STARTS + DAY)
    (standing,) = _picture(cast, BOOKED).today
    assert standing.outlook is not None
    assert standing.outlook.course is Course.AT_RISK
    assert not standing.quorate
    assert len(_picture(cast, STARTS + DAY).today) == 2


def test_a_chased_agency_shows_the_rung_it_has_reached(cast: Cast) -> None:
    discussion = booked(cast)
    police = asked(discussion, "police")
    step = ChaseStep(
        invitation_id=police.id, kind=ChaseKind.BEFORE, step=StepKind.RUNG, rung=1, at=STARTS, told="Dee Sergeant"
    )
    db.session.add(step)
    chased = {one.role: one for one in _picture(cast, BOOKED).chased}
    assert chased["Police"].rung == 1
    assert chased["Police"].agency == "Exampleshire Police"


def test_a_ladder_only_planned_or_climbed_towards_another_time_chases_nobody(cast: Cast) -> None:
    discussion = booked(cast)
    assert _picture(cast, BOOKED).chased == []
    police = asked(discussion, "police")
    step = ChaseStep(
        invitation_id=police.id, kind=ChaseKind.BEFORE, step=StepKind.RUNG, rung=1, at=STARTS, told="Dee Sergeant"
    )
    db.session.add(step)
    police.chased_from = STARTS + timedelta(minutes=1)
    assert _picture(cast, BOOKED).chased == []


def test_overdue_actions_and_undelivered_messages_are_listed(cast: Cast) -> None:
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    due = STARTS + timedelta(hours=1)
    action = record.add_action(discussion, asked(discussion, "police"), "Ring", "Dee", due, at(STARTS, cast))
    message = db.session.scalars(select(Message).limit(1)).one()
    message.state, message.ended_at = MessageState.BOUNCED, STARTS
    picture = _picture(cast, due + timedelta(minutes=1))
    assert picture.overdue == [action]
    assert picture.undelivered == [message]
    assert _picture(cast, due).overdue == []
    assert _picture(cast, STARTS + 8 * DAY).undelivered == []


def test_a_discussion_held_without_quorum_stays_in_sight_today(cast: Cast) -> None:
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    for one in discussion.invitations:
        holding.mark(one, Attendance.ATTENDED, at(STARTS, cast))
    holding.mark(asked(discussion, "police"), Attendance.REPORT_ONLY, at(STARTS, cast))
    end = STARTS + timedelta(minutes=20)
    holding.finish(discussion, Ending(STARTS, end, "Report came", STARTS + DAY), at(end, cast))
    assert [one.discussion.id for one in _picture(cast, end).short] == [discussion.id]
