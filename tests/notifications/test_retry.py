"""Waits between attempts."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.retry import ATTEMPTS, CAP, Urgency, exhausted, next_delay

URGENCIES = st.sampled_from(list(Urgency))


@given(st.integers(1, 5_000), URGENCIES, st.integers())
def test_a_wait_is_at_least_half_its_step_and_never_over_the_cap(attempt: int, urgency: Urgency, seed: int) -> None:
    step = min(CAP[urgency], timedelta(seconds=15) * 2 ** min(attempt - 1, 20))
    assert step / 2 <= next_delay(attempt, random.Random(seed), urgency) <= step


@given(st.integers(1, 20), URGENCIES, st.integers(0, 100_000))
def test_a_wait_is_no_shorter_than_the_provider_asks_up_to_the_cap(attempt: int, urgency: Urgency, asked: int) -> None:
    wait = next_delay(attempt, random.Random(1), urgency, timedelta(seconds=asked))
    assert min(timedelta(seconds=asked), CAP[urgency]) <= wait <= CAP[urgency]


def test_two_messages_do_not_come_back_together() -> None:
    rng = random.Random(7)
    assert len({next_delay(5, rng) for _ in range(20)}) == 20


def test_urgent_attempts_are_over_in_ten_minutes() -> None:
    class Latest(random.Random):
        def random(self) -> float:
            return 1.0

    waits = (next_delay(number, Latest(), Urgency.URGENT) for number in range(1, ATTEMPTS[Urgency.URGENT]))
    assert timedelta(minutes=5) < sum(waits, timedelta()) <= timedelta(minutes=10)


def test_attempts_end() -> None:
    assert [exhausted(number, Urgency.URGENT) for number in (1, 7, 8, 9)] == [False, False, True, True]
    assert [exhausted(number) for number in (1, 11, 12)] == [False, False, True]


def test_attempts_count_from_one() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        next_delay(0, random.Random(1))
