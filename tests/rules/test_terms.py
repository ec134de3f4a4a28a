"""Whether a school is in term, and what term dates do to what somebody ticked."""

from datetime import date

import pytest

from strategy.rules.invitees import with_terms
from strategy.rules.terms import Dates, clashing, in_term

AUTUMN = Dates(date(2026, 9, 1), date(2026, 12, 18))
SPRING = Dates(date(2027, 1, 4), date(2027, 3, 26))
HOLIDAYS = frozenset({"school-holidays"})


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 9, 1), True),
        (date(2026, 12, 18), True),
        (date(2026, 12, 19), False),
        (date(2027, 1, 3), False),
        (date(2027, 3, 26), True),
        (date(2026, 8, 31), None),
        (date(2027, 3, 27), None),
    ],
)
def test_a_day_is_in_term_in_holidays_or_beyond_what_is_known(day: date, open_: bool | None) -> None:
    assert in_term([SPRING, AUTUMN], day) is open_
    assert in_term([], day) is None


def test_terms_do_not_share_a_day() -> None:
    assert clashing([AUTUMN], Dates(date(2026, 12, 18), date(2026, 12, 19)))
    assert not clashing([AUTUMN], SPRING)


@pytest.mark.parametrize(
    ("ticked", "in_terms", "said"),
    [
        (frozenset(), [False], True),
        (frozenset(), [True, False], True),
        (HOLIDAYS, [True], False),
        (HOLIDAYS, [True, None], True),
        (HOLIDAYS, [], True),
        (frozenset(), [None], False),
    ],
)
def test_term_dates_say_whether_it_is_holidays_and_where_they_do_not_the_tick_stands(
    ticked: frozenset[str], in_terms: list[bool | None], said: bool
) -> None:
    assert ("school-holidays" in with_terms(ticked, in_terms)) is said
