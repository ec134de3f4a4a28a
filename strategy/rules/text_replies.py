"""Holds what a text says: which numbers it answers and how, a name, a reason, stop. It knows no phone, records nothing.

A wrong reading would tell a child's discussion that somebody comes who does not: what may mean two things is doubtful,
and a person reads it. Source: domain section 12; in-the-wild 22.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from strategy.rules import text_words as words_of

_CYRILLIC_AND_GREEK = str.maketrans("АаΑαΝ", "AaAaN")
_QUOTES = str.maketrans("’‘`´ʼ", "'''''")

# A letter and two or three digits. O, I and l stand for digits beside a real one, where nothing follows them.
_CODE = re.compile(
    r"(?<![A-Za-z'])(?P<letter>[ADNadn])(?P<gap>[ .,:;#*/_-]{0,3})"
    r"(?P<digits>(?=[OoIl|]{0,2}[0-9])[0-9OoIl|]{2,3}(?![0-9A-Za-z|])|[0-9]{2,3}(?![0-9]))"
)
_DIGITS = str.maketrans("OoIl|", "00111")
# "N10:30", "D10am", "a 15 minute delay" and the postcode N16 5AB are no codes.
_NO_CODE_AFTER = re.compile(
    r"(?:[:.][0-9]|\s*(?:am|pm|th|st|nd|rd|mins?|minutes?|hrs?|hours?|days?|weeks?|months?|years?|yrs?|yo|of|people"
    r"|percent|o'clock)\b|\s*[%£]|\s+[0-9][A-Za-z]{2}\b)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s,;:!?()\"/]+")
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<!\w)\+?[0-9](?:[ ()-]{0,2}[0-9]){8,13}(?!\w)")
_NAME_PART = re.compile(r"[^\W\d_][^\W\d_.'-]*(?:[.'-][^\W\d_]+)*\.?|[0-9]{1,6}")
_POLITE = re.compile(rf"\b(?:{'|'.join(words_of.NO_BUT_YES)})\b", re.IGNORECASE)
_MOST_WORDS = 6


class Letter(StrEnum):
    """What a number is preceded by."""

    ATTEND = "A"
    DEPUTY = "D"
    CANNOT = "N"


class Keyword(StrEnum):
    """What belongs to the carriers and is never answered by us (in-the-wild 22)."""

    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Coded:
    """One number answered. ``words`` are those after it; ``doubtful``: they, or those before, contradict the letter."""

    letter: Letter
    number: int
    words: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A text as read. ``words`` is all of it, tidied; ``yes``: a bare yes, which names no number."""

    words: str
    coded: tuple[Coded, ...] = ()
    keyword: Keyword | None = None
    yes: bool = False


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is coming. ``more``: something is left that is neither name nor number nor courtesy."""

    name: str | None = None
    contact: str | None = None
    more: bool = False


def read(body: str) -> Said:
    """What a text says. Never raises, whatever was typed."""
    words = tidy(body)
    bare = " ".join(_tokens(words))
    keyword = next((word for word, ways in _KEYWORDS.items() if bare in ways), None)
    if keyword is not None:
        return Said(words, keyword=keyword)
    return Said(words, coded=_coded(words), yes=bare in words_of.YES)


def tidy(body: str) -> str:
    """The same words without emoji, invisible characters and typographic quotes, on one line."""
    plain = unicodedata.normalize("NFKC", body).translate(_QUOTES)
    kept = ("" if unicodedata.category(one) in ("Cf", "Mn", "Me") else one for one in plain)
    seen = (" " if unicodedata.category(one) in ("So", "Sk", "Cc", "Cs", "Co", "Cn") else one for one in "".join(kept))
    return " ".join("".join(seen).split())


def whom(words: str) -> Whom:
    """The name in an answer's words, where they are a name and courtesies; a number or address to reach them by."""
    contact = next((found.group() for way in (_MAIL, _PHONE) if (found := way.search(words))), None)
    left = _POLITE.sub(" ", _PHONE.sub(" ", _MAIL.sub(" ", words)))
    parts = _stripped([token for token in (one.strip("-–—._*") for one in _TOKEN.findall(left)) if token])
    if not parts:
        return Whom(None, contact, "?" in words)
    if "://" in left or "www." in left.casefold():
        return Whom(None, contact, more=True)
    if len(parts) > _MOST_WORDS or not all(_NAME_PART.fullmatch(part) for part in parts) or _no_name(parts):
        return Whom(None, contact, more=True)
    return Whom(" ".join(parts), contact)


def denied(words: str) -> bool:
    """Whether the words say no, or ask something: they are then no name and no yes."""
    return _says(words, words_of.NO) or "?" in words


