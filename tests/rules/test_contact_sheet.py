"""The case system's list: what each row means, and what is wrong with it, by row and column."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.contact_sheet import COLUMNS, Duplicate, Problem, Reading, WrongHeading, moment, read

NOW = datetime(2026, 11, 27, 16, tzinfo=UTC)
CONCERNS = {"standard": "standard", "missing": "missing", "missing child, looked after": "missing", "fii": "fii"}
HEADER = ("Case reference", "RECEIVED_AT", "decided at", "decided by", "concerns", "receiving worker email")


def reading(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Reading:
    padded = [(number, (row + ("",) * len(header))[: len(header)]) for number, row in enumerate(rows, start=2)]
    return read(header, padded, CONCERNS, NOW)


def complaint(*row: str) -> list[tuple[str, str]]:
    return [(one.column, one.words) for one in reading(row).problems]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("27/11/2026 15:30", datetime(2026, 11, 27, 15, 30, tzinfo=UTC)),
        ("1/6/2026 9:05", datetime(2026, 6, 1, 8, 5, tzinfo=UTC)),
        ("2026-06-01T09:05", datetime(2026, 6, 1, 8, 5, tzinfo=UTC)),
        ("2026-11-27 15:30:20", datetime(2026, 11, 27, 15, 30, 20, tzinfo=UTC)),
        ("2026-06-01T09:05Z", datetime(2026, 6, 1, 9, 5, tzinfo=UTC)),
        ("2026-11-27T15:30+01:00", datetime(2026, 11, 27, 14, 30, tzinfo=UTC)),
        ("27/11/2026", datetime(2026, 11, 27, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 5, 31, 23, tzinfo=UTC)),
        ("25/10/2026 01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # happens twice: the first
        ("31/11/2026 10:00", None),
        ("27/11/26 10:00", None),
        ("27/11/2026 25:00", None),
        ("11-27-2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments_are_londons_as_offices_write_them(text: str, meant: datetime | None) -> None:
    assert moment(text) == meant


@pytest.mark.parametrize("text", ["29/03/2026 01:30", "2026-03-29T01:30", "2026-03-29 01:59:59"])
def test_an_hour_the_clocks_jump_over_is_refused_in_words(text: str) -> None:
    assert complaint("4471-A", text) == [("received at", "is a time that is not: the clocks go forward then")]


@pytest.mark.parametrize(
    "text", ["29/03/2026 00:59", "29/03/2026 02:00", "2026-03-29T01:30Z", "2026-03-29T01:30+00:00"]
)
def test_the_hours_beside_it_and_those_with_an_offset_are_taken(text: str) -> None:
    assert complaint("4471-A", text) == []


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_the_reading_of_a_moment(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC


def test_a_whole_row_becomes_an_entry() -> None:
    row = (" 4471-A ", "27/11/2026 09:00", "27/11/2026 10:00", "Terry Example", "Standard; missing", "SAM@x.example")
    (entry,) = reading(row).entries
    assert (entry.row, entry.case_reference, entry.decided_by) == (2, "4471-A", "Terry Example")
    assert entry.received_at == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert entry.decided_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert entry.concerns == ("standard", "missing")
    assert entry.worker_email == "sam@x.example"


def test_an_undecided_contact_needs_no_concern() -> None:
    (entry,) = reading(("4471-A", "27/11/2026 09:00")).entries
    assert (entry.decided_at, entry.concerns, entry.worker_email) == (None, (), None)


def test_a_concern_with_a_comma_in_its_name_is_one_and_commas_part_the_others() -> None:
    assert reading(("1", "27/11/2026 09:00", "", "", "Missing child, looked after; fii")).entries[0].concerns == (
        "missing",
        "fii",
    )
    assert reading(("1", "27/11/2026 09:00", "", "", "fii, standard, fii")).entries[0].concerns == ("fii", "standard")


def test_a_decision_on_the_same_day_without_a_time_is_not_before_the_contact_came_in() -> None:
    (entry,) = reading(("1", "26/11/2026 09:00", "26/11/2026", "T. Example", "standard")).entries
    assert entry.decided_at == entry.received_at


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("", "27/11/2026 09:00"), "case reference", "is empty"),
        (("4" * 41, "27/11/2026 09:00"), "case reference", "must be 40 characters or fewer"),
        (("44\x0771", "27/11/2026 09:00"), "case reference", "must be one line of plain words"),
        (("1", ""), "received at", "is empty"),
        (("1", "soon"), "received at", "must be a date and time, like 27/11/2026 15:30 or 2026-11-27T15:30"),
        (("1", "28/11/2026 09:00"), "received at", "is later than now"),
        (("1", "25/11/2025 09:00"), "received at", "is more than a year ago: check the year"),
        (
            ("1", "27/11/2026 09:00", "27/11/2026 08:00", "T", "standard"),
            "decided at",
            "is earlier than the contact came in",
        ),
        (("1", "27/11/2026 09:00", "27/11/2026 17:00", "T", "standard"), "decided at", "is later than now"),
        (
            ("1", "27/11/2026 09:00", "27/11/2026 10:00", "", "standard"),
            "decided by",
            "is empty, though it was decided",
        ),
        (("1", "27/11/2026 09:00", "", "T. Example"), "decided at", "is empty, though somebody decided"),
        (
            ("1", "27/11/2026 09:00", "27/11/2026 10:00", "T"),
            "concerns",
            "is empty, and the decision starts a clock that depends on it",
        ),
        (("1", "27/11/2026 09:00", "", "", "colic"), "concerns", "names a concern the policy does not have"),
    ],
)
def test_what_is_wrong_is_said_once_by_column(row: tuple[str, ...], column: str, words: str) -> None:
    assert complaint(*row) == [(column, words)]
    assert reading(row).entries == ()


def test_everything_wrong_with_a_row_is_said_at_once_without_what_stood_in_it() -> None:
    problems = reading(("", "soon", "later", "", "colic"), ("2", "27/11/2026 09:00")).problems
    assert [(one.row, one.column) for one in problems] == [
        (2, "case reference"),
        (2, "received at"),
        (2, "decided at"),
        (2, "concerns"),
    ]
    assert not any("colic" in one.words or "soon" in one.words for one in problems)


def test_the_same_case_twice_counts_once() -> None:
    rows = [("ex-1  A", "27/11/2026 09:00"), ("EX-2", "27/11/2026 09:00"), ("EX-1 a", "27/11/2026 10:00")]
    found = reading(*rows)
    assert [one.row for one in found.entries] == [2, 3]
    assert found.duplicates == (Duplicate(4, 2),)


def test_rows_without_a_case_are_not_each_others_duplicates() -> None:
    found = reading(("", "27/11/2026 09:00"), ("", "27/11/2026 09:00"))
    assert found.duplicates == ()
    assert found.problems == (Problem(2, "case reference", "is empty"), Problem(3, "case reference", "is empty"))


def test_columns_come_in_any_order_and_others_are_named_as_not_used() -> None:
    found = reading(("Secret", "27/11/2026 09:00", "1"), header=("Child", "received at", "case reference"))
    assert found.entries[0].case_reference == "1"
    assert found.unused == ("Child",)
    assert "Secret" not in repr(found)


@pytest.mark.parametrize("missing", ["case reference", "received at"])
def test_a_heading_without_what_is_needed_is_refused(missing: str) -> None:
    header = tuple(name for name in COLUMNS if name != missing)
    with pytest.raises(WrongHeading, match=missing):
        read(header, [], CONCERNS, NOW)


def test_a_list_of_too_many_rows_is_refused() -> None:
    with pytest.raises(WrongHeading, match="500 rows"):
        reading(*[(str(number), "27/11/2026 09:00") for number in range(501)])


@given(st.lists(st.lists(st.text(max_size=20), min_size=6, max_size=6), max_size=5))
def test_every_row_is_an_entry_a_duplicate_or_refused_and_none_is_lost(rows: list[list[str]]) -> None:
    found = read(tuple(COLUMNS), list(enumerate(rows, start=2)), CONCERNS, NOW)
    told = [*(one.row for one in found.entries), *(one.row for one in found.duplicates)]
    assert sorted({*told, *(one.row for one in found.problems)}) == list(range(2, len(rows) + 2))
    assert all(one.received_at <= NOW < one.received_at + timedelta(days=367) for one in found.entries)
