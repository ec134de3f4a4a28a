"""Sheets: CSV and XLSX as offices really save them, and files that are none."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from strategy import sheets
from strategy.sheets import Row, Unreadable, read

WHEN = datetime(2026, 11, 27, 15, 30, tzinfo=UTC).replace(tzinfo=None)  # as a cell holds it
LINES = "case reference,received at\n4471-A,27/11/2026 15:30\n\n4480-C,2026-11-27T16:00\n"


def workbook(*rows: tuple[int, int, Any]) -> bytes:
    """An XLSX of cells (row from 0, column from 0, value)."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    dated = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for row, column, value in rows:
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, dated)
        else:
            sheet.write(row, column, value)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_csv_reads_the_same_however_it_was_saved(encoding: str, separator: str, ending: str) -> None:
    text = LINES.replace("4471-A", "4471-Ä").replace(",", separator).replace("\n", ending)
    sheet = read(text.encode(encoding), "open.csv")
    assert sheet.header == ("case reference", "received at")
    assert sheet.rows == (Row(2, ("4471-Ä", "27/11/2026 15:30")), Row(4, ("4480-C", "2026-11-27T16:00")))


def test_commas_in_quotation_marks_and_lines_in_a_cell_stay_one_cell() -> None:
    sheet = read(b'a,b\n"one, two","three\nfour"\nx\n', "open.csv")
    assert sheet.rows == (Row(2, ("one, two", "three\nfour")), Row(3, ("x", "")))


def test_a_workbook_reads_as_somebody_would_have_typed_it() -> None:
    data = workbook((1, 0, "case"), (1, 1, "at"), (2, 0, 4471), (2, 1, WHEN), (4, 0, 4.5))
    sheet = read(data, "open.xlsx")
    assert sheet.header == ("case", "at")
    assert sheet.rows == (Row(3, ("4471", "2026-11-27 15:30")), Row(5, ("4.5", "")))


def test_a_workbook_is_known_by_its_bytes_whatever_it_is_called() -> None:
    assert read(workbook((0, 0, "case"), (1, 0, "x")), "open.csv").rows == (Row(2, ("x",)),)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "empty"),
        (b"\n , ,\n", "a.csv", "empty"),
        (b"\xd0\xcf\x11\xe0old", "a.csv", "Save the sheet as CSV or as XLSX"),
        (b"a,b", "a.ods", "Save the sheet as CSV or as XLSX"),
        ("a,b".encode("utf-16"), "a.csv", "CSV UTF-8"),
        (b"a,b\n\x81\x8d,2", "a.csv", "letters of the file"),
        (b'a,b\n"open,2', "a.csv", "quotation mark"),
        (b"a,A\n1,2", "a.csv", "same name"),
        (b"a,b\n1,2,3", "a.csv", "Row 2 has more cells"),
        (b"a\n" + b"x" * 4_001, "a.csv", "Row 2 has a cell of more than 4,000"),
        (b"a\n" + b"x\n" * 5_001, "a.csv", "more than 5,000 rows"),
        (b"a" * 1_500_001, "a.csv", "larger than 1.5 MB"),
        (",".join(f"c{number}" for number in range(61)).encode(), "a.csv", "more than 60 columns"),
        (b"PK\x03\x04junk", "a.xlsx", "cannot be opened"),
        (workbook((0, 0, "case"), (400_000, 0, "x")), "a.xlsx", "larger than 5,000 rows"),
        (workbook((0, 0, "case"), (1, 16_000, "x")), "a.xlsx", "larger than 5,000 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    assert words in caught.value.reason


def test_a_small_workbook_that_unpacks_to_a_huge_one_is_never_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 61_000_000)
    assert len(file.getvalue()) < sheets.MOST_BYTES
    with pytest.raises(Unreadable, match="too large"):
        read(file.getvalue(), "a.xlsx")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LAST = "1048576"


def by_hand(row: str, sheet: str = "sheet1.xml", encoding: str = "utf-8", more: str = "") -> bytes:
    """A workbook whose sheet has a heading, and then that row, as XML."""
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/{sheet}"/>'
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    heading = '<row r="1"><c r="A1" t="str"><v>case</v></c></row>'
    words = f'<worksheet xmlns="{_MAIN}"><sheetData>{heading}{row}</sheetData></worksheet>'
    book = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{book}')
        start = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        packed.writestr("_rels/.rels", f'<Relationships xmlns="{relations}">{start}</Relationships>')
        packed.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{relations}">{relation}</Relationships>')
        whole = f'<?xml version="1.0" encoding="{encoding}"?>{words}'
        packed.writestr(f"xl/worksheets/{sheet}", whole.encode(encoding))
        if more:
            packed.writestr(more, "<office/>")
    return file.getvalue()


def test_a_workbook_made_by_hand_is_read_like_any_other() -> None:
    data = by_hand('<row r="3"><c t="str"><v>4471-A</v></c></row>')
    assert read(data, "a.xlsx").rows == (Row(3, ("4471-A",)),)


@pytest.mark.parametrize(
    "data",
    [
        by_hand(f'<row r="{_LAST}"><c r = "XFD{_LAST}"><v>1</v></c></row>'),
        by_hand(f'<row r="{_LAST}"><c t=">" r="XFD{_LAST}"><v>1</v></c></row>'),
        by_hand(f'<row r="{_LAST}"><c><v>1</v></c></row>'),
        by_hand('<row r="2"><c r="XFD&#49;048576"><v>1</v></c></row>'),
        by_hand(f'<row r="{_LAST}"><c r="XFD{_LAST}"><v>1</v></c></row>', sheet="sheet1.dat"),
        by_hand(f'<row r="{_LAST}"><c r="XFD{_LAST}"><v>1</v></c></row>', encoding="utf-16"),
        by_hand("", more="content.xml"),
    ],
    ids=["spaced", "pointed", "counted", "spelt out", "another name", "wide letters", "two kinds"],
)
def test_a_far_cell_is_refused_however_it_is_written(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data, "a.xlsx")


def test_what_kills_the_reader_is_unreadable_to_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_FURTHEST_ROW", int(_LAST))
    monkeypatch.setattr(sheets, "_FURTHEST_COLUMN", 20_000)
    with pytest.raises(Unreadable, match="cannot be opened"):
        read(by_hand(f'<row r="{_LAST}"><c r="XFD{_LAST}"><v>1</v></c></row>'), "a.xlsx")


@given(st.binary(max_size=300))
def test_no_file_whatever_is_in_it_does_anything_but_read_or_be_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04"):
        try:
            sheet = read(start + data, "a.csv")
        except Unreadable:
            continue
        assert all(len(row.cells) == len(sheet.header) for row in sheet.rows)
