"""Measures the search for a time: 12 agencies of 25 desks and people, 500 busy intervals each, over a working week.

Compared with the same search step by step (_every_step.py), which must find the same. Then a day: 40 discussions that
share police and health desks, placed by rules.placing and first come, first served.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from time import perf_counter
from typing import TypeVar

from benchmarks import _every_step
from benchmarks._every_step import Member, merged
from strategy.rules.placing import Plan, SharedDesk, Waiter, first_come, in_time, place
from strategy.rules.policy import Need
from strategy.rules.slots import STEP, Availability, Grid, Party, Proposals, Question, Span, propose
from strategy.rules.working_time import Calendar, OpeningHours

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Grid.days(MONDAY, MONDAY + timedelta(days=4))
NOW = MONDAY + timedelta(hours=8)
AGENCIES, DESKS, INTERVALS = 12, 25, 500
REQUIRED, NEEDED = 8, 4
LENGTH = timedelta(minutes=45)
HOURS = (OpeningHours.always(), OpeningHours.weekdays(time(8), time(20)), OpeningHours.weekdays(time(9), time(17)))

Result = TypeVar("Result")
Diaries = Mapping[str, Sequence[tuple[Sequence[Span], Sequence[Span]]]]  # by agency, each desk's open and busy spans


def diaries(dice: Random) -> Diaries:
    """The week of every desk and person."""
    opens = [hours.spans(WEEK.start, WEEK.end, Calendar()) for hours in HOURS]
    return {
        f"agency-{agency}": [(opens[agency % len(opens)], _busy(dice)) for _ in range(DESKS)]
        for agency in range(AGENCIES)
    }


def _busy(dice: Random) -> list[Span]:
    """Five hundred short intervals, day and night, overlapping as diaries do: two thirds of the time is taken."""
    found = []
    for _ in range(INTERVALS):
        start = MONDAY + STEP * dice.randrange(5 * 24 * 12)
        found.append((start, start + STEP * dice.randrange(1, 6)))
    return found


def painted(some: Diaries) -> list[Party]:
    """The parties with their time as sets of steps: what is done once a diary, not once a search."""
    opens: dict[int, int] = {}
    parties = []
    for number, (key, desks) in enumerate(some.items()):
        members = []
        for hours, busy in desks:
            if id(hours) not in opens:
                opens[id(hours)] = WEEK.covered(hours)
            members.append(Availability(opens[id(hours)], WEEK.all, busy=WEEK.touched(busy)))
        parties.append(Party(key, key, key, key, number < REQUIRED, members))
    return parties


def question(parties: Sequence[Party]) -> Question:
    """Before Friday's close of business, with four needs in the quorum."""
    needs = [Need(party.key, party.name, (party.role,)) for party in parties[:NEEDED]]
    due = MONDAY + timedelta(days=4, hours=17)
    return Question(WEEK, NOW, None, due, LENGTH, parties, needs, timedelta(minutes=120))


def seconds(what: Callable[[], Result], times: int) -> tuple[float, Result]:
    """The shortest of so many runs, and the result of the last."""
    shortest = float("inf")
    for _ in range(times):
        begun = perf_counter()
        result = what()
        shortest = min(shortest, perf_counter() - begun)
    return shortest, result


def searched() -> tuple[float, float, float]:
    """Seconds of the search step by step, of ours with the diaries painted, and of ours from the bare intervals."""
    some = diaries(Random(20261123))
    members = {key: [Member(merged(hours), merged(busy)) for hours, busy in desks] for key, desks in some.items()}
    parties = painted(some)
    cold, _ = seconds(lambda: propose(question(painted(some))), 3)
    warm, found = seconds(lambda: propose(question(parties)), 30)
    plain, expected = seconds(lambda: _every_step.propose(question(parties), members), 3)
    if _plainly(found) != expected or len(expected) < 2:
        raise SystemExit("slots: the two searches differ, or there was too little to find")
    return plain, warm, cold


def _plainly(found: Proposals) -> list[tuple[datetime, tuple[str, ...]]]:
    return [(slot.starts_at, tuple(one.party.key for one in slot.missing)) for slot in found.slots]


def day() -> tuple[list[Waiter], dict[str, SharedDesk]]:
    """Forty discussions decided during one day, in the order they came, and the desks all of them ask.

    A fifth must be held within two hours, two fifths the same day, the rest within three days. Police have three
    lines all day, each of two health desks two in office hours; chairs and social workers have gaps of their own.
    """
    dice = Random(40)
    grid = Grid.days(MONDAY, MONDAY + timedelta(days=2))
    office = grid.covered(HOURS[2].spans(grid.start, grid.end, Calendar()))
    police = grid.covered(OpeningHours.weekdays(time(8), time(20)).spans(grid.start, grid.end, Calendar()))
    desks = {
        "police": SharedDesk(police, 3),
        "health-north": SharedDesk(office, 2),
        "health-south": SharedDesk(office, 2),
    }
    decided = sorted(MONDAY + timedelta(hours=8.5) + STEP * dice.randrange(84) for _ in range(40))
    return [_waiter(number, at, grid, police, dice) for number, at in enumerate(decided)], desks


def _waiter(number: int, decided: datetime, grid: Grid, open_: int, dice: Random) -> Waiter:
    length = dice.choice((6, 9, 9, 12))
    within = dice.choices((timedelta(hours=2), timedelta(hours=24) - (decided - MONDAY), timedelta(days=3)), (1, 2, 2))[
        0
    ]
    starts = [MONDAY + timedelta(hours=dice.uniform(9, 60)) for _ in range(6)]
    own = open_ & ~grid.touched((start, start + timedelta(minutes=dice.choice((30, 60, 90)))) for start in starts)
    steps = grid.from_on(grid.above(decided + timedelta(minutes=15)))
    for ahead in range(length):
        steps &= own >> ahead
    desk = dice.choice(("health-north", "health-south"))
    return Waiter(f"discussion-{number}", steps, length, grid.below(decided + within), ("police", desk))


def met(waiters: list[Waiter], plan: Plan) -> int:
    """How many meet their target."""
    return len(in_time(waiters, plan))


def main() -> None:
    """Print the one line."""
    plain, warm, cold = searched()
    waiters, desks = day()
    took, plan = seconds(lambda: place(waiters, desks), 1)
    ours, theirs = met(waiters, plan), met(waiters, first_come(waiters, desks))
    searches = f"{AGENCIES} agencies x {DESKS} desks and people x {INTERVALS} busy intervals, 5 days in steps of 5 min"
    times = f"{plain * 1000:.0f} ms, ours {warm * 1000:.2f} ms with diaries painted, {cold * 1000:.0f} ms cold"
    placed = f"a day of {len(waiters)}: {ours} meet their target, first come first served {theirs}, in {took:.2f} s"
    sys.stdout.write(f"slots: {plain / warm:.1f} x EVERY-STEP ({searches}: {times}; {placed})\n")


if __name__ == "__main__":
    main()
