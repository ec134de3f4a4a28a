"""Holds time cut into steps of five minutes, and sets of steps as the bits of one integer. It knows nobody's diary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self

from strategy.rules.working_time import at_local, local_day

STEP = timedelta(minutes=5)
_MORNING, _AFTERNOON, _DAY = time(0), time(12), timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Grid:
    """So many steps from ``start``, which is aware UTC on a whole five minutes. Bit i of a set is the i-th step."""

    start: datetime
    steps: int

    @classmethod
    def days(cls, first: datetime, last: datetime) -> Self:
        """The whole days in London from that of ``first`` to that of ``last``.

        It is the same grid all day, so that what was painted on it can be kept. Two days a year have 23 or 25 hours.
        """
        start = at_local(local_day(first), _MORNING)
        end = at_local(local_day(max(first, last)) + _DAY, _MORNING)
        return cls(start, (end - start) // STEP)

    @property
    def all(self) -> int:
        """Every step."""
        return (1 << self.steps) - 1

    @property
    def end(self) -> datetime:
        """When the last step is over."""
        return self.start + STEP * self.steps

    def moment(self, step: int) -> datetime:
        """When that step begins, UTC."""
        return (self.start + STEP * step).astimezone(UTC)

    def below(self, moment: datetime) -> int:
        """The step a moment falls into, within the grid."""
        return min(max((moment - self.start) // STEP, 0), self.steps)

    def above(self, moment: datetime) -> int:
        """The first step that begins at that moment or after it, within the grid."""
        return min(max(-((self.start - moment) // STEP), 0), self.steps)

    def from_on(self, step: int) -> int:
        """The steps from that one to the end."""
        return self.all >> step << step

    def touched(self, spans: Iterable[Span]) -> int:
        """The steps of which any part lies in one of the spans: how somebody busy is painted."""
        start, end, found = self.start, self.end, 0
        for begins, ends in spans:
            if begins < end and start < ends and begins < ends:
                first = (begins - start) // STEP if begins > start else 0
                last = -((start - ends) // STEP) if ends < end else self.steps
                found |= ((1 << (last - first)) - 1) << first
        return found

    def covered(self, spans: Iterable[Span]) -> int:
        """The steps that lie wholly in one of the spans: how a desk that is open is painted."""
        found = 0
        for begins, ends in spans:
            first, last = self.above(begins), self.below(ends)
            if last > first:
                found |= ((1 << (last - first)) - 1) << first
        return found

    def crowded(self, spans: Iterable[Span], most: int) -> int:
        """The steps touched by ``most`` or more of the spans. Raises ValueError unless ``most`` is at least 1."""
        if most < 1:
            raise ValueError("a desk has at least one line")
        if most == 1:
            return self.touched(spans)
        layers = [0] * most  # layers[n]: the steps touched by more than n spans
        for span in spans:
            bits = self.touched((span,))
            for number in range(most - 1, 0, -1):
                layers[number] |= layers[number - 1] & bits
            layers[0] |= bits
        return layers[-1]

    def half_day(self, step: int) -> int:
        """The steps of the same morning or afternoon in London."""
        day = local_day(self.moment(step))
        noon = at_local(day, _AFTERNOON)
        spans = (at_local(day, _MORNING), noon), (noon, at_local(day + _DAY, _MORNING))
        return self.covered((spans[self.moment(step) >= noon],))


def runs(bits: int, length: int) -> int:
    """The steps at which ``length`` set bits in a row begin, in about log2(length) operations."""
    have = 1
    while have < length:
        more = min(have, length - have)
        bits &= bits >> more
        have += more
    return bits


def lowest(bits: int) -> int:
    """The first step of a set that is not empty."""
    return (bits & -bits).bit_length() - 1


def steps_in(length: timedelta) -> int:
    """How many steps a discussion of that length takes, at least one."""
    return max(1, -(-length // STEP))
