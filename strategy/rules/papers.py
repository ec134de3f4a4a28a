"""Holds which files a paper may be, told by what is in them, and who is shown one. It keeps and opens nothing."""

import io
import re
import zipfile
import zlib
from typing import Final

from strategy.vocabulary import PaperFormat

MOST_BYTES: Final = 8_000_000
MOST_OF_A_DISCUSSION: Final = 40_000_000  # bytes, withdrawn papers among them: they are kept
KINDS_IN_WORDS: Final = "PDF, PNG, JPEG, Word (DOCX), OpenDocument text (ODT) or plain text, at most 8 MB"

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ODT: Final = b"application/vnd.oasis.opendocument.text"
_DOCX: Final = b"wordprocessingml.document.main+xml"
_MOST_PARTS: Final = 2_000  # of a document that is a ZIP
_MOST_READ: Final = 200_000  # bytes unpacked to tell what it is
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class NoPaper(ValueError):
    """A file that is not taken. ``reason`` is a sentence for whoever sent it, without its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def format_of(content: bytes) -> PaperFormat:
    """What a file is by what is in it, whatever its name says. Raises NoPaper with the reason.

    Documents with macros, encrypted ones and everything a browser might run are none of ours.
    """
    if not content:
        raise NoPaper("The file is empty")
    if len(content) > MOST_BYTES:
        raise NoPaper(f"The file must be {MOST_BYTES // 1_000_000} MB or smaller")
    if content.startswith(b"%PDF-"):
        return PaperFormat.PDF
    if content.startswith(_PNG):
        return PaperFormat.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return PaperFormat.JPEG
    found = _document(content) if content.startswith(b"PK\x03\x04") else _text(content)
    if found is None:
        raise NoPaper(f"The file must be {KINDS_IN_WORDS}: what is in it is none of these")
    return found


def seen_by(*, own: bool, restricted: bool, chosen: bool) -> bool:
    """Whether an agency is shown a paper: its own always, a restricted one where it was chosen, else everybody's."""
    return own or chosen or not restricted


def _document(content: bytes) -> PaperFormat | None:
    """A ZIP with the parts of a text document. Only its list and two small parts are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if len(names) > _MOST_PARTS or any("vbaproject" in name.casefold() for name in names):
                return None
            if {"mimetype", "content.xml"} <= names and _part(parts, "mimetype").strip() == _ODT:
                return PaperFormat.ODT
            listed = {"[Content_Types].xml", "word/document.xml"} <= names
            return PaperFormat.DOCX if listed and _DOCX in _part(parts, "[Content_Types].xml") else None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        return part.read(_MOST_READ)


def _text(content: bytes) -> PaperFormat | None:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _UNSEEN.search(words) else PaperFormat.TEXT
