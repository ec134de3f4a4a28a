"""Holds the reading of an XLSX in a process of its own, with little memory and time: a file may kill it, never us.

Run as a program, by its path; it knows nothing of the product. On its input the workbook's bytes, on its output one
JSON object: ``rows`` of words, or ``wide`` where a cell stands farther out than it was told to read. That it ended in
any other way means: cannot be read.
"""

import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Final
from xml.parsers import expat

from python_calamine import CalamineWorkbook

_MEMORY: Final = 700_000_000  # bytes of address space
_SECONDS: Final = 10  # of computing
_MOST_TEXT: Final = 20_000_000  # characters of all cells: one text may be shared by a million of them
_MIDNIGHT: Final = time()
_PLACE: Final = re.compile(r"([A-Za-z]{1,9})([0-9]{1,9})")
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"

Cell = int | float | str | bool | time | date | datetime | timedelta


class Wide(Exception):
    """A cell stands farther out than is read: one far cell makes a table of millions."""


def main(rows: int, columns: int) -> None:
    """Read the first sheet of the workbook on the input, of cells up to that row and column alone."""
    _allow(resource.RLIMIT_CORE, 0)  # what somebody's file holds is left lying nowhere
    _allow(resource.RLIMIT_AS, _MEMORY)
    _allow(resource.RLIMIT_CPU, _SECONDS)
    data = sys.stdin.buffer.read()
    try:
        _check(data, rows, columns)
    except Wide:
        answer: dict[str, object] = {"wide": True}
    else:
        answer = {"rows": _rows(data)}
    json.dump(answer, sys.stdout)


def _allow(what: int, most: int) -> None:
    """That much, or what is allowed already where that is less."""
    already = resource.getrlimit(what)[1]
    most = most if already == resource.RLIM_INFINITY else min(most, already)
    resource.setrlimit(what, (most, most))


def _rows(data: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    found, room = list[list[str]](), _MOST_TEXT
    for row in sheet.to_python(skip_empty_area=False):
        cells = [_said(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        room -= sum(map(len, cells))
        if room < 0:
            raise MemoryError
        found.append(cells)
    return found


def _check(data: bytes, rows: int, columns: int) -> None:
    """Raise Wide for a cell too far out, ValueError or expat's error for a workbook made unlike any office makes one.

    Every part a sheet can be in is read, by a parser that knows XML's ways of writing the same thing.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for part in packed.infolist():
            name = part.filename.lower()
            if name.endswith((".xml", ".rels")):
                _Coordinates(rows, columns, relations=name == _RELATIONS).read(packed.read(part))


class _Coordinates:
    """Follows rows and cells as they are counted: by their own number where they say one, else one after another."""

    def __init__(self, rows: int, columns: int, *, relations: bool) -> None:
        self._most = rows, columns
        self._relations = relations
        self._row = self._column = 0

    def read(self, part: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._met
        parser.Parse(part, True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("no office writes a document type")

    def _met(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            self._row, self._column = int(given.get("r", self._row + 1)), 0
        elif local == "c":
            self._place(given.get("r"))
        elif local == "Relationship" and self._relations and not given.get("Target", "").lower().endswith(".xml"):
            raise ValueError("a part of the workbook that is no XML")
        if self._row > self._most[0] or self._column > self._most[1]:
            raise Wide

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        found = _PLACE.fullmatch(reference)
        if found is None:
            raise ValueError("a cell without a place")
        self._row, self._column = int(found[2]), _number(found[1])


def _number(letters: str) -> int:
    """A column's number, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _said(cell: Cell) -> str:
    """A cell as somebody would have typed it; a number that is whole has no point, a reference keeps its digits."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == _MIDNIGHT else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell).strip()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
