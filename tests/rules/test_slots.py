"""Proposed times: who can, who cannot and why, and what is offered when nothing suits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from strategy.rules.policy import Need
from strategy.rules.slots import Availability, Grid, Party, Question, Slot, Span, judge, lead_for, propose
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import Hindrance, Mode

THURSDAY = datetime(2026, 11, 26, 10, 10, tzinfo=UTC)
GRID = Grid.days(THURSDAY, THURSDAY + timedelta(days=7))
OFFICE = OpeningHours.weekdays(time(9), time(17))
LENGTH = timedelta(minutes=45)
NEEDS = (Need("police", "Police", ("police",)), Need("health", "Health", ("health", "gp")))


def at(hour: int, minute: int = 0, day: int = 26) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def party(
    role: str,
    hours: OpeningHours | None = None,
    taken: Sequence[Span] = (),
    *,
    required: bool = True,
    busy: Sequence[Span] = (),
    duty: Sequence[Span] | None = None,
    lines: int = 1,
) -> Party:
    one = Availability(
        open=GRID.covered(hours.spans(GRID.start, GRID.end, Calendar())) if hours else GRID.all,
        duty=GRID.all if duty is None else GRID.covered(duty),
        taken=GRID.crowded(taken, lines),
        busy=GRID.touched(busy),
    )
    return Party(role, role, role.capitalize(), f"{role} desk", required, [one])


def question(*parties: Party, now: datetime = THURSDAY, due: datetime | None = None) -> Question:
    return Question(GRID, now, None, due or at(17, day=27), LENGTH, parties, NEEDS, timedelta(minutes=120))


def starts(asked: Question) -> list[datetime]:
    return [slot.starts_at for slot in propose(asked).slots]


def why(slot: Slot) -> dict[str, Hindrance]:
    return {one.party.role: one.why for one in slot.missing}


def test_the_best_times_come_first_and_apart_and_the_soonest_is_among_them() -> None:
    found = propose(question(party("police"), party("health", OFFICE)))
    # two hours' notice first, three a morning or afternoon; then the soonest of all, at short notice
    assert [slot.starts_at for slot in found.slots] == [at(12, 15), at(13), at(13, 45), at(9, day=27), at(10, 30)]
    assert [slot.short_notice for slot in found.slots] == [False, False, False, False, True]
    assert all(slot.everyone for slot in found.slots)
    assert found.fits


def test_somebody_not_required_missing_is_worth_less_than_a_later_time() -> None:
    school = party("school", OFFICE, [(at(10), at(16))], required=False)
    found = propose(question(party("police"), party("health", OFFICE), school)).slots
    assert found[0].starts_at == at(16)
    soonest = found[-1]
    assert (soonest.starts_at, why(soonest)) == (at(10, 30), {"school": Hindrance.ASKED})
    assert soonest.quorate


def test_each_thing_in_the_way_is_told_apart() -> None:
    asked = question(
        party("police", taken=[(at(11), at(11, 30))]),
        party("health", OFFICE),
        party("school", duty=[(at(9), at(11, 30))]),
        party("housing", busy=[(at(11, 40), at(12))]),
    )
    assert why(judge(asked, at(11), at(11, 45))) == {
        "police": Hindrance.ASKED,
        "school": Hindrance.OFF_DUTY,
        "housing": Hindrance.BUSY,
    }
    assert why(judge(asked, at(16, 30), at(17, 15))) == {"health": Hindrance.SHUT, "school": Hindrance.OFF_DUTY}
    assert judge(asked, at(10, 30), at(11)).everyone


def test_a_desk_with_two_lines_is_free_beside_one_discussion_and_not_beside_two() -> None:
    one, other = (at(11), at(12)), (at(11, 30), at(12, 30))
    desk = party("police", taken=[one, other], lines=2)
    assert judge(question(desk), at(11), at(11, 30)).everyone
    assert why(judge(question(desk), at(11, 15), at(11, 45))) == {"police": Hindrance.ASKED}


def test_a_need_is_met_by_any_role_that_meets_it() -> None:
    asked = question(party("police"), party("health", OFFICE), party("gp", required=False))
    assert judge(asked, at(18), at(18, 45)).quorate
    assert not judge(asked, at(18), at(18, 45)).everyone


def test_a_need_nobody_is_asked_for_hinders_no_time() -> None:
    assert propose(question(party("police"))).fits


def test_of_several_who_can_stand_in_for_each_other_one_is_enough() -> None:
    busy, free = (party("police", busy=[(at(10), at(12))]), party("police", OFFICE))
    both = replace(busy, members=[*busy.members, *free.members])
    assert judge(question(both), at(11), at(11, 45)).everyone
    # the one who is open is nearer to coming than the one who is shut
    assert why(judge(question(replace(both, members=busy.members)), at(11), at(11, 45))) == {"police": Hindrance.BUSY}


def test_when_nothing_suits_the_least_bad_three_break_different_things() -> None:
    evening = {"now": at(16, 30), "due": at(19)}
    police = party("police", taken=[(at(17), at(18))])
    found = propose(question(police, party("health", OFFICE), **evening))
    assert not found.fits and found.before_target
    assert [(slot.starts_at, [need.code for need in slot.lacking]) for slot in found.slots] == [
        (at(18, 30), ["health"]),  # two hours' notice
        (at(9, day=27), []),  # everybody, but the target is past
        (at(19), ["health"]),
    ]


def test_what_breaks_is_another_thing_where_there_is_another() -> None:
    police = party("police", taken=[(at(10), at(13))])
    health = party("health", OFFICE, [(at(13), at(17))])
    found = propose(question(police, health, now=at(10, 10), due=at(15)))
    assert [[need.code for need in slot.lacking] for slot in found.slots[:2]] == [["police"], ["health"]]


def test_past_the_target_the_soonest_times_are_still_offered() -> None:
    found = propose(question(party("police"), now=THURSDAY, due=at(9)))
    assert not found.before_target
    assert found.slots[-1].starts_at == at(10, 30)


def test_nothing_past_the_target_is_offered_while_there_is_time() -> None:
    assert max(starts(question(party("police"), due=at(14)))) <= at(14)


def test_notice_is_counted_in_the_open_time_of_whoever_has_least() -> None:
    friday, monday = at(16, 50, day=27), at(10, day=30)
    asked = question(party("police"), party("health", OFFICE), now=friday, due=at(17, day=30))
    slot = judge(asked, monday, monday + LENGTH)
    assert slot.notice == timedelta(minutes=70)  # domain section 6's worked example
    assert slot.short_notice


def test_a_time_in_person_leaves_an_hour_to_get_there() -> None:
    assert lead_for(Mode.IN_PERSON) == timedelta(hours=1)
    asked = replace(question(party("police"), due=at(12)), lead=lead_for(Mode.IN_PERSON))
    assert min(starts(asked)) == at(11, 15)


def test_days_of_23_and_25_hours_have_their_own_steps() -> None:
    spring, autumn = datetime(2027, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert Grid.days(spring, spring).steps == 23 * 12
    assert Grid.days(autumn, autumn).steps == 25 * 12


def test_opening_hours_follow_the_local_clock_when_it_changes() -> None:
    sunday = datetime(2027, 3, 28, 12, tzinfo=UTC)
    grid = Grid.days(sunday, sunday + timedelta(days=1))
    open_ = grid.covered(OFFICE.spans(grid.start, grid.end, Calendar()))
    assert grid.moment((open_ & -open_).bit_length() - 1) == datetime(2027, 3, 29, 8, tzinfo=UTC)