def courtesy(words: str) -> bool:
    """Whether nothing is said but thanks."""
    return whom(words) == Whom()


def reason(words: str, reasons: Mapping[str, str]) -> str | None:
    """The one code of ``reasons`` (code to label) whose words are in the text; None for none or several.

    A label counts up to its bracket: "No capacity (shift, clinic)" is found in "no capacity today".
    """
    said = f" {' '.join(_tokens(words.replace('-', ' ')))} "
    found = [code for code, label in reasons.items() if any(f" {way} " in said for way in _ways(code, label))]
    return found[0] if len(found) == 1 else None


def _ways(code: str, label: str) -> tuple[str, str]:
    return code.replace("-", " "), " ".join(_tokens(label.partition("(")[0]))


def _coded(words: str) -> tuple[Coded, ...]:
    """Every number in the text; the same one with two letters is doubtful with both."""
    found = _found(words)
    coded: dict[tuple[Letter, int], Coded] = {}
    for place, one in enumerate(found):
        until = found[place + 1].start() if place + 1 < len(found) else len(words)
        letter, number = Letter(one["letter"].upper()), _number(one)
        after = words[one.end() : until].strip(" .,;:-–—&+/")
        before = words[: found[0].start()] if place == 0 else ""
        doubtful = _contradicts(letter, before, after, asked=words[one.end() :].lstrip().startswith("?"))
        coded.setdefault((letter, number), Coded(letter, number, after, doubtful))
    twice = {number for letter, number in coded if sum(number == other for _, other in coded) > 1}
    return tuple(
        Coded(one.letter, one.number, one.words, one.doubtful or one.number in twice) for one in coded.values()
    )


def _found(words: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for one in _CODE.finditer(words.translate(_CYRILLIC_AND_GREEK)):
        before = words[found[-1].end() if found else 0 : one.start()]
        joined = words[: one.start()][-1:].isdigit() and before != ""  # "A47N48" are two codes, "SW1A 21" is none
        if joined or _NO_CODE_AFTER.match(words, one.end()):
            continue
        if _may_follow(before, spaced=" " in one["gap"]):
            found.append(one)
    return found


def _may_follow(before: str, *, spaced: bool) -> bool:
    """Whether these words may stand before a code: not "the A14"; and before "a 47" nothing but a yes or a greeting."""
    said = _tokens(before)
    if spaced:
        return all(word in words_of.LEADING or word in words_of.NO for word in said)
    return not said or said[-1] not in words_of.BEFORE_A_ROAD


def _number(one: re.Match[str]) -> int:
    return int(one["digits"].translate(_DIGITS))


def _contradicts(letter: Letter, before: str, after: str, *, asked: bool) -> bool:
    said = f"{before} {after}"
    if asked or _says(before, words_of.QUESTIONS):
        return True
    if letter is Letter.CANNOT:
        return _says(said, words_of.COMING) and not _says(said, words_of.NO)
    return _says(said, words_of.NO)


def _says(words: str, any_of: Iterable[str]) -> bool:
    said = f" {' '.join(_tokens(words))} "
    for polite in words_of.NO_BUT_YES:
        said = said.replace(f" {polite} ", " ")
    return any(f" {word} " in said for word in any_of)


def _tokens(words: str) -> list[str]:
    """The words in lower case, without what stands around them."""
    stripped = (token.casefold().strip(".-–—'*_#&+|") for token in _TOKEN.findall(words))
    return [token for token in stripped if token]


def _stripped(parts: list[str]) -> list[str]:
    """Without the courtesies before and after a name: "yes, Jo Sample will attend thanks"."""
    begin, end = 0, len(parts)
    while begin < end and _leads(parts[begin:end]):
        begin += 1
    while end > begin and parts[end - 1].casefold() in words_of.TRAILING:
        end -= 1
    return parts[begin:end]


def _leads(parts: list[str]) -> bool:
    word = parts[0].casefold()
    # "Will Sample" is somebody; in "will be there" it is not.
    if word == "will":
        return len(parts) == 1 or parts[1].casefold() in words_of.AFTER_WILL
    return word in words_of.LEADING


def _no_name(parts: list[str]) -> bool:
    letters = any(len(part) > 1 and part[0].isalpha() for part in parts)
    return not letters or any(part.casefold().rstrip(".") in words_of.NO_NAMES for part in parts)


_KEYWORDS: Mapping[Keyword, frozenset[str]] = {
    Keyword.STOP: words_of.STOP,
    Keyword.START: words_of.START,
    Keyword.HELP: words_of.HELP,
}
