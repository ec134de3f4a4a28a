"""Holds what partners' offers of other times come to: whether one can be offered, and the times that suit most of them.

Offers come from people, opening hours from the directory: whoever offered is taken at their word, and nobody else is
known to be free, only open. The search over everybody's time without offers is rules.slots'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from strategy.rules.occasion import Problem
from strategy.rules.slots import STEP, Availability, Grid, Missing, Party, Question, Slot, Span, judge
from strategy.vocabulary import Hindrance

MOST = 5  # windows in one offer; ours
FURTHEST = timedelta(days=14)  # after the start; ours: later than that is another discussion

_BEST = 5
_CLOSEST = timedelta(minutes=30)
_EVERY_THIRD = 7  # 0b111: a set of steps divided by it leaves each third one, a quarter of an hour apart

Offers = Mapping[str, Sequence[Span]]  # by Party.key


@dataclass(frozen=True, slots=True)
class Common:
    """A time within somebody's offer. Everybody asked is in ``offered``, in ``unknown`` (open then, and has offered
    nothing) or in the slot's ``missing``, in the order they were asked. Whoever is needed for a part of it is asked for
    that part alone: an offer's windows hold the part, not the whole.
    """

    slot: Slot
    offered: tuple[Party, ...]
    unknown: tuple[Party, ...]


def problem(window: Span, now: datetime, starts_at: datetime, length: timedelta) -> Problem | None:
    """Why a window cannot be offered by who is needed from ``starts_at`` for that length; None when it can.

    The field is "day", "begins" or "until".
    """
    begins, until = window
    if until <= begins:
        return Problem("The time it ends must be later than the time it begins", "until")
    if begins <= now:
        return Problem("Offer a time that is still to come", "day")
    if until > starts_at + FURTHEST:
        return Problem("Offer a time within 14 days of the meeting", "day")
    if until - begins < length:
        return Problem(
            f"Offer at least {length // timedelta(minutes=1)} minutes: that is how long you are needed", "until"
        )
    return None


def holds(windows: Sequence[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a time lies, whole, in one of the windows."""
    return any(begins <= starts_at and ends_at <= until for begins, until in windows)


def common(question: Question, offers: Offers) -> tuple[Common, ...]:
    """The five best times to begin among the quarter hours, and the windows' own beginnings, that lie in an offer.

    Best is: fewest needs of the quorum and then fewest required partners missing, then before the target, then fewest
    other partners missing, then fewest of our own, then sooner. Partners come before our own, whose day is ours to
    change. One closer to a better one than the discussion is long, or half an hour, is there only for a partner who
    cannot at the better one.
    """
    asked = replace(question, parties=[_as_offered(one, question.grid, offers) for one in question.parties])
    cans = {party.key: party.can(_steps(question.length)) for party in asked.parties}
    slots = sorted((_at(asked, step) for step in _candidates(asked, cans, offers)), key=lambda slot: _rank(asked, slot))
    chosen: list[Slot] = []
    for slot in slots:
        if len(chosen) < _BEST and not any(_as_good_beside(asked, slot, one) for one in chosen):
            chosen.append(slot)
    return tuple(_told(asked, slot, offers) for slot in chosen)


def _as_offered(party: Party, grid: Grid, offers: Offers) -> Party:
    """Whoever offered can come then and at no other time, whatever their hours say."""
    if party.key not in offers:
        return party
    return replace(party, members=[Availability(open=grid.covered(offers[party.key]), duty=grid.all)], covers=())


def _candidates(question: Question, cans: Mapping[str, int], offers: Offers) -> list[int]:
    grid, starts = question.grid, question.grid.all // _EVERY_THIRD
    within = 0
    for party in question.parties:
        if party.key in offers:
            within |= cans[party.key]
            for begins, _ in offers[party.key]:
                starts |= 1 << grid.above(begins - (party.part[0] if party.part else _CLOSEST * 0))
    starts &= grid.all >> _steps(question.length) - 1  # nor may a part that fits take the rest past the grid's end
    found = within & starts & grid.from_on(grid.above(question.now + question.lead))
    return [step for step in range(found.bit_length()) if found >> step & 1]


def _at(question: Question, step: int) -> Slot:
    starts_at = question.grid.moment(step)
    return judge(question, starts_at, starts_at + question.length)


def _rank(question: Question, slot: Slot) -> tuple[int, int, bool, int, int, datetime]:
    partners = [one.party for one in slot.missing if one.party.noticed]
    lacking = sum(any(one.role in need.roles for one in partners) for need in slot.lacking)
    required = sum(one.required for one in partners)
    late = question.targeted and slot.starts_at > question.due_at
    return lacking, required, late, len(partners), len(slot.missing) - len(partners), slot.starts_at


def _as_good_beside(question: Question, slot: Slot, better: Slot) -> bool:
    """Whether a better one is close to it, and every partner can who can at it."""
    close = abs(slot.starts_at - better.starts_at) < max(question.length, _CLOSEST)
    return close and _partners_missing(better) <= _partners_missing(slot)


def _partners_missing(slot: Slot) -> set[str]:
    return {one.party.key for one in slot.missing if one.party.noticed}


def _told(question: Question, slot: Slot, offers: Offers) -> Common:
    absent = {one.party.key for one in slot.missing}
    there = [party for party in question.parties if party.key not in absent]
    missing = [
        Missing(one.party, Hindrance.OTHER_TIMES if one.party.key in offers else one.why) for one in slot.missing
    ]
    return Common(
        slot=replace(slot, missing=tuple(missing)),
        offered=tuple(party for party in there if party.key in offers),
        unknown=tuple(party for party in there if party.key not in offers),
    )


def _steps(length: timedelta) -> int:
    return max(1, -(-length // STEP))
