"""Holds the same search done step by step, as one would write it first: the measure of benchmark and tests.

It looks at every step, asks everybody's sorted list whether they are free, and sorts what it found. It shares nothing
with strategy.rules.slots but the question.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.rules.slots import Question, Span
from strategy.rules.working_time import LONDON

STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Member:
    """A desk or person as two sorted lists of spans that do not overlap."""

    open: Sequence[Span]
    busy: Sequence[Span]

    def free(self, start: datetime, end: datetime) -> bool:
        """Whether they are open and not busy all the time."""
        at = bisect_right(self.open, start, key=lambda span: span[0]) - 1
        if at < 0 or self.open[at][1] < end:
            return False
        at = bisect_right(self.busy, start, key=lambda span: span[0]) - 1
        if at >= 0 and self.busy[at][1] > start:
            return False
        return at + 1 >= len(self.busy) or self.busy[at + 1][0] >= end


@dataclass(frozen=True)
class Found:
    """A step, who is missing at it, and what that is worth (the less the better)."""

    start: datetime
    missing: tuple[str, ...]
    worth: tuple[int, ...]

    @property
    def quorate(self) -> bool:
        """Whether no need is unmet."""
        return self.worth[0] == 0


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same time as spans that do not touch."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def propose(question: Question, members: Mapping[str, Sequence[Member]]) -> list[tuple[datetime, tuple[str, ...]]]:
    """The proposals of a question whose quorum can be met: each time, and who is missing."""
    every = [one for one in _judged(question, members) if one.quorate]
    if not every:
        return []
    apart = max(question.length, timedelta(minutes=30))
    picked: list[Found] = []
    left = every
    while left and len(picked) < 5:
        one = _elsewhere(left, picked)
        picked.append(one)
        left = [other for other in left if abs(other.start - one.start) >= apart]
    soonest: list[Found] = []
    for group in ([one for one in every if one.worth[-1] == 0], every):
        if group and group[0].start + apart <= min(one.start for one in picked + soonest):
            soonest.append(_best([one for one in group if one.start < group[0].start + apart]))
    return [(one.start, one.missing) for one in picked[: 5 - len(soonest)] + soonest]


def _judged(question: Question, members: Mapping[str, Sequence[Member]]) -> list[Found]:
    enough = {
        party.key: _told(question, members[party.key]) for party in question.parties if party.required and party.noticed
    }
    found, start = [], question.grid.start
    while start <= question.due_at:
        if start >= question.now + question.lead:
            found.append(_judge(question, members, start, enough))
        start += STEP
    return found


def _judge(
    question: Question,
    members: Mapping[str, Sequence[Member]],
    start: datetime,
    enough: Mapping[str, datetime | None],
) -> Found:
    end = start + question.length
    absent = tuple(
        party.key for party in question.parties if not any(one.free(start, end) for one in members[party.key])
    )
    needs = [[party.key for party in question.parties if party.role in need.roles] for need in question.needs]
    lacking = sum(bool(asked) and all(key in absent for key in asked) for asked in needs)
    required = sum(party.required and party.key in absent for party in question.parties)
    short = any((told is None or start < told) and key not in absent for key, told in enough.items())
    return Found(start, absent, (lacking, required, len(absent) - required, int(short)))


def _told(question: Question, members: Sequence[Member]) -> datetime | None:
    """By when they have been open for as long as fair notice takes."""
    at, left = question.now, question.short_notice
    while left > timedelta():
        if at >= question.grid.end:
            return None
        if any(start <= at and at + STEP <= end for one in members for start, end in one.open):
            left -= STEP
        at += STEP
    return at


def _best(found: Sequence[Found]) -> Found:
    first = min(found, key=lambda one: (one.worth, one.start))
    for one in found:
        if (
            one.worth == first.worth
            and first.start <= one.start < first.start + 3 * STEP
            and one.start.minute % 15 == 0
        ):
            return one
    return first


def _elsewhere(left: Sequence[Found], picked: Sequence[Found]) -> Found:
    halves = [_half(one) for one in picked]
    others = [one for one in left if halves.count(_half(one)) < 3]
    best = _best(left)
    if not others:
        return best
    other = _best(others)
    return other if other.worth <= best.worth else best


def _half(one: Found) -> tuple[object, bool]:
    local = one.start.astimezone(LONDON)
    return local.date(), local.hour >= 12
