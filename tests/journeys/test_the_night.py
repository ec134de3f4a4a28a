"""Nights: a child handed over at six, and the morning's list at eight; over nights on which the clocks change, too."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from notifications.messages import Email
from strategy.db import db, transaction
from strategy.models import FollowUp, NightHandover, User
from strategy.vocabulary import FollowUpState, NightState, StaffRole, Via
from tests.cast import Cast
from tests.emergency_duty import member
from tests.journeys.story import Story
from tests.walking import Walker

NELL, CHAIR = "nell@exampleshire.example", "terry.example@exampleshire.example"


@pytest.fixture
def nell(story: Story, cast: Cast) -> User:
    """The emergency duty team, and its manager."""
    with transaction("tests", Via.COMMAND_LINE):
        member(cast, "Max Manager", StaffRole.CHAIR)
        return member(cast)


def subjects(story: Story, address: str) -> list[str]:
    return [one.subject for one in story.sent(address) if isinstance(one, Email)]


def hand_over(story: Story, act_by: str) -> None:
    day = story.start_clock()
    day.follow("Hand to EDT")
    day.send("Hand it over", what="See the child tonight", act_by=act_by, safety="With gran", ring="Gran")


def test_a_night_from_six_to_eight(story: Story, nell: User) -> None:
    story.at("18:00")
    hand_over(story, "2026-11-27T21:00")
    story.tick()
    assert len(subjects(story, NELL)) == 1
    story.at("18:14")
    assert story.tick()["nights_called"] == 0
    story.at("18:15")
    assert story.tick()["nights_called"] == 1 and story.tick()["nights_called"] == 0
    assert "ring the emergency duty team" in subjects(story, "sam.worker@exampleshire.example")[0]
    story.at("18:40")
    night = story.staff(nell)
    night.open("/edt")
    night.send("Accept it: I have it tonight")
    # one held by phone in the night, from the child's own page: three presses, nothing typed but the reason
    story.at("23:00")
    night.open("/edt")
    night.follow("Hold one now: 4471-A")
    night.send("Invite them and hold it now", chair=str(story.cast.chair.id))
    discussion = story.discussion
    assert discussion.started_at == datetime(2026, 11, 27, 23, tzinfo=UTC) and discussion.emergency
    story.at("23:20")
    finish(night, "2026-11-27T23:20")
    night.open("/edt")
    night.follow("Write down what was done")
    night.send("Save for the morning’s list", did="Seen at nine, safe")
    story.at("2026-11-28 07:59")
    assert story.tick()["mornings_told"] == 0
    story.at("2026-11-28 08:00")
    assert story.tick()["mornings_told"] == 1
    story.at("2026-11-28 11:00")
    assert story.tick()["mornings_told"] == 0
    told = [one for one in subjects(story, CHAIR) if one.startswith("Overnight")]
    assert told == ["Overnight: 1 handed to the emergency duty team"]
    assert not [one for one in subjects(story, NELL) if one.startswith("Overnight")]
    day = story.staff(story.cast.chair)
    words = day.open("/edt/morning").words
    for said in ("Seen at nine, safe", discussion.reference, "Discussions held (1)", "Follow-ups due after them (1)"):
        assert said in words, said
    day.send("Accept it back: I have it")
    assert "Terry Example accepted it back" in day.page.words, day.page.words
    db.session.rollback()
    row = db.session.scalars(select(NightHandover)).one()
    assert (row.state, row.back_with_id) == (NightState.BACK, story.cast.chair.id)
    owed = db.session.scalars(select(FollowUp)).one()
    assert owed.clock_started_at == datetime(2026, 11, 27, 23, 20, tzinfo=UTC)
    assert (owed.state, owed.due_at) == (FollowUpState.DUE, datetime(2026, 11, 30, 17, tzinfo=UTC))


def finish(night: Walker, ended_at: str) -> None:
    """Police joined; health did not."""
    for words in ("Here: Chair (social care manager)", "Here: Social worker", "Here: Police"):
        night.send(words)
    night.send("Finish the discussion")
    night.send(
        "Finish the discussion",
        rest_did_not_attend="y",
        ended_at=ended_at,
        without_quorum_reason="No health practitioner answered at night",
    )


@pytest.mark.parametrize(
    ("evening", "act_by", "before", "eight"),
    [
        ("2027-03-27 18:00", "2027-03-28T04:00", "2027-03-28 06:59", "2027-03-28 07:00"),  # forward: eight is 7 UTC
        ("2027-10-30 17:00", "2027-10-31T04:00", "2027-10-31 07:59", "2027-10-31 08:00"),  # back: eight is 8 UTC
    ],
)
def test_the_list_is_out_at_eight_on_the_wall_on_nights_the_clocks_change(
    story: Story, nell: User, evening: str, act_by: str, before: str, eight: str
) -> None:
    story.at(evening)
    hand_over(story, act_by)
    story.at(before)
    assert story.tick()["mornings_told"] == 0
    story.at(eight)
    assert story.tick()["mornings_told"] == 1 and story.tick()["mornings_told"] == 0
    told = [one for one in subjects(story, CHAIR) if one.startswith("Overnight")]
    assert told == ["Overnight: 1 handed to the emergency duty team, 1 accepted by nobody"]


def test_a_worker_asleep_for_three_days_tells_of_today_s_list_once(story: Story, nell: User) -> None:
    story.at("18:00")
    hand_over(story, "2026-11-27T21:00")
    story.at("2026-11-30 10:30")
    done = story.tick()
    assert (done["mornings_told"], done["nights_called"]) == (1, 1)
    done = story.tick()
    assert (done["mornings_told"], done["nights_called"]) == (0, 0)
    assert len([one for one in subjects(story, CHAIR) if one.startswith("Overnight")]) == 1
