"""Raw bytes as a tree of MIME parts, bounded in depth, number and size. Judges nothing.

The standard library's parser builds a list of all lines and recurses as deep as a mail is nested: neither is bearable
for whatever a stranger sends. Here parts are offsets into the bytes; the standard library reads each part's headers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from notifications.inbound_mail.encodings import MAX_DECODED, decoded, unsealed

MAX_BYTES = 40_000_000  # more is no mail that any server hands on; the beginning is read
MAX_DEPTH = 25
MAX_PARTS = 400
_MAX_HEADERS, _MAX_HEADER_LINES = 100_000, 2_000  # of one part
_MAX_ALL_HEADERS = 1_000_000  # of all parts together
_MAX_CONTENT = 4_000  # of Content-Type: the library cuts it up in quadratic time
_HEADERS = BytesHeaderParser(policy=compat32)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_SPACED = re.compile(rb"^([!-9;-~]+)[ \t]+:")  # obsolete, still sent (RFC 5322 §4.5)
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r?\n\Z")
_LEADING = re.compile(rb"(?:[ \t]*\r?\n)*")
_ENVELOPE = re.compile(rb"(?:>?From (?![ \t]*:)[^\r\n]*\r?\n)*")
_GUESS = re.compile(rb"^--([^\s-][^\r\n]{0,80}?)[ \t]*\r?$", re.MULTILINE)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(slots=True)
class Part:
    """One part: its headers, its undecoded body, the parts within. ``returned``: it stands inside a nested message."""

    headers: Message
    raw: bytes = field(repr=False)
    children: list["Part"] = field(default_factory=list)
    returned: bool = False

    @property
    def kind(self) -> str:
        """Like ``text/calendar``, lower-case; what is malformed counts as text/plain, as RFC 2045 §5.2 has it.

        So does a multipart body in which no part could be found.
        """
        declared = _declared(self.headers)
        return "text/plain" if declared.startswith("multipart/") and not self.children else declared

    @property
    def filename(self) -> str:
        """Lower-case, or empty."""
        try:
            return (self.headers.get_filename() or "").strip().lower()
        except (LookupError, ValueError, TypeError):
            return ""

    def parameter(self, name: str) -> str | None:
        """A parameter of Content-Type."""
        return parameter(self.headers, name)

    @property
    def charset(self) -> str | None:
        return self.parameter("charset")

    def body(self) -> bytes:
        """The body decoded, at most MAX_DECODED bytes of it."""
        return decoded(self.raw, str(self.headers.get("content-transfer-encoding", "")))[:MAX_DECODED]

    def walk(self, returned: bool = True) -> Iterator["Part"]:
        """This part and all within; without what nested messages hold where ``returned`` is False."""
        yield self
        for child in self.children:
            if returned or not child.returned:
                yield from child.walk(returned)


def parameter(headers: Message, name: str) -> str | None:
    """A parameter of Content-Type, RFC 2231 forms included."""
    try:
        found = headers.get_param(name)
    except (LookupError, ValueError, TypeError):
        return None
    if isinstance(found, tuple):
        found = found[2]
    return str(found).strip() if found else None


def parsed(raw: bytes) -> Part:
    """The whole mail. Never raises: what is no mail is one part without headers."""
    raw = raw[:MAX_BYTES]
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _Reader().part(raw, 0, False, "text/plain")


@dataclass(slots=True)
class _Reader:
    """Counts parts and headers while it builds them, so that no mail has more than are bearable."""

    count: int = 0
    headers: int = 0

    def part(self, raw: bytes, depth: int, returned: bool, usual: str) -> Part:
        self.count += 1
        limit = _MAX_HEADERS if self.headers < _MAX_ALL_HEADERS else 0
        headers, body = split(raw, limit)
        self.headers += len(raw) - len(body)
        headers.set_default_type(usual)
        part = Part(headers, body, returned=returned)
        if depth < MAX_DEPTH:
            part.children = list(self._children(part, depth))
        return part

    def _children(self, part: Part, depth: int) -> Iterator[Part]:
        if _lost_its_type(part):
            part.headers["Content-Type"] = "multipart/mixed"
        declared = _declared(part.headers)
        if declared in _MESSAGES:
            if self.count < MAX_PARTS and part.body().strip():
                yield self.part(_start(part.body()), depth + 1, True, "text/plain")
        elif declared in _SEALED:
            inner = unsealed(part.body())
            if inner and self.count < MAX_PARTS:
                yield self.part(inner, depth + 1, part.returned, "text/plain")
        elif declared.startswith("multipart/"):
            usual = "message/rfc822" if declared == "multipart/digest" else "text/plain"
            for piece in pieces(part.raw, part.parameter("boundary")):
                if self.count >= MAX_PARTS:
                    return
                yield self.part(piece, depth + 1, part.returned, usual)


def _declared(headers: Message) -> str:
    """The type Content-Type names; a semicolon forgotten before its parameters is forgiven."""
    return next(iter(headers.get_content_type().split()), "text/plain")


def _lost_its_type(part: Part) -> bool:
    """Whether a body without Content-Type begins with parts: a line like a delimiter, a part's headers below one."""
    guess = _GUESS.search(part.raw[:300]) if "content-type" not in part.headers else None
    return guess is not None and bool(
        re.search(rb"(?im)^--" + re.escape(guess[1]) + rb"[ \t]*\r?\ncontent-type:", part.raw[:MAX_DECODED])
    )


