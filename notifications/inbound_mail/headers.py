"""Headers as text, addresses and times, however they were written. Judges nothing."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote

from notifications.inbound_mail import charsets

_MAX = 50_000  # of one header: thousands of recipients
_MAX_WORDS = 5_000
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\",;:\\]+@[^\s@<>()\",;:\\/]+\.?")
_QUOTED = re.compile(r'"[^"\s]+"@[^\s@<>]+')
_LABEL = r"[A-Za-z0-9\u00a1-\uffff-]{1,63}"
_WITHIN = re.compile(rf"[^\s@<>()\[\]\",;:\\=]{{1,100}}@{_LABEL}(?:\.{_LABEL})+")
_OURS = re.compile(r"<?\b(m[0-9]{1,18})@[^\s<>@]+>")
_YEARS = range(1990, 2100)  # else the clock of the sender is no clock


def raw(headers: Message, name: str) -> str:
    """The first header of that name as it stands, unfolded, bytes beyond ASCII decoded; empty if there is none."""
    return next(_every(headers, name), "")


def text(headers: Message, name: str) -> str:
    """The first header of that name for people: encoded words (RFC 2047) decoded, white space made single."""
    return words(raw(headers, name))


def words(value: str) -> str:
    """Text with its encoded words decoded; those that cannot be stay as they are."""
    value = value[:_MAX_WORDS]
    if "=?" not in value:
        return " ".join(value.split())
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return " ".join(value.split())
    said = "".join(
        charsets.text(piece, charset) if isinstance(piece, bytes) and charset else _plain(piece)
        for piece, charset in pieces
    )
    return " ".join(said.split())


def _plain(piece: bytes | str) -> str:
    if isinstance(piece, bytes):
        return piece.decode("raw-unicode-escape" if b"\\u" in piece else "latin-1", "replace")
    return piece


def _every(headers: Message, name: str) -> Iterator[str]:
    for value in headers.get_all(name, []):
        yield _FOLD.sub(" ", _text(value))[:_MAX].strip()


def _text(value: object) -> str:
    """A header value as text; the standard library hands bytes beyond ASCII on as surrogates, or as a Header."""
    if isinstance(value, Header):
        value = "".join(
            piece if isinstance(piece, str) else piece.decode("ascii", "surrogateescape")
            for piece, _ in decode_header(value)
        )
    return charsets.text(str(value).encode("utf-8", "surrogateescape"), None)


def address(value: str | None) -> str | None:
    """One address made canonical: lower-case, no ``mailto:``, quotes or angle brackets, its domain ASCII. Else None."""
    found = (value or "").strip().strip("<>'").strip()
    if found[:7].lower() == "mailto:":
        found = unquote(found[7:]).strip(" \t'<>")
    found = found[1:-1] if found[:1] == found[-1:] == '"' else found
    found = found.partition("?")[0]
    if _QUOTED.fullmatch(found):
        found = found.replace('"', "", 2)
    if len(found) > 320 or not _ADDRESS.fullmatch(found):
        return None
    local, _, domain = found.rstrip(".").lower().rpartition("@")
    return f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def within(value: str) -> list[str]:
    """Every address standing anywhere in a text, in order, each once."""
    return unique(found for one in _WITHIN.findall(value[:_MAX]) if (found := address(one.strip("'.`"))))


def unique(values: Iterable[str]) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(values))


def people(headers: Message, *names: str) -> list[tuple[str, str]]:
    """(name, address) of everybody these headers list, groups opened; who has no address is left out."""
    values = [value for name in names for value in _every(headers, name)]
    try:
        listed = getaddresses(values)
    except (ValueError, LookupError, IndexError, TypeError, RecursionError):
        listed = []
    found = [(words(name), canonical) for name, spec in listed if (canonical := address(words(spec)))]
    return found or [("", one) for value in values for one in within(words(value))]


def our_ids(value: str) -> list[str]:
    """The ids of our messages in Message-ID, In-Reply-To or References: ``m123`` of ``<m123@domain>``."""
    return unique(_OURS.findall(value[:_MAX]))


def moment(headers: Message) -> datetime | None:
    """The Date header in UTC; None where it is missing, unreadable or absurd. Without a zone it is UTC."""
    try:
        found = parsedate_to_datetime(raw(headers, "date"))
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.year in _YEARS else None
