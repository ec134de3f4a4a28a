"""What a person wrote, as plain text: HTML read, quotes below it cut off where that is safe. Judges nothing."""

import html
import re
from collections.abc import Iterator

from notifications.inbound_mail import charsets
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.parts import Part

_MAX = 20_000
_MAX_HTML = 300_000
_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr", "blockquote", "pre"}
)
_UNSEEN = frozenset({"script", "style", "head", "title"})
_MANY = re.compile(r"\n{3,}")
# How the common programs begin the other mail: "On … Jane wrote:", a rule, or its headers.
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|ha scritto|escribió|schreef|skrev|napisał(?:\(a\))?|написал(?:а)?|escreveu"
    r"|kirjoitti|ysgrifennodd|het geskryf|ezt írta|napsal(?:\(a\))?|a scris)\b[^:]{0,80}:\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\s*(?:-{2,}\s?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale"
    r"|oorspronkelijk bericht|oprindelig meddelelse|neges wreiddiol|forwarded message|urspr\.? nachricht)"
    r"|_{20,}\s*$)",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:from|von|de|da|van|från|fra|oddi wrth|od)\*?\s?:", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:sent|gesendet|envoyé|enviado|inviato|verzonden|skickat|sendt|anfonwyd|to|an|date|datum)\*?\s?:",
    re.IGNORECASE,
)
_STARTS = ("on ", "am ", "le ", "el ", "il ", "op ", "den", "em ", "ar ")


def of(letter: Letter) -> str | None:
    """Their words above the quote; the whole where the answer stands among or below what is quoted; None if none."""
    whole = whole_of(letter)
    return (above_quote(whole) or whole)[:_MAX].strip() or None


def whole_of(letter: Letter) -> str:
    """All words of the mail itself: its plain parts, else its HTML."""
    return "\n".join(_texts(letter, "text/plain")).strip() or "\n".join(_texts(letter, "text/html")).strip()


def _texts(letter: Letter, kind: str) -> Iterator[str]:
    for part in letter.own_parts():
        if part.kind == kind and not _attached(part):
            said = charsets.text(part.body(), part.charset)[:_MAX_HTML]
            yield from_html(said) if kind == "text/html" else _lines(said)[:_MAX]


def _attached(part: Part) -> bool:
    disposition = str(part.headers.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or bool(part.filename)


def _lines(said: str) -> str:
    return said.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def from_html(said: str) -> str:
    """Text of HTML in one pass, whatever its tags: lines where blocks end, nothing of scripts and styles."""
    pieces: list[str] = []
    unseen = ""
    for token in _TAG.split(_without_comments(said)):
        name = _NAME.match(token)
        tag = name[1].lower() if name else ""
        if unseen:
            unseen = "" if tag == unseen and token.startswith("</") else unseen
        elif tag in _UNSEEN and not token.startswith("</"):
            unseen = tag
        elif tag in _BREAKS:
            pieces.append("\n")
        elif not token.startswith("<"):
            pieces.append(html.unescape(" ".join(token.split()) and _spaced(token)))
    lines = (" ".join(line.split()) for line in "".join(pieces).replace("\xa0", " ").split("\n"))
    return _MANY.sub("\n\n", "\n".join(lines)).strip()[:_MAX]


def _spaced(token: str) -> str:
    """White space within made single, kept at the edges."""
    before, after = token[:1].isspace(), token[-1:].isspace()
    return f"{' ' if before else ''}{' '.join(token.split())}{' ' if after else ''}"


def _without_comments(said: str) -> str:
    kept, at = [], 0
    while (start := said.find("<!--", at)) >= 0 and (end := said.find("-->", start)) >= 0:
        kept.append(said[at:start])
        at = end + 3
    return "".join([*kept, said[at:]])


def above_quote(said: str) -> str:
    """What stands above the first quoted mail; empty where nothing does, or where more is written below."""
    lines = said.split("\n")
    begins = next((place for place in range(len(lines)) if _begins_quote(lines, place)), len(lines))
    above, quoted = lines[:begins], lines[begins + 1 :]
    while above and (not above[-1].strip() or above[-1].startswith(">")):
        above.pop()
    if any(line.startswith(">") for line in above) or _answers_below(quoted):
        return ""
    return "\n".join(above).strip()


def _begins_quote(lines: list[str], place: int) -> bool:
    """Whether another mail begins on this line; "On … wrote:" may go on over the next."""
    line, after = lines[place][:400], "".join(lines[place + 1 : place + 2])[:400]
    if _RULE.match(line):
        return True
    if _FROM.match(line.strip()):
        return any(_SENT.match(one.strip()[:40]) for one in lines[place + 1 : place + 4])
    dated = any(letter.isdigit() for letter in line)
    goes_on = line.strip()[:3].lower() in _STARTS or "<" in line or "@" in after
    return dated and bool(_WROTE.search(line) or (goes_on and _WROTE.search(after)))


def _answers_below(quoted: list[str]) -> bool:
    """Whether a quote marked with ``>`` is followed by lines without: somebody answered within or below it."""
    lines = [line for line in quoted if line.strip()]
    marked = [place for place, line in enumerate(lines) if line.startswith(">")]
    return bool(marked) and any(not line.startswith(">") for line in lines[marked[0] :])
