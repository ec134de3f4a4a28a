"""Holds the reading of a spreadsheet, CSV or XLSX, into rows of words; what they mean is rules' to say.

A file somebody uploads is bounded before it is believed: bytes, rows, columns, and what an XLSX unpacks to. An XLSX
is read in a process of its own (workbooks.py).
"""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

MOST_BYTES: Final = 1_500_000
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
MOST_IN_A_CELL: Final = 4_000  # characters
_MOST_UNPACKED: Final = 60_000_000  # bytes: an XLSX is a ZIP, and a small one may unpack to a very large one

_FURTHEST_ROW: Final = 4 * MOST_ROWS  # rows may stand empty between
_FURTHEST_COLUMN: Final = 702  # ZZ
_OTHER_KINDS: Final = frozenset({"content.xml", "xl/workbook.bin"})  # an OpenDocument sheet, a binary workbook
_UNOPENED: Final = "The workbook cannot be opened: save it again as XLSX without a password, or as CSV"

_READER: Final = Path(__file__).with_name("workbooks.py")
_SECONDS: Final = 20.0  # on a busy machine
_TOLD: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG")
_ALONE: Final = Lock()

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, as Excel's "Unicode text"
_SEPARATORS: Final = ",;\t"


class Unreadable(ValueError):
    """A file cannot be read as a sheet. ``reason`` is a sentence for whoever sent it, without what stood in a cell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the heading, as many cells as the heading has; ``number`` as the spreadsheet counts, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A heading and the rows under it that hold anything. Cells are trimmed; dates of XLSX read "2026-11-27 15:30"."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes, filename: str) -> Sheet:
    """Read a CSV (UTF-8 or Windows-1252; comma, semicolon or tab) or the first sheet of an XLSX.

    What it is, the bytes say; ``filename`` only helps to say what is wrong. Raises Unreadable.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES / 1_000_000:g} MB: send it in parts")
    if data.startswith(_OLD_EXCEL) or filename.lower().endswith((".xls", ".ods", ".numbers", ".pdf")):
        raise Unreadable("Save the sheet as CSV or as XLSX, and send that")
    found = _xlsx(data) if data.startswith(_ZIP) else _csv(data)
    return _sheet((number, [cell.strip() for cell in cells]) for number, cells in enumerate(found, start=1))


def _sheet(rows: Iterable[tuple[int, list[str]]]) -> Sheet:
    """The first row that holds anything is the heading."""
    filled = ((number, cells) for number, cells in rows if any(cells))
    _, header = next(filled, (0, []))
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Unreadable("The file is empty: its first row must name the columns")
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns")
    named = [name.casefold() for name in header if name]
    if len(set(named)) < len(named):
        raise Unreadable("Two columns have the same name")
    return Sheet(tuple(header), tuple(_rows(filled, len(header))))


def _rows(filled: Iterable[tuple[int, list[str]]], width: int) -> Iterator[Row]:
    for count, (number, cells) in enumerate(filled):
        if count >= MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows: send it in parts")
        if any(cells[width:]):
            raise Unreadable(f"Row {number} has more cells than the first row names columns")
        if any(len(cell) > MOST_IN_A_CELL for cell in cells):
            raise Unreadable(f"Row {number} has a cell of more than {MOST_IN_A_CELL:,} characters")
        yield Row(number, tuple((cells + [""] * width)[:width]))


def _csv(data: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip(_SEPARATORS + " ")), "")
    separator = max(_SEPARATORS, key=first.count)  # the comma, where there is none of them
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error:
        raise Unreadable("The file is no CSV that can be read: a quotation mark may be missing") from None


def _decoded(data: bytes) -> str:
    """UTF-8, with or without its mark; otherwise what Excel writes on a British Windows."""
    if data.startswith(_WIDE) or b"\0" in data:
        raise Unreadable("The file is no plain CSV: save it as “CSV UTF-8” or as XLSX, and send that")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of the file cannot be read: save it as “CSV UTF-8”, and send that")


def _xlsx(data: bytes) -> Iterator[Sequence[str]]:
    try:
        _bound(data)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError):
        raise Unreadable(_UNOPENED) from None
    answer = _apart(data)
    if "wide" in answer:
        raise Unreadable(f"The sheet is larger than {MOST_ROWS:,} rows and {MOST_COLUMNS} columns: send it in parts")
    rows: list[list[str]] = answer["rows"]
    yield from rows


def _bound(data: bytes) -> None:
    """Refuse what is no workbook, is another kind of one, or would unpack to more than there is room for."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise Unreadable("The workbook is too large: send its first sheet as CSV")
        names = {part.filename.lower() for part in parts}
        if "xl/workbook.xml" not in names or names & _OTHER_KINDS or packed.testzip() is not None:
            raise zipfile.BadZipFile


def _apart(data: bytes) -> dict[str, Any]:
    """What a process of its own reads of it. What kills that one (a file can) is no more than unreadable to us.

    One at a time, so that however many send files at once no more memory is used. It is told none of our secrets.
    """
    command = [sys.executable, "-P", str(_READER), str(_FURTHEST_ROW), str(_FURTHEST_COLUMN)]
    surroundings = {name: os.environ[name] for name in _TOLD if name in os.environ}
    try:
        with _ALONE:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=_SECONDS, check=True, env=surroundings
            )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Unreadable(_UNOPENED) from None
    return found
