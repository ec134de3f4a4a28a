"""When those asked can be there, gathered from hours, rotas, diaries and other discussions."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from strategy.act import Act
from strategy.commands import booking, implicated
from strategy.db import transaction
from strategy.models import Discussion
from strategy.policy import calendar_of
from strategy.queries import availability, proposals
from strategy.queries.availability import Diary, OtherWork, Wanted
from strategy.queries.proposals import Shape
from strategy.rules.slots import Grid, Span, judge, propose
from strategy.vocabulary import Hindrance, Mode, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child
from tests.counting import statements

ActMaker = Callable[..., Act]
GRID = Grid.days(THURSDAY, THURSDAY + timedelta(days=1))
SHAPE = Shape(timedelta(minutes=45), Mode.VIDEO)


@pytest.fixture
def discussion(cast: Cast, act: ActMaker) -> Discussion:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        return booking.book(waiting_child(cast, now), plan(cast, THURSDAY), cast.social_worker, now)


def police(cast: Cast) -> Wanted:
    return Wanted("police", "Police", "MASH desk", True, desk=cast.police_desk)


def why(cast: Cast, one: Wanted, span: Span, known: OtherWork = availability.NOTHING_KNOWN) -> Hindrance | None:
    """What stands in somebody's way."""
    calendar = calendar_of(cast.policy.text)
    party = availability.parties([one], GRID, calendar, urgent=False, known=known)[0]
    first, last = GRID.below(span[0]), GRID.above(span[1])
    return party.hindrance(((1 << (last - first)) - 1) << first)


def test_a_desk_is_taken_while_it_is_asked_and_free_when_it_declined(cast: Cast, discussion: Discussion) -> None:
    span = (discussion.starts_at, discussion.ends_at)
    assert why(cast, police(cast), span) is Hindrance.ASKED
    assert why(cast, police(cast), (span[1], span[1] + timedelta(minutes=30))) is None
    chair = Wanted("chair", "Chair", "Terry Example", True, user=cast.chair)
    assert why(cast, chair, span) is Hindrance.ASKED
    for state in availability.AWAY:
        with transaction("Sam Worker", Via.STAFF):
            next(one for one in discussion.invitations if one.role == "police").state = state
        assert why(cast, police(cast), span) is None


