"""Which files are papers, told by what is in them, and who is shown one."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.papers import MOST_BYTES, NoPaper, format_of, seen_by
from strategy.vocabulary import PaperFormat

WORD = b'<Types><Override ContentType="application/vnd.ms.wordprocessingml.document.main+xml"/></Types>'
MACROS = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def document(**parts: bytes) -> bytes:
    """A ZIP with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


DOCX = document(**{"[Content_Types].xml": WORD, "word/document.xml": b"<w/>"})
ODT = document(**{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"})


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"%PDF-1.7\n...", PaperFormat.PDF),
        (b"\x89PNG\r\n\x1a\nrest", PaperFormat.PNG),
        (b"\xff\xd8\xff\xe0rest", PaperFormat.JPEG),
        (DOCX, PaperFormat.DOCX),
        (ODT, PaperFormat.ODT),
        ("Chronologie: vu à la maison\r\n\tdeux fois".encode(), PaperFormat.TEXT),
        (b"\xef\xbb\xbfWith a mark", PaperFormat.TEXT),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, known: PaperFormat) -> None:
    assert format_of(content) is known


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03 a program",
        b"GIF89a\x01\x00",
        b"\xd0\xcf\x11\xe0 an old document",
        b"PK\x03\x04 no archive",
        document(**{"a.txt": b"an archive of something"}),
        document(**{"[Content_Types].xml": MACROS, "word/document.xml": b"<w/>"}),
        document(**{"[Content_Types].xml": WORD, "word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}),
        document(**{"[Content_Types].xml": WORD, "xl/workbook.xml": b"<x/>"}),
        document(**{"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<o/>"}),
        b"Latin \xe9 alone",
    ],
)
def test_what_is_none_of_them_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(NoPaper, match="none of these"):
        format_of(content)


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NoPaper, match="empty"):
        format_of(b"")
    with pytest.raises(NoPaper, match="8 MB or smaller"):
        format_of(b"%PDF-" + b"x" * MOST_BYTES)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_file_however_broken_does_more_than_be_refused(noise: bytes, at: int) -> None:
    for whole in (DOCX, ODT):
        try:
            assert format_of(whole[:at] + noise + whole[at:]) in PaperFormat
        except NoPaper as error:
            assert error.reason


def test_an_agency_sees_its_own_a_restricted_one_where_chosen_and_every_other() -> None:
    assert seen_by(own=True, restricted=True, chosen=False)
    assert seen_by(own=False, restricted=True, chosen=True)
    assert seen_by(own=False, restricted=False, chosen=False)
    assert not seen_by(own=False, restricted=True, chosen=False)
