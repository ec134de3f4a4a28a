"""Holds the proposals themselves: the best times before the target, or the least bad ones and what each breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from strategy.rules.policy import Need
from strategy.rules.slots.parties import Covered, Missing, Party, missing
from strategy.rules.slots.ranking import Ranking, after, around, counted
from strategy.rules.slots.steps import STEP, Grid, lowest, steps_in
from strategy.vocabulary import Mode

LEAD = timedelta(minutes=15)  # ours; sooner than this is "hold one now"
_TRAVEL = timedelta(hours=1)  # ours; sooner than this nobody is in the room
HORIZON = timedelta(days=3)  # how far past the target, or past now once that is gone, a time is looked for

_BEST, _LEAST_BAD = 5, 3
_CLOSEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a time of ``length`` from ``now`` to the target that suits those asked.

    ``grid`` reaches from now to HORIZON past the target; ``needs`` are the quorum's, any party of whose roles meets
    it. A need nobody is asked for was left out with a reason and hinders no time. ``short_notice`` is the policy's,
    in open time; ``lead`` is what everybody needs at least. ``targeted`` False: nobody
    owes it, and ``due_at`` is only how far is looked.
    """

    grid: Grid
    now: datetime
    warn_at: datetime | None
    due_at: datetime
    length: timedelta
    parties: Sequence[Party]
    needs: Sequence[Need]
    short_notice: timedelta
    lead: timedelta = LEAD
    targeted: bool = True

    @property
    def served(self) -> list[tuple[Need, list[Party]]]:
        """The needs somebody is asked for, with those asked."""
        found = [(need, [party for party in self.parties if party.role in need.roles]) for need in self.needs]
        return [(need, asked) for need, asked in found if asked]

    @property
    def window(self) -> tuple[int, bool]:
        """The steps at which it may begin, and whether they are before the target."""
        first = self.grid.from_on(self.grid.above(self.now + self.lead))
        before = first & ~self.grid.from_on(self.grid.below(self.due_at) + 1)
        if before and self.due_at >= self.now + self.lead:
            return before, True
        return first & ~self.grid.from_on(self.grid.below(self.now + HORIZON) + 1), False


@dataclass(frozen=True, slots=True)
class Slot:
    """A time, and what it costs. ``lacking`` are the needs of the quorum nobody asked could meet then.

    ``notice`` is the least that anybody required who can come has, in their own open time. ``covered`` are those who
    come through their out-of-hours desk.
    """

    starts_at: datetime
    ends_at: datetime
    missing: tuple[Missing, ...]
    lacking: tuple[Need, ...]
    notice: timedelta
    short_notice: bool
    covered: tuple[Covered, ...] = ()

    @property
    def everyone(self) -> bool:
        """Whether everybody asked can be there."""
        return not self.missing

    @property
    def quorate(self) -> bool:
        """Whether every need of the quorum can be met."""
        return not self.lacking


@dataclass(frozen=True, slots=True)
class Proposals:
    """The times worth offering, best first. ``fits`` is false when none before the target has its quorum.

    ``before_target`` is false once the target is past or too close.
    """

    slots: tuple[Slot, ...]
    fits: bool
    before_target: bool


def lead_for(mode: Mode) -> timedelta:
    """How soon a discussion can begin at all."""
    return _TRAVEL if mode is Mode.IN_PERSON else LEAD


def propose(question: Question) -> Proposals:
    """The five best times at which the quorum is complete, the soonest such time always among them.

    Best is: nobody required missing, then nobody else, then fair notice, then the most time left. With fewer than three
    such times the least bad others make them three.

    Where there is none before the target: the least bad three, which are, as far as there are such, the best, the
    best that breaks something else, and the soonest time past the target at which the quorum is complete.
    """
    length = steps_in(question.length)
    cans = {party.key: party.can(length) for party in question.parties}
    ranking = _ranking(question, cans)
    candidates, before_target = question.window
    quorate = ranking.quorate(candidates)
    apart = steps_in(max(question.length, _CLOSEST))
    if quorate:
        steps = _with_soonest(ranking, quorate, ranking.spread(quorate, apart, _BEST), apart)
        beside = _beside(candidates, steps, apart)
        others = [step for step in _least_bad(question, cans, ranking, beside) if not around(step, apart) & _set(steps)]
        steps += others[: max(0, _LEAST_BAD - len(steps))]
    else:
        steps = _least_bad(question, cans, ranking, candidates)
    slots = tuple(_slot(question, step, cans) for step in steps)
    return Proposals(slots, bool(quorate), before_target)


def shorter(question: Question, lengths: Sequence[timedelta]) -> Slot | None:
    """The best time of the longest of these lengths, among those shorter than was asked, for which one has its quorum
    in the same window; None when none has.
    """
    for length in sorted((one for one in lengths if one < question.length), reverse=True):
        found = propose(replace(question, length=length))
        if found.fits:
            return found.slots[0]
    return None


