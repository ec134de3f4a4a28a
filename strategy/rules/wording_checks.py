"""Decides whether words of a message may be used: an authority's own, and ours by the same measure.

Every fault is a sentence for whoever wrote the words, at the part it stands in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from strategy.rules.wording import LINK, PLACE, Part, Standard, Unfit, Values, Wording, alone, places_in, said

LONGEST_LINK: Final = "https://discussions.example.org/a/ABCDE"  # 39 characters: as long as links may be (design 3)
MOST: Final[Mapping[Part, int]] = {Part.SUBJECT: 150, Part.MAIL: 3000, Part.TEXT: 400}  # characters as written
ONE_TEXT: Final = 160  # units of a lone fragment (in-the-wild 25)
_SUBJECT: Final = 200  # characters as sent, as the outbox keeps them

# A link is anything a mail program or a phone makes one of: a scheme, www., or a dot between letters.
_PRESSED = re.compile(r"\b[a-z][a-z+.-]*://|\bwww\.|[a-z0-9-]\.[a-z]{2,}\b|\b(tel|sms|mailto):", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*@\S*")
# Figures as numbers of people and cases have them; a phone number begins with 0 or +.
_FIGURES = re.compile(r"(?<![\d+])\+?\d(?:[ \-–/.]?\d){5,}(?!\d)")
_DATE = re.compile(r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b")
_REPLYING = re.compile(r"\b(repl(y|ies)|text (us )?back)\b|\b[ADN] ?\d{2,3}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part."""

    part: Part
    words: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text comes to with the longest link: ``units`` of 160; ``odd`` is what no plain text carries."""

    units: int
    odd: str


Measure = Callable[[str], Cost]


def faults(standard: Standard, wording: Wording, cases: Sequence[Values], measure: Measure) -> tuple[Fault, ...]:
    """What keeps a wording from being used; ``cases`` are the places' values in the longest and the barest case."""
    found = [Fault(part, words) for part in Part for words in _written(standard, wording.part(part), part)]
    wrong = {fault.part for fault in found}
    fillable = replace(wording, **{part.value: "" for part in wrong})
    for values in cases:
        found += [
            fault for fault in amiss(standard, said(fillable, values), values, measure) if fault.part not in wrong
        ]
    return tuple(dict.fromkeys(found))


def amiss(standard: Standard, words: Wording, values: Values, measure: Measure) -> Iterator[Fault]:
    """What is wrong with words as they are sent, by the values their places were filled with in that case."""
    for part in Part:
        for group in standard.needs[part]:
            if not any(values[name] in words.part(part) for name in group):
                yield Fault(part, f"Say {_either(group)}")
    if len(words.subject) > _SUBJECT or len(words.subject.splitlines()) != 1:
        yield Fault(Part.SUBJECT, f"In the longest case the subject must be one line of at most {_SUBJECT} characters")
    for part in (Part.MAIL, Part.TEXT):
        body, slot = words.part(part), "{" + LINK + "}"
        if standard.link and not alone(body, slot):
            yield Fault(part, "Give {link} a line of its own, once")
        if not standard.link and slot in body:
            yield Fault(part, "This message has no link")
    yield from _dear(measure(words.text))


def usable(standard: Standard, wording: Wording, values: Values) -> Wording:
    """The words as said, link and all, for sending. Raises Unfit where a reader could not answer by them."""
    words = said(wording, values)
    slot = "{" + LINK + "}"
    if any(alone(body, slot) is not standard.link for body in (words.mail, words.text)):
        raise Unfit("the link is not where it must be")
    if not words.subject or not words.mail or not words.text:
        raise Unfit("a part says nothing")
    return words


def _dear(cost: Cost) -> Iterator[Fault]:
    if cost.odd:
        words = f"Phones take no “{cost.odd[:5]}” in a text without tripling its price: write it another way"
        yield Fault(Part.TEXT, words)
    elif cost.units > ONE_TEXT:
        over = cost.units - ONE_TEXT
        words = f"In the longest case this text has {cost.units} characters, {over} too many for one text: shorten it"
        yield Fault(Part.TEXT, words)


def _written(standard: Standard, source: str, part: Part) -> Iterator[str]:
    """What is wrong with a part as it is typed."""
    if not source.strip():
        yield "Enter what it says"
        return
    if len(source) > MOST[part]:
        yield f"Use {MOST[part]:,} characters or fewer; this is {len(source):,}"
    yield from _places(standard, source, part)
    yield from _literal(PLACE.sub(" ", source), part)


def _places(standard: Standard, source: str, part: Part) -> Iterator[str]:
    offered, used = standard.offered(part), places_in(source)
    if set("{}") & set(PLACE.sub("", source)):
        yield "A { or } stands alone: use them only around a place, as in {reference}"
    for name in dict.fromkeys(used):
        if name not in standard.places:
            yield f"There is no place {{{name}}}: those there are stand under the box"
        elif name not in offered:
            yield f"{{{name}}} has no place here: {_where(part)}"
    for group in standard.needs[part]:
        if not set(group) & set(used):
            yield f"Say {_either(group)}"
    for name in (LINK, "when"):
        if used.count(name) > 1 or (name in used and not alone(source, "{" + name + "}")):
            yield f"Give {{{name}}} a line of its own, once"


def _literal(words: str, part: Part) -> Iterator[str]:
    """What no message may say, whatever its places are filled with."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char != "\n" for char in words):
        yield "There is a character in it that nobody can see: type the words rather than pasting them"
    if part is Part.SUBJECT and "\n" in words:
        yield "A subject is one line"
    if _ADDRESS.search(words):
        yield "Leave out @ and addresses of mail: answers come by {link}, and questions to {call_back}"
    elif _PRESSED.search(words):
        yield "Leave out addresses of pages: only {link} may be pressed. Your website has its line under every mail"
    if _DATE.search(words):
        yield "Leave out dates: these words go out in every case, and a date may tell who somebody is"
    elif any(not _is_phone(found) for found in _FIGURES.findall(words)):
        yield "Leave out long numbers: they look like the number of a person or a case"
    if part is Part.TEXT and _REPLYING.search(words):
        yield "Leave how to reply to {how_to_answer}: it says so only where somebody reads replies"


def _is_phone(figures: str) -> bool:
    return figures.startswith(("0", "+"))


def _either(group: Sequence[str]) -> str:
    return " or ".join(f"{{{name}}}" for name in group)


def _where(part: Part) -> str:
    if part is Part.TEXT:
        return "a text has room only for what is short in every case"
    return "it is for another part of the message"
