"""When a diary is read again, when it is stale, and spans joined."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.diaries import Span, is_stale, merged, wait, within

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_minutes = st.integers(0, 600).map(lambda number: NOW + timedelta(minutes=number))
_spans = st.lists(st.tuples(_minutes, _minutes), max_size=12)


def covered(spans: list[Span] | tuple[Span, ...]) -> set[datetime]:
    return {
        NOW + timedelta(minutes=n) for n in range(600) if any(b <= NOW + timedelta(minutes=n) < e for b, e in spans)
    }


@given(_spans)
def test_joined_spans_cover_the_same_time_in_order_and_apart(spans: list[Span]) -> None:
    joined = merged(spans)
    assert covered(joined) == covered(spans)
    assert all(begins < ends for begins, ends in joined)
    assert all(first[1] < second[0] for first, second in pairwise(joined))


@given(_spans, _minutes, _minutes)
def test_spans_are_cut_to_what_was_asked_for(spans: list[Span], start: datetime, end: datetime) -> None:
    cut = within(spans, start, end)
    assert covered(cut) == {moment for moment in covered(spans) if start <= moment < end}


def test_a_diary_is_stale_after_an_hour_when_it_fails_and_when_it_was_never_read() -> None:
    assert not is_stale(NOW - timedelta(minutes=60), 0, NOW)
    assert is_stale(NOW - timedelta(minutes=61), 0, NOW)
    assert is_stale(NOW - timedelta(minutes=1), 1, NOW)
    assert is_stale(None, 0, NOW)


def test_what_may_pass_is_tried_again_soon_and_what_somebody_must_mend_seldom() -> None:
    assert [int(wait(n, mended_by_people=False).total_seconds() / 60) for n in (1, 2, 3, 7, 90)] == [1, 2, 4, 60, 60]
    assert [int(wait(n, mended_by_people=True).total_seconds() / 3600) for n in (1, 2, 3, 6, 90)] == [1, 2, 4, 24, 24]


def test_a_servers_own_wish_is_honoured_up_to_a_day() -> None:
    assert wait(1, mended_by_people=False, again=timedelta(minutes=30)) == timedelta(minutes=30)
    assert wait(1, mended_by_people=False, again=timedelta(days=300)) == timedelta(days=1)
