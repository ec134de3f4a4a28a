"""What a desk board works out: how long it stays open, and which of its meetings clash."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.board import LONGEST, SHORTEST, Seat, clashes, open_until

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
_MINUTES = st.integers(min_value=0, max_value=600)


def seat(key: int, begins: int, until: int, who: str | None = None, *, free: bool = False) -> Seat:
    return Seat(key, f"R{key}", NOW + timedelta(minutes=begins), NOW + timedelta(minutes=until), who, free)


@st.composite
def seats(draw: st.DrawFn) -> list[Seat]:
    spans = draw(st.lists(st.tuples(_MINUTES, st.integers(1, 90), st.sampled_from([None, "Jo", "Kim"])), max_size=12))
    return [seat(key, begins, begins + length, who) for key, (begins, length, who) in enumerate(spans)]


def test_a_board_stays_open_until_the_turn_ends() -> None:
    assert open_until([NOW + timedelta(hours=5), NOW + timedelta(hours=3)], NOW) == NOW + timedelta(hours=5)


def test_without_a_rota_it_stays_open_for_twelve_hours_and_never_longer() -> None:
    assert open_until([], NOW) == NOW + LONGEST
    assert open_until([NOW + timedelta(days=7)], NOW) == NOW + LONGEST


def test_opened_as_the_shift_ends_it_stays_open_for_an_hour() -> None:
    assert open_until([NOW + timedelta(minutes=5)], NOW) == NOW + SHORTEST


def test_one_person_in_two_meetings_at_once_is_named_however_it_is_written() -> None:
    found = clashes([seat(1, 0, 45, "Jo Sample"), seat(2, 30, 60, "jo  sample")])
    assert [one.who for one in found[1]] == ["Jo Sample"] and found[1][0].reference == "R2"


def test_the_same_person_comes_before_the_same_time() -> None:
    found = clashes([seat(1, 0, 90, "Jo"), seat(2, 10, 30, "Kim"), seat(3, 40, 60, "Jo")])
    assert [(one.reference, one.who) for one in found[1]] == [("R3", "Jo"), ("R2", None)]


def test_meetings_that_touch_do_not_clash() -> None:
    assert clashes([seat(1, 0, 45, "Jo"), seat(2, 45, 90, "Jo")]) == {}


def test_nobody_named_twice_is_no_same_person() -> None:
    assert [one.who for one in clashes([seat(1, 0, 45), seat(2, 0, 45)])[1]] == [None]


def test_where_nobody_goes_nothing_is_in_the_way() -> None:
    assert clashes([seat(1, 0, 45, "Jo"), seat(2, 0, 45, free=True)]) == {}


@given(seats())
def test_whoever_clashes_with_another_is_clashed_with(found: list[Seat]) -> None:
    by_key = {one.key: {clash.reference for clash in clashes(found).get(one.key, ())} for one in found}
    for key, others in by_key.items():
        assert f"R{key}" not in others
        assert all(f"R{key}" in by_key[int(other[1:])] for other in others)
