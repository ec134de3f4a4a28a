"""The search by sets of steps against the same search step by step, and what no proposal may do."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import _every_step
from benchmarks._every_step import Member, merged
from strategy.rules.policy import Need
from strategy.rules.slots import STEP, Availability, Grid, Party, Question, Span, propose, runs

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
GRID = Grid.days(MONDAY, MONDAY + timedelta(days=3))
ROLES = ("police", "health-0-19", "health-gp", "education", "chair")
NEEDS = (Need("police", "Police", ("police",)), Need("health", "Health", ("health-0-19", "health-gp")))

moments = st.integers(0, 24 * 12 * 2).map(lambda step: MONDAY + STEP * step)
spans = st.builds(lambda start, steps: (start, start + STEP * steps), moments, st.integers(1, 60))
members = st.builds(
    lambda opens, busy: Member(merged(opens), merged(busy)),
    st.lists(spans, min_size=1, max_size=4).map(lambda some: [*some, (MONDAY, MONDAY + STEP * 200)]),
    st.lists(spans, max_size=5),
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, dict[str, list[Member]]]:
    """Some parties with some diaries, in the middle of a day, with a target that day or the next."""
    people = {role: draw(st.lists(members, min_size=1, max_size=2)) for role in ROLES}
    required = draw(st.sets(st.sampled_from(ROLES)))
    parties = [
        Party(role, role, role, role, role in required, [_painted(one) for one in people[role]], role != "chair")
        for role in ROLES
    ]
    now = MONDAY + timedelta(hours=draw(st.integers(0, 20)))
    due = now + STEP * draw(st.integers(12, 24 * 12))
    length = timedelta(minutes=draw(st.sampled_from((15, 20, 45, 60))))
    return Question(GRID, now, None, due, length, parties, NEEDS, timedelta(minutes=120)), people


def _painted(one: Member) -> Availability:
    return Availability(GRID.covered(one.open), GRID.all, busy=GRID.touched(one.busy))


@given(questions())
@settings(max_examples=60)
def test_it_proposes_what_the_search_step_by_step_proposes(
    asked: tuple[Question, dict[str, list[Member]]],
) -> None:
    question, people = asked
    found = propose(question)
    plain = _every_step.propose(question, people)
    assert found.fits == bool(plain)
    if found.fits:
        proposed = [
            (slot.starts_at, tuple(one.party.key for one in slot.missing)) for slot in found.slots if slot.quorate
        ]
        assert proposed[: len(plain)] == plain


@given(questions())
@settings(max_examples=60)
def test_no_proposal_is_too_soon_too_late_or_beside_another(
    asked: tuple[Question, dict[str, list[Member]]],
) -> None:
    question, _ = asked
    found = propose(question)
    assert 1 <= len(found.slots) <= (5 if found.fits else 3)
    starts = sorted(slot.starts_at for slot in found.slots)
    assert starts[0] >= question.now + question.lead
    assert len(set(starts)) == len(starts)
    if found.fits:
        assert found.slots[0].quorate
    if sum(slot.quorate for slot in found.slots) > 3:
        assert starts[-1] <= question.due_at


@given(st.lists(spans, max_size=8), st.integers(1, 12), st.integers(1, 3))
def test_sets_of_steps_say_what_the_spans_say(some: list[Span], length: int, lines: int) -> None:
    crowded = GRID.crowded(some, lines)
    free = runs(GRID.all & ~crowded, length)
    for step in range(0, GRID.steps, 7):
        counts = [
            sum(start < GRID.moment(at) + STEP and GRID.moment(at) < end for start, end in some)
            for at in range(step, step + length)
        ]
        fits = step + length <= GRID.steps
        assert bool(free >> step & 1) == (fits and max(counts) < lines)
        assert bool(crowded >> step & 1) == (counts[0] >= lines)
