"""Holds what a wording of an authority's own is and how its places are filled. Whether it may be used: wording_checks'.

A wording is plain text with named places in braces, ``{time}``. It is no template: no place has parts, is worked out,
or is filled twice. Which places a message has, and which of them it must have, is wording_standards'.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

LINK: Final = "link"
PLACE: Final = re.compile(r"\{([^{}\n]*)\}")
Values = Mapping[str, str]


class Part(StrEnum):
    """What a wording has three of; the values name its fields."""

    SUBJECT = "subject"
    MAIL = "mail"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of a message: with places as they are written, or without as they are said. ``mail`` has no foot yet."""

    subject: str
    mail: str
    text: str

    def part(self, which: Part) -> str:
        """One of the three."""
        found: str = getattr(self, which.value)
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in a place, in words, and the parts that may have it.

    A text has room for what is short in every case alone: a name somebody typed is not.
    """

    words: str
    parts: frozenset[Part]


@dataclass(frozen=True, slots=True)
class Standard:
    """What a message's words may and must have. ``needs``: of each group at least one place must be there.

    ``staff``: it goes to our own people. ``ours`` says when our own words go out whatever the authority's say.
    """

    places: Mapping[str, Place]
    needs: Mapping[Part, tuple[tuple[str, ...], ...]]
    link: bool = True
    staff: bool = False
    ours: str = ""

    def offered(self, part: Part) -> tuple[str, ...]:
        """The places a part may have, in the order in which the page lists them."""
        return tuple(name for name, place in self.places.items() if part in place.parts)


class Unfit(Exception):
    """A wording cannot be said: a place nobody fills, or the link is not where it must be. Carries no words of it."""


def filled(source: str, values: Values, treat: Callable[[str, str], str] = lambda _name, value: value) -> str:
    """The words with every place filled, once: what fills a place is never looked through for others.

    ``treat`` makes a value fit, by the place's name. Raises Unfit for a place nobody fills and for a stray brace.
    """
    if set("{}") & set(PLACE.sub("", source)):
        raise Unfit("a stray brace")
    return PLACE.sub(lambda found: treat(found[1], _value(found[1], values)), source)


def said(wording: Wording, values: Values) -> Wording:
    """All three parts with their places filled, tidied: one line, paragraphs, a text's lines. Raises Unfit."""
    return Wording(
        subject=" ".join(filled(wording.subject, values).split()),
        mail=tidied(filled(wording.mail, values)),
        text=tidied(filled(wording.text, values)),
    )


def tidied(text: str) -> str:
    """Without what an empty place leaves behind: spaces in a row, at the ends of lines, more than one empty line."""
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def mark(wording: Wording) -> str:
    """What tells one wording from another, for a page to say which one it showed."""
    return sha256(repr(wording).encode()).hexdigest()


def places_in(source: str) -> tuple[str, ...]:
    """The names between braces, as typed."""
    return tuple(PLACE.findall(source))


def alone(text: str, what: str) -> bool:
    """Whether something stands in a text exactly once, on a line of its own."""
    return text.count(what) == 1 and what in text.split("\n")


def _value(name: str, values: Values) -> str:
    if name not in values:
        raise Unfit("a place nobody fills")
    return values[name]
