"""Holds how moments are ranked: all at once, as sets of steps, so that none is looked at by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from strategy.rules.slots.steps import Grid, lowest

_QUARTER = 3  # steps
_MOST_IN_A_HALF_DAY = 3

Planes = Sequence[int]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What each step of a grid is worth as a beginning.

    ``tiers`` count who is missing at it, the gravest tier first: needs of the quorum, others required, the rest.
    A tier is a number for each step, written in binary across its planes: plane k holds bit k of every number.
    ``fair`` are the steps that give fair notice. Between equals the sooner is worth more: it leaves more time before
    the warning and the target.
    """

    grid: Grid
    tiers: tuple[Planes, ...]
    fair: int

    def best(self, candidates: int) -> int:
        """The best of the candidates, of which there must be one; on a whole quarter of an hour when that is equal."""
        for planes in self.tiers:
            candidates = _fewest(candidates, planes)
        candidates = candidates & self.fair or candidates
        first = lowest(candidates)
        quarter = -(-first // _QUARTER) * _QUARTER
        return quarter if candidates >> quarter & 1 else first

    def worth(self, step: int) -> tuple[int, ...]:
        """How many are missing at a step, tier by tier, and whether it gives short notice: the less the better."""
        counts = [sum((plane >> step & 1) << number for number, plane in enumerate(tier)) for tier in self.tiers]
        return (*counts, 1 - (self.fair >> step & 1))

    def quorate(self, candidates: int) -> int:
        """Those at which every need of the quorum is met."""
        for plane in self.tiers[0]:
            candidates &= ~plane
        return candidates

    def spread(self, candidates: int, apart: int, count: int) -> list[int]:
        """The best so many, best first, none closer to another than ``apart`` steps.

        Three of one morning or afternoon are enough, while another half day offers as much.
        """
        found: list[int] = []
        halves: dict[int, int] = {}
        while candidates and len(found) < count:
            step = self._elsewhere(candidates, halves)
            found.append(step)
            half = self.grid.half_day(step)
            halves[half] = halves.get(half, 0) + 1
            candidates &= ~around(step, apart)
        return found

    def _elsewhere(self, candidates: int, halves: dict[int, int]) -> int:
        best, others = self.best(candidates), candidates
        for half, count in halves.items():
            if count >= _MOST_IN_A_HALF_DAY:
                others &= ~half
        if others in (0, candidates):
            return best
        other = self.best(others)
        return other if self.worth(other) <= self.worth(best) else best


def counted(sets: Iterable[int]) -> Planes:
    """For each step, in how many of the sets it is: binary addition, done for all steps at once."""
    planes: list[int] = []
    for carry in sets:
        for number in range(len(planes)):
            planes[number], carry = planes[number] ^ carry, planes[number] & carry
        if carry:
            planes.append(carry)
    return planes


def _fewest(candidates: int, planes: Planes) -> int:
    """The candidates whose number is the least."""
    for plane in reversed(planes):
        candidates = candidates & ~plane or candidates
    return candidates


def around(step: int, apart: int) -> int:
    """The steps closer to one than ``apart``."""
    first = max(step - apart + 1, 0)
    return ((1 << (step + apart - first)) - 1) << first


def after(bits: int, first: int, count: int) -> int | None:
    """The step by which so many set bits have passed from ``first`` on; None when there are fewer."""
    ahead = bits >> first
    if ahead.bit_count() < count:
        return None
    low, high = 0, ahead.bit_length()
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if (ahead & ((1 << middle) - 1)).bit_count() >= count else (middle + 1, high)
    return first + low
