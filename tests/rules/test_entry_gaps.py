"""What a directory entry lacks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from strategy.rules.entry_gaps import AgencyFacts, DeskFacts, gaps
from strategy.vocabulary import Gap, Sector

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHOLE = AgencyFacts(Sector.POLICE, [DeskFacts(True, True, True)], frozenset({0, 1, 2}), frozenset({0, 1, 2}), [NOW])


def test_a_whole_entry_lacks_nothing() -> None:
    assert gaps(WHOLE, NOW) == ()


def test_each_thing_missing_is_named() -> None:
    lame = DeskFacts(email=False, mobile=False, covered=False)
    assert gaps(replace(WHOLE, desks=[lame]), NOW) == (Gap.NO_EMAIL, Gap.NO_MOBILE, Gap.NO_OUT_OF_HOURS)
    assert gaps(replace(WHOLE, desks=[]), NOW) == (Gap.NO_DESK,)
    assert gaps(replace(WHOLE, rungs=frozenset({2})), NOW) == (Gap.NO_RUNG_1,)
    assert gaps(replace(WHOLE, climbed=frozenset(range(5))), NOW) == (Gap.NO_HIGHER_RUNG,)
    assert gaps(replace(WHOLE, climbed=frozenset()), NOW) == ()  # no ladder climbs there


def test_half_a_year_without_word_or_none_ever_is_unverified() -> None:
    for at in (None, NOW - timedelta(days=184)):
        assert gaps(replace(WHOLE, verified_at=[NOW, at]), NOW) == (Gap.UNVERIFIED,)
    assert gaps(replace(WHOLE, verified_at=[NOW - timedelta(days=182)]), NOW) == ()


def test_a_school_needs_terms_and_holiday_cover_instead_of_a_desk_at_night() -> None:
    school = AgencyFacts(
        Sector.EDUCATION, [DeskFacts(True, True, False)], frozenset({1}), frozenset({0, 1}), [], (False, False)
    )
    assert gaps(school, NOW) == (Gap.NO_TERMS, Gap.NO_HOLIDAY_COVER)
    assert gaps(replace(school, school=(True, True)), NOW) == ()
