"""A sheet of the directory: what its cells mean, and what is wrong by row and column."""

import pytest

from strategy.rules.directory_sheet import COLUMNS, Line, Reading, Written, WrongHeading, read


def _email(text: str) -> str:
    if "@" not in text:
        raise ValueError("Enter an email address")
    return text.lower()


WRITTEN = Written({"police": "police", "the police": "police", "gp": "gp"}, {"police": "police"}, _email, str.strip)
HEADER: tuple[str, ...] = (
    "Agency",
    "sector",
    "KIND",
    "name",
    "Roles answered",
    "job_title",
    "rung",
    "email",
    "phone",
    "hours",
)
HEADER += ("out of hours desk", "desk", "deputy", "active", "lines")


def one(**cells: str) -> Reading:
    row = {"agency": "Police", "kind": "desk", "name": "Duty", **cells}
    return read(tuple(row), [(2, tuple(row.values()))], WRITTEN)


def test_every_heading_is_known_with_spaces_hyphens_or_underscores() -> None:
    assert read(HEADER, [], WRITTEN).unused == ()
    assert len(HEADER) == len(COLUMNS)


def test_only_cells_that_say_something_change_anything() -> None:
    cells = {
        "roles answered": "The  Police; GP",
        "email": "A@b",
        "phone": "-",
        "active": "No",
        "lines": "3",
        "desk": "",
    }
    (line,) = one(**cells).lines
    values = {"roles answered": ["gp", "police"], "email": "a@b", "phone": None, "active": False, "lines": 3}
    assert line == Line(2, "Police", "desk", "Duty", values)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"agency": " "}, "agency", "is empty"),
        ({"name": ""}, "name", "is empty"),
        ({"name": "-"}, "name", "cannot be cleared"),
        ({"name": "x" * 121}, "name", "120 characters"),
        ({"kind": "team"}, "kind", "“desk” or “person”"),
        ({"sector": "secret"}, "sector", "one of: police"),
        ({"roles answered": "astrologer"}, "roles answered", "the policy does not have"),
        ({"roles answered": "-"}, "roles answered", "cannot be cleared"),
        ({"email": "nobody"}, "email", "Enter an email address"),
        ({"hours": "mornings"}, "hours", "which days"),
        ({"active": "perhaps"}, "active", "“yes” or “no”"),
        ({"lines": "51"}, "lines", "from 1 to 50"),
        ({"lines": "²"}, "lines", "from 1 to 50"),
        ({"kind": "person", "rung": "5"}, "rung", "from 0 to 4"),
        ({"rung": "1"}, "rung", "is not for a desk"),
        ({"kind": "person", "hours": "always"}, "hours", "is not for a person"),
    ],
)
def test_a_row_with_anything_wrong_is_refused_at_its_column(cells: dict[str, str], column: str, words: str) -> None:
    found = one(**cells)
    assert found.lines == ()
    (problem,) = found.problems
    assert (problem.row, problem.column) == (2, column)
    assert words in problem.words


def test_a_sheet_without_what_it_takes_is_no_sheet() -> None:
    with pytest.raises(WrongHeading, match="“kind”"):
        read(("agency", "name"), [], WRITTEN)
    with pytest.raises(WrongHeading, match="same name"):
        read(("agency", "kind", "name", "job title", "job_title"), [], WRITTEN)
    with pytest.raises(WrongHeading, match="500 rows"):
        read(("agency", "kind", "name"), [(row, ("a", "desk", "b")) for row in range(501)], WRITTEN)
