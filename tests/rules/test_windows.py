"""Offers of other times: what can be offered, and that the times found are the best there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.policy import Need
from strategy.rules.slots import Availability, Grid, Party, Question, Span, judge
from strategy.rules.windows import MOST, Common, common, holds, problem
from strategy.vocabulary import Hindrance

NOW = datetime(2026, 11, 26, 10, 10, tzinfo=UTC)  # a Thursday in winter: London is UTC
START = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 13, tzinfo=UTC)
LENGTH = timedelta(minutes=45)
GRID = Grid.days(NOW, NOW + timedelta(days=3))
NEEDS = (Need("police", "Police", ("police",)), Need("health", "Health", ("health",)))
MINUTE = timedelta(minutes=1)


def at(hour: int, minute: int = 0, day: int = 27) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def party(
    role: str,
    hours: Sequence[Span] = (),
    *,
    required: bool = True,
    taken: Sequence[Span] = (),
    part: tuple[int, int] | None = None,
    ours: bool = False,
) -> Party:
    """``part`` is in minutes after the start."""
    open_then = GRID.covered(hours) if hours else GRID.all
    one = Availability(open=open_then, duty=GRID.all, taken=GRID.touched(taken))
    theirs = None if part is None else (MINUTE * part[0], MINUTE * part[1])
    name = f"{role} desk"
    return Party(role, role, role.capitalize(), name, required, [one], noticed=not ours, part=theirs)


def question(*parties: Party) -> Question:
    return Question(GRID, NOW, None, DUE, LENGTH, parties, NEEDS, timedelta(minutes=120))


def keys(parties: Sequence[Party]) -> list[str]:
    return [one.key for one in parties]


@pytest.mark.parametrize(
    ("window", "said", "field"),
    [
        ((at(11), at(10)), "must be later", "until"),
        ((at(9, day=26), at(12, day=26)), "still to come", "day"),
        ((at(10, day=30), at(11, day=30) + timedelta(days=14)), "within 14 days", "day"),
        ((at(10), at(10, 30)), "at least 45 minutes", "until"),
    ],
)
def test_what_cannot_be_offered_is_said_at_its_field(window: Span, said: str, field: str) -> None:
    found = problem(window, NOW, START, LENGTH)
    assert found is not None and said in found.reason and found.field == field


def test_a_window_that_is_just_long_enough_and_just_soon_enough_can_be_offered() -> None:
    assert problem((at(10), at(10, 45)), NOW, START, LENGTH) is None
    last = START + timedelta(days=14)
    assert problem((last - LENGTH, last), NOW, START, LENGTH) is None


def test_where_two_offers_meet_both_can_and_the_others_are_told_apart() -> None:
    asked = question(
        party("police"),
        party("health"),
        party("school", [(at(9), at(17))], required=False),
        party("gp", [(at(8), at(9))]),
    )
    offers = {"police": [(at(9), at(11))], "health": [(at(10), at(12))]}
    best = common(asked, offers)[0]
    assert (best.slot.starts_at, best.slot.ends_at) == (at(10), at(10, 45))
    assert (keys(best.offered), keys(best.unknown)) == (["police", "health"], ["school"])
    assert [(one.party.key, one.why) for one in best.slot.missing] == [("gp", Hindrance.SHUT)]


def test_whoever_offered_other_times_cannot_at_this_one_whatever_their_hours() -> None:
    offers = {"police": [(at(9), at(10))], "health": [(at(14), at(15))]}
    found = common(question(party("police"), party("health")), offers)
    assert [(one.slot.starts_at, keys(one.offered)) for one in found] == [(at(9), ["police"]), (at(14), ["health"])]
    assert all(one.slot.missing[0].why is Hindrance.OTHER_TIMES for one in found)


def test_before_the_target_comes_first_and_then_the_sooner() -> None:
    found = common(question(party("police")), {"police": [(at(14), at(15)), (at(11), at(12)), (at(8), at(9))]})
    assert [one.slot.starts_at for one in found] == [at(8), at(11), at(14)]


def test_everybody_the_quorum_needs_counts_for_more_than_the_target() -> None:
    busy = party("health", taken=[(at(9), at(12))])
    found = common(question(party("police"), busy), {"police": [(at(9), at(10)), (at(15), at(16))]})
    assert [one.slot.starts_at for one in found] == [at(15), at(9)]


def test_the_only_time_two_partners_share_comes_before_one_that_suits_our_chair() -> None:
    chair = party("chair", taken=[(at(11), at(11, 15))], ours=True)
    asked = replace(
        question(party("police"), party("health"), chair), needs=(*NEEDS, Need("chair", "Chair", ("chair",)))
    )
    offers = {"police": [(at(11), at(11, 45))], "health": [(at(10), at(12))]}
    found = common(asked, offers)
    assert (found[0].slot.starts_at, keys(found[0].offered)) == (at(11), ["police", "health"])
    assert [one.party.key for one in found[0].slot.missing] == ["chair"]


def test_a_time_that_suits_a_partner_more_is_not_thinned_out_by_a_sooner_one() -> None:
    offers = {"police": [(at(11), at(12))], "gp": [(at(11, 15), at(12))]}
    found = common(question(party("police"), party("health"), party("gp", required=False)), offers)
    assert [keys(one.offered) for one in found] == [["police", "gp"]]
    apart = {"police": [(at(11), at(11, 45))], "health": [(at(11, 15), at(12))]}
    found = common(question(party("police"), party("health")), apart)
    assert [keys(one.offered) for one in found] == [["police"], ["health"]]


def test_a_window_off_the_quarter_hours_is_found_by_its_own_beginning() -> None:
    found = common(question(party("police")), {"police": [(at(10, 5), at(10, 50))]})
    assert [one.slot.starts_at for one in found] == [at(10, 5)]


def test_no_offers_no_times() -> None:
    assert common(question(party("police")), {}) == ()


def test_whoever_is_needed_for_a_part_offers_that_part_and_the_meeting_is_moved_around_it() -> None:
    asked = question(party("police"), party("health", part=(20, 40)))
    found = common(asked, {"health": [(at(10), at(10, 20))]})
    assert [(one.slot.starts_at, one.slot.ends_at) for one in found] == [(at(9, 40), at(10, 25))]
    assert keys(found[0].offered) == ["health"] and not found[0].slot.missing


def test_a_part_that_is_taken_or_shut_hinders_and_the_rest_of_the_meeting_does_not() -> None:
    gp = party("health", [(at(9), at(9, 45))], part=(0, 15))
    school = party("school", taken=[(at(9, 30), at(9, 40))], part=(30, 40), required=False)
    asked = question(party("police"), gp, school)
    lost = {minute: judge(asked, at(9, minute), at(9, minute) + LENGTH).missing for minute in (0, 2, 15, 35)}
    who = {minute: keys([one.party for one in found]) for minute, found in lost.items()}
    assert who == {0: ["school"], 2: ["school"], 15: [], 35: ["health"]}


@given(st.integers(0, 44), st.integers(1, 45), st.integers(0, 24 * 12 * 2))
def test_a_window_of_the_length_they_are_needed_is_always_enough(begins: int, lasts: int, step: int) -> None:
    part = (begins, min(begins + lasts, 45))
    window = at(0) + 5 * MINUTE * step, at(0) + 5 * MINUTE * step + MINUTE * (part[1] - part[0])
    asked = question(party("police", part=part))
    for one in common(asked, {"police": [window]}):
        assert holds([window], one.slot.starts_at + MINUTE * part[0], one.slot.starts_at + MINUTE * part[1])
        assert one.slot.ends_at <= GRID.end


_moments = st.integers(0, GRID.steps * 5).map(lambda minutes: GRID.start + MINUTE * minutes)
_spans = st.tuples(_moments, st.integers(5, 600)).map(lambda pair: (pair[0], pair[0] + MINUTE * pair[1]))
_offers = st.dictionaries(
    st.sampled_from(["police", "health", "school"]), st.lists(_spans, min_size=1, max_size=MOST), min_size=1
)


@given(_offers, st.lists(_spans, max_size=3), st.lists(_spans, max_size=3))
def test_every_time_found_is_offered_whole_by_those_named_and_none_is_better(
    offers: Mapping[str, Sequence[Span]], opens: Sequence[Span], taken: Sequence[Span]
) -> None:
    parties = (party("police"), party("health", opens, taken=taken), party("school", required=False))
    asked = question(*parties)
    found = common(asked, offers)
    for one in found:
        _whole(one, asked, offers)
    chosen = sorted(one.slot.starts_at for one in found)
    assert len(chosen) <= 5 and len(set(chosen)) == len(chosen)
    best = min((_worth(asked, offers, start) for start in _quarters(offers)), default=None)
    assert best is None or found and _worth(asked, offers, found[0].slot.starts_at) <= best


@given(_offers, st.lists(_spans, max_size=3), st.lists(_spans, max_size=3))
def test_no_time_is_left_out_for_one_beside_it_at_which_a_partner_is_missing_who_could(
    offers: Mapping[str, Sequence[Span]], taken: Sequence[Span], ours: Sequence[Span]
) -> None:
    parties = (party("police"), party("health", taken=taken), party("school", required=False))
    asked = question(*parties, party("chair", taken=ours, ours=True))
    found = common(asked, offers)
    there = {one.slot.starts_at: set(keys(one.offered) + keys(one.unknown)) - {"chair"} for one in found}
    for start in _quarters(offers) if len(found) < 5 else ():
        could = {one.key for one in parties} - _absent(asked, offers, start)
        assert any(could <= those and abs(start - shown) < LENGTH for shown, those in there.items())
    for one in found:
        close = [other for other in there if abs(other - one.slot.starts_at) < LENGTH and other != one.slot.starts_at]
        assert all(there[one.slot.starts_at] != there[other] for other in close)


def _whole(one: Common, asked: Question, offers: Mapping[str, Sequence[Span]]) -> None:
    slot = one.slot
    assert slot.starts_at >= NOW + asked.lead and slot.ends_at - slot.starts_at == LENGTH
    assert one.offered and all(_offers_it(offers[key], slot.starts_at) for key in keys(one.offered))
    assert not set(keys(one.unknown)) & set(offers)
    everybody = keys(one.offered) + keys(one.unknown) + [each.party.key for each in slot.missing]
    assert sorted(everybody) == sorted(keys(asked.parties))


def _offers_it(windows: Sequence[Span], start: datetime) -> bool:
    """Whether every minute of it lies in one of the windows: two that touch are as good as one."""
    minutes = (start + MINUTE * number for number in range(45))
    return all(holds(windows, minute, minute + MINUTE) for minute in minutes)


def _quarters(offers: Mapping[str, Sequence[Span]]) -> list[datetime]:
    every = (GRID.start + timedelta(minutes=15) * number for number in range(GRID.steps // 3))
    return [
        start
        for start in every
        if start >= NOW + timedelta(minutes=15)
        and start + LENGTH <= GRID.end
        and any(holds(windows, start, start + LENGTH) for windows in offers.values())
    ]


def _worth(
    asked: Question, offers: Mapping[str, Sequence[Span]], start: datetime
) -> tuple[int, int, bool, int, datetime]:
    """The ranking, worked out minute by minute."""
    absent = _absent(asked, offers, start)
    required = len(absent & {"police", "health"})
    return required, required, start > DUE, len(absent), start


def _absent(asked: Question, offers: Mapping[str, Sequence[Span]], start: datetime) -> set[str]:
    shut = {one.party.key for one in judge(asked, start, start + LENGTH).missing}
    return {
        one.key
        for one in asked.parties
        if (not _offers_it(offers[one.key], start) if one.key in offers else one.key in shut)
    }
