"""Wild 24: one text a minute and five in a quarter of an hour to one phone, and every one of them in the end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.turns import APART, MOST, WITHIN, next_turn

NOW = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)


def ago(**spans: int) -> datetime:
    return NOW - timedelta(**spans)


def test_wild_24_a_phone_that_had_nothing_lately_may_be_written_to_now() -> None:
    assert next_turn([], NOW) is None
    assert next_turn([ago(minutes=1)], NOW) is None
    assert next_turn([ago(minutes=16), ago(hours=3)], NOW) is None


def test_wild_24_the_second_within_a_minute_waits_for_its_end() -> None:
    assert next_turn([ago(seconds=20)], NOW) == NOW + timedelta(seconds=40)


def test_wild_24_the_sixth_waits_until_the_first_of_five_is_a_quarter_of_an_hour_old() -> None:
    taken = [ago(minutes=number) for number in (2, 4, 6, 8, 10)]
    assert next_turn(taken, NOW) == NOW + timedelta(minutes=5)


@given(st.lists(st.integers(0, 1200), max_size=12))
def test_whoever_waits_for_their_turns_keeps_both_limits_and_all_get_through(seconds: list[int]) -> None:
    sent: list[datetime] = []
    for asked in sorted(seconds):
        at = NOW + timedelta(seconds=asked)
        at = max([at, *sent])
        while (free := next_turn(sent, at)) is not None:
            assert free > at
            at = free
        sent.append(at)
    assert len(sent) == len(seconds)
    assert all(later - earlier >= APART for earlier, later in zip(sent, sent[1:], strict=False))
    assert all(later - earlier >= WITHIN for earlier, later in zip(sent, sent[MOST:], strict=False))