def _start(raw: bytes) -> bytes:
    return raw.lstrip(b"\r\n")


def split(raw: bytes, limit: int = _MAX_HEADERS) -> tuple[Message, bytes]:
    """Headers, of at most so many bytes, and body. Lines among them that are none (a broken server's) are left out."""
    begin = _ENVELOPE.match(raw, _first(raw))
    start = begin.end() if begin else 0
    if not _FIELD.match(raw, start):
        after = _LEADING.match(raw, start)
        return Message(policy=compat32), raw[after.end() if after else start :]
    found = _BLANK.search(raw, start, start + limit)
    end, rest = (found.start(), found.end()) if found else (min(len(raw), start + limit), len(raw))
    lines = raw[start:end].splitlines(keepends=True)[:_MAX_HEADER_LINES]
    kept = (line for line in lines if line[:1] in b" \t" or _FIELD.match(line))
    headers = _HEADERS.parsebytes(b"".join(_SPACED.sub(rb"\1:", line) for line in kept))
    for name in ("content-type", "content-disposition"):
        if len(str(headers.get(name, ""))) > _MAX_CONTENT:
            headers.replace_header(name, str(headers[name])[:_MAX_CONTENT])
    return headers, raw[rest:]


def _first(raw: bytes) -> int:
    """Where the text begins, past empty lines and a byte order mark."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    found = _LEADING.match(raw, start)
    return found.end() if found else start


def pieces(raw: bytes, boundary: str | None) -> Iterator[bytes]:
    """The parts of a multipart body. A boundary not named, or named wrongly, is guessed from a line like one."""
    marker = (boundary or "").rstrip().encode("utf-8", "surrogateescape")
    cuts = list(_cuts(raw, marker)) if marker else []
    if not cuts:
        guess = _GUESS.search(raw[:MAX_DECODED])
        cuts = list(_cuts(raw, guess[1])) if guess else []
    for place, (_, start, closing) in enumerate(cuts):
        if closing:
            return
        end = cuts[place + 1][0] if place + 1 < len(cuts) else len(raw)
        yield raw[start:end]


def _cuts(raw: bytes, marker: bytes) -> Iterator[tuple[int, int, bool]]:
    """Every delimiter line: where what precedes it ends, where what follows it starts, whether it closes."""
    line, at, tries = b"--" + marker, 0, 0
    while (at := raw.find(line, at)) >= 0 and tries < 10 * MAX_PARTS:
        tries += 1
        after, found = at + len(line), at
        at = after
        eol = raw.find(b"\n", after, after + 200)
        eol = min(len(raw), after + 200) if eol < 0 else eol
        rest = raw[after:eol].strip()
        if (found == 0 or raw[found - 1 : found] == b"\n") and rest in (b"", b"--"):
            yield _before(raw, found), eol + 1, rest == b"--"


def _before(raw: bytes, at: int) -> int:
    """The line end before a delimiter belongs to it (RFC 2046 §5.1.1)."""
    if raw[at - 1 : at] == b"\n":
        at -= 2 if raw[at - 2 : at - 1] == b"\r" else 1
    return max(at, 0)
