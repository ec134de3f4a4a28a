"""Holds how several discussions share the same desks: who goes when, so that as many as possible meet their target.

One discussion's own times are rules.slots'; nothing here is booked, it is a plan a person may follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from strategy.rules.slots.steps import lowest, runs

_ROUNDS = 120  # of trying again with those that came too late put first
_LOOKS = 20_000  # at most, while every order of a few is tried


@dataclass(frozen=True, slots=True)
class Waiter:
    """A discussion to place. ``steps`` are those at which everybody but the shared desks could begin; ``length`` is
    in steps, ``due`` the last step at which it may begin to meet its target (-1: none is); ``desks`` are the shared
    ones it asks. ``instead`` are, by one of those, who stands in for it and the steps at which they are asked, none
    of them asked of two.
    """

    key: str
    steps: int
    length: int
    due: int
    desks: tuple[str, ...]
    instead: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def asks(self, step: int) -> list[str]:
        """The desks asked for a beginning at that step."""
        return [self._asks(key, step) for key in self.desks]

    def _asks(self, key: str, step: int) -> str:
        return next((cover for cover, steps in self.instead.get(key, ()) if steps >> step & 1), key)

    @property
    def slack(self) -> int:
        """At how many steps it could begin in time."""
        return (self.steps & ((1 << (self.due + 1)) - 1)).bit_count()


@dataclass(frozen=True, slots=True)
class SharedDesk:
    """A desk several ask: when it is open, how many discussions it can be in at once, those it is asked to already.

    ``open`` and each of ``asked`` are sets of steps.
    """

    open: int
    lines: int = 1
    asked: tuple[int, ...] = ()


Plan = Mapping[str, int]  # by the waiter's key, the step at which it begins; who fits nowhere has none


def place(waiters: Sequence[Waiter], desks: Mapping[str, SharedDesk]) -> Plan:
    """A plan by which as many as possible begin by their target; the others follow as soon as they can.

    Nothing is gained by beginning later than one can, so a plan is an order in which each takes the first step left
    to it. The soonest target and the least slack go first; then those that came too late are put in front, again and
    again. Of a few waiters every order that could be better is tried, and the plan is the best there is. Those who
    come too late then go as far to the front as costs nobody their target.
    """
    order = sorted(waiters, key=lambda one: (one.due, one.slack))
    best: list[Waiter] = []
    for _ in range(_ROUNDS):
        met = _met(order, desks)
        if len(met) > len(best):
            best = met
        late = [one for one in order if one not in met]
        if not late:
            break
        order = [*late, *met]
    best = _Search(waiters, desks, best).best()
    return first_come(_with_late(best, waiters, desks), desks)


def first_come(waiters: Sequence[Waiter], desks: Mapping[str, SharedDesk]) -> Plan:
    """Each, in the order given, takes the first step left: what happens when nobody plans."""
    board, plan = _Board(desks), {}
    for one in waiters:
        step = board.first(one)
        if step is not None:
            board.take(one, step)
            plan[one.key] = step
    return plan


def in_time(waiters: Sequence[Waiter], plan: Plan) -> list[Waiter]:
    """Those whose place in the plan meets their target."""
    return [one for one in waiters if one.key in plan and plan[one.key] <= one.due]


def _met(order: Sequence[Waiter], desks: Mapping[str, SharedDesk]) -> list[Waiter]:
    """Those that meet their target in that order; who would be late takes nobody's place."""
    board, met = _Board(desks), []
    for one in order:
        step = board.first(one)
        if step is not None and step <= one.due:
            board.take(one, step)
            met.append(one)
    return met


def _with_late(met: list[Waiter], waiters: Sequence[Waiter], desks: Mapping[str, SharedDesk]) -> list[Waiter]:
    """Those who meet their target, with the others among them as far in front as can be, the longest overdue first."""
    order = list(met)
    for one in sorted((one for one in waiters if one not in met), key=lambda one: one.due):
        tries = ([*order[:place], one, *order[place:]] for place in range(len(order) + 1))
        order = next((each for each in tries if len(in_time(each, first_come(each, desks))) >= len(met)), [*order, one])
    return order


class _Board:
    """What is left of each desk while a plan is made."""

    def __init__(self, desks: Mapping[str, SharedDesk]) -> None:
        self._open = {key: desk.open for key, desk in desks.items()}
        # by desk, as many sets of steps as it has lines: those in which it is asked to more than 0, 1, 2 … discussions
        self._asked = {key: [0] * desk.lines for key, desk in desks.items()}
        for key, desk in desks.items():
            for window in desk.asked:
                self._ask(key, window)

    def first(self, one: Waiter) -> int | None:
        """The first step left to somebody; None when there is none."""
        found = one.steps
        for key in one.desks:
            free = self._free(key, one.length)
            for cover, steps in one.instead.get(key, ()):
                free |= self._free(cover, one.length) & steps
            found &= free
        return lowest(found) if found else None

    def take(self, one: Waiter, step: int) -> dict[str, list[int]]:
        """Ask the desks for that time; what they were asked for before."""
        keys = one.asks(step)
        before = {key: list(self._asked[key]) for key in keys}
        for key in keys:
            self._ask(key, ((1 << one.length) - 1) << step)
        return before

    def give_back(self, before: Mapping[str, list[int]]) -> None:
        """Undo the last take."""
        self._asked.update(before)

    def _free(self, key: str, length: int) -> int:
        return runs(self._open[key] & ~self._asked[key][-1], length)

    def _ask(self, key: str, window: int) -> None:
        layers = self._asked[key]
        for number in range(len(layers) - 1, 0, -1):
            layers[number] |= layers[number - 1] & window
        layers[0] |= window


class _Search:
    """Every order that could beat the best so far, until it is found to be the best or too many were looked at.

    Only orders by beginning are needed: a plan in which each has the first step left keeps its steps when it is made
    again in the order of its steps.
    """

    def __init__(self, waiters: Sequence[Waiter], desks: Mapping[str, SharedDesk], best: list[Waiter]) -> None:
        self._waiters, self._board, self._best, self._looks = waiters, _Board(desks), best, _LOOKS

    def best(self) -> list[Waiter]:
        """The best order found."""
        self._look([], sorted(self._waiters, key=lambda one: (one.due, one.slack)), 0)
        return self._best

    def _look(self, order: list[Waiter], left: Sequence[Waiter], since: int) -> None:
        if len(order) > len(self._best):
            self._best = list(order)
        hopeful = [(one, step) for one in left if (step := self._board.first(one)) is not None and step <= one.due]
        for one, step in hopeful:
            if len(order) + len(hopeful) <= len(self._best) or self._looks == 0:
                return
            if step < since:
                continue
            self._looks -= 1
            before = self._board.take(one, step)
            self._look([*order, one], [other for other, _ in hopeful if other is not one], step)
            self._board.give_back(before)