def judge(question: Question, starts_at: datetime, ends_at: datetime) -> Slot:
    """What any one time costs, be it on the grid's steps or not. It must lie within the grid."""
    return _costed(question, starts_at, ends_at, missing(question.parties, question.grid, starts_at, ends_at))


def _ranking(question: Question, cans: Mapping[str, int]) -> Ranking:
    everything = question.grid.all
    required = [party for party in question.parties if party.required]
    others = [party for party in question.parties if not party.required]
    tiers = (
        counted(everything & ~_any(cans, asked) for _, asked in question.served),
        counted(everything & ~cans[party.key] for party in required),
        counted(everything & ~cans[party.key] for party in others),
    )
    return Ranking(question.grid, tiers, _fair(question, required, cans))


def _any(cans: Mapping[str, int], parties: Sequence[Party]) -> int:
    found = 0
    for party in parties:
        found |= cans[party.key]
    return found


def _fair(question: Question, required: Sequence[Party], cans: Mapping[str, int]) -> int:
    """The steps by which everybody required who can come then has had fair notice."""
    fair, now = question.grid.all, question.grid.above(question.now)
    for party in required:
        if party.noticed:
            told = _told(question, party.open, now)
            for cover, steps in party.standing_in(steps_in(question.length)):
                told = told & ~steps | _told(question, cover.time.open, now) & steps
            fair &= told | ~cans[party.key]
    return fair


def _told(question: Question, opened: int, now: int) -> int:
    """The steps by which whoever reads in that open time has had fair notice."""
    enough = after(opened, now, question.short_notice // STEP)
    return 0 if enough is None else question.grid.from_on(enough)


def _with_soonest(ranking: Ranking, quorate: int, steps: list[int], apart: int) -> list[int]:
    """The soonest time with fair notice and the soonest of all take the last places when they are sooner than the
    rest: the child waits.
    """
    soonest: list[int] = []
    for group in (quorate & ranking.fair, quorate):
        if group and lowest(group) + apart <= min([*steps, *soonest]):
            soonest.append(ranking.best(_first_of(group, apart)))
    return [*steps[: _BEST - len(soonest)], *soonest]


def _first_of(group: int, apart: int) -> int:
    """The first of a set, and what of it follows within ``apart`` steps."""
    return group & ((1 << (lowest(group) + apart)) - 1)


def _least_bad(question: Question, cans: Mapping[str, int], ranking: Ranking, candidates: int) -> list[int]:
    apart = steps_in(_CLOSEST)
    if not candidates:
        return []
    steps = [ranking.best(candidates)]
    broken = [_any(cans, asked) for _, asked in question.served if not _any(cans, asked) >> steps[0] & 1]
    others = 0
    for met in broken:
        others |= candidates & met
    if others:
        steps.append(ranking.best(others))
    later = ranking.quorate(question.grid.from_on(candidates.bit_length()))
    if later:
        steps.append(ranking.best(_first_of(later, apart + 1)))
    more = (step for step in ranking.spread(candidates, apart, _LEAST_BAD) if step not in steps)
    return [*steps, *more][:_LEAST_BAD]


def _set(steps: Sequence[int]) -> int:
    return sum(1 << step for step in steps)


def _beside(candidates: int, steps: Sequence[int], apart: int) -> int:
    """The candidates that are not close to any of the steps."""
    for step in steps:
        candidates &= ~around(step, apart)
    return candidates


def _slot(question: Question, step: int, cans: Mapping[str, int]) -> Slot:
    absent = [party for party in question.parties if not cans[party.key] >> step & 1]
    starts_at = question.grid.moment(step)
    ends_at = starts_at + question.length
    return _costed(question, starts_at, ends_at, missing(absent, question.grid, starts_at, ends_at))


def _costed(question: Question, starts_at: datetime, ends_at: datetime, found: tuple[Missing, ...]) -> Slot:
    absent = {one.party.key for one in found}
    there = [(one, one.window(question.grid, starts_at, ends_at)) for one in question.parties if one.key not in absent]
    instead = ((one, one.cover(window)) for one, window in there if one.covers)
    notice = _notice(question, starts_at, there)
    return Slot(
        starts_at=starts_at,
        ends_at=ends_at,
        missing=found,
        lacking=tuple(need for need, asked in question.served if all(party.key in absent for party in asked)),
        notice=notice,
        short_notice=notice < question.short_notice,
        covered=tuple(Covered(one, cover) for one, cover in instead if cover is not None),
    )


def _notice(question: Question, starts_at: datetime, there: Sequence[tuple[Party, int]]) -> timedelta:
    """The least open time until then of anybody required who can come; clock time where nobody is."""
    grid = question.grid
    before = grid.from_on(grid.above(question.now)) & ~grid.from_on(grid.below(starts_at))
    told = (one.open_to(window) & before for one, window in there if one.required and one.noticed)
    return min((STEP * each.bit_count() for each in told), default=max(starts_at - question.now, STEP * 0))