def test_a_desk_needed_for_a_part_is_free_for_the_rest(cast: Cast, discussion: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        one = next(one for one in discussion.invitations if one.role == "police")
        one.needed_from, one.needed_until = discussion.starts_at, discussion.starts_at + timedelta(minutes=20)
    part = discussion.starts_at + timedelta(minutes=20)
    assert why(cast, police(cast), (part, discussion.ends_at)) is None
    assert why(cast, police(cast), (discussion.starts_at, part)) is Hindrance.ASKED


def test_a_desk_with_a_line_left_is_free(cast: Cast, discussion: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        cast.police_desk.lines = 2
    assert why(cast, police(cast), (discussion.starts_at, discussion.ends_at)) is None


def test_what_rotas_and_diaries_say_counts_and_a_stale_diary_is_told(cast: Cast) -> None:
    one, later = police(cast), THURSDAY + timedelta(hours=2)
    span = (later, later + timedelta(minutes=30))
    diary = Diary((span,), THURSDAY - timedelta(hours=9), stale=True)
    assert why(cast, one, span, OtherWork(diaries={one.whose: diary})) is Hindrance.BUSY
    assert why(cast, one, span, OtherWork(on_duty={one.whose: [(THURSDAY, later)]})) is Hindrance.OFF_DUTY
    assert why(cast, one, span, OtherWork(on_duty={one.whose: [(THURSDAY, span[1])]})) is None
    calendar = calendar_of(cast.policy.text)
    known = OtherWork(diaries={one.whose: diary})
    assert availability.parties([one], GRID, calendar, urgent=False, known=known)[0].stale_since == diary.read_at


def test_a_diary_read_again_is_painted_again(cast: Cast) -> None:
    one, later = police(cast), THURSDAY + timedelta(hours=2)
    span = (later, later + timedelta(minutes=30))
    moved = (later + timedelta(hours=1), later + timedelta(hours=2))
    for busy, expected in ((span, Hindrance.BUSY), (moved, None)):
        assert why(cast, one, span, OtherWork(diaries={one.whose: Diary((busy,), THURSDAY)})) is expected


def test_our_own_people_are_asked_in_office_hours_unless_it_is_urgent(cast: Cast) -> None:
    chair = Wanted("chair", "Chair", "Terry Example", True, user=cast.chair)
    night = THURSDAY + timedelta(hours=10)
    assert why(cast, chair, (night, night + timedelta(minutes=30))) is Hindrance.SHUT
    urgent = availability.parties([chair], GRID, calendar_of(cast.policy.text), urgent=True)[0]
    assert urgent.open == GRID.all


def test_any_number_of_parties_costs_one_query(cast: Cast, discussion: Discussion) -> None:
    wanted = proposals.wanted_of(discussion)
    calendar = calendar_of(cast.policy.text)
    for some in (wanted, [police(cast)]):
        with statements() as counted:
            availability.parties(some, GRID, calendar, urgent=False)
        assert counted.count == 1


def test_a_discussion_to_be_moved_does_not_hinder_itself(cast: Cast, discussion: Discussion) -> None:
    question = proposals.for_discussion(discussion, SHAPE, THURSDAY)
    assert judge(question, discussion.starts_at, discussion.ends_at).everyone
    assert propose(question).fits


def test_while_nobody_was_chosen_to_chair_any_chair_will_do(cast: Cast, act: ActMaker, discussion: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        contact = waiting_child(cast, act(at=THURSDAY), case="4480-C")
    needs = discussion.needs
    assert {need.code for need in needs} >= {"chair"}
    question = proposals.for_contact(contact, [police(cast)], (), SHAPE, THURSDAY)
    chair = next(party for party in question.parties if party.role == "chair")
    assert len(chair.members) == 1  # Terry Example, who is in the other discussion then
    slot = judge(question, discussion.starts_at, discussion.ends_at)
    assert {one.party.role: one.why for one in slot.missing} == {
        "police": Hindrance.ASKED,
        "chair": Hindrance.ASKED,
    }


def test_whom_to_ring_is_the_open_desk_else_its_out_of_hours_desk(cast: Cast, discussion: Discussion) -> None:
    about = discussion.contact
    wanted = [police(cast), Wanted("health-0-19", "Health 0–19", "0-19 desk", True, desk=cast.health_desk)]
    calendar, night = calendar_of(cast.policy.text), THURSDAY + timedelta(hours=10)
    by_day = proposals.to_ring(wanted, THURSDAY, calendar, about)
    assert [(ring.phone, ring.note) for ring in by_day] == [
        (cast.police_desk.phone, "open now"),
        (cast.health_desk.phone, "open now"),
    ]
    assert proposals.to_ring(wanted, night, calendar, about)[1].note == "shut now, opens tomorrow 9am"
    with transaction("Sam Worker", Via.STAFF):
        cast.health_desk.out_of_hours = cast.police_desk
    ring = proposals.to_ring(wanted, night, calendar, about)[1]
    assert (ring.phone, ring.note) == (cast.police_desk.phone, "answers out of hours")


def test_a_desk_of_another_agency_that_is_implicated_or_serves_us_no_more_is_not_rung(
    cast: Cast, discussion: Discussion
) -> None:
    wanted = [Wanted("health-0-19", "Health 0–19", "0-19 desk", True, desk=cast.health_desk)]
    calendar, night = calendar_of(cast.policy.text), THURSDAY + timedelta(hours=10)

    def rung() -> str | None:
        return proposals.to_ring(wanted, night, calendar, discussion.contact)[0].phone

    with transaction("Sam Worker", Via.STAFF) as act:
        cast.health_desk.out_of_hours = cast.police_desk
    assert rung() == cast.police_desk.phone
    with transaction("Sam Worker", Via.STAFF) as act:
        implicated.name(discussion.contact, implicated.Whom(desk=cast.police_desk), "Named by the family", act)
    assert rung() == cast.health_desk.phone
    with transaction("Sam Worker", Via.STAFF) as act:
        implicated.take_back(discussion.contact.implicated[0], "A mistake", act)
        cast.police_desk.agency.authority_id = cast.outsider.authority_id
    assert rung() == cast.health_desk.phone


def test_who_is_not_required_is_not_rung(cast: Cast, discussion: Discussion) -> None:
    school = Wanted("education", "School", "Safeguarding lead", False, desk=cast.school_desk)
    assert proposals.to_ring([school], THURSDAY, calendar_of(cast.policy.text), discussion.contact) == []
