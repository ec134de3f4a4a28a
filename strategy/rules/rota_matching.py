"""Holds whom an entry of somebody else's rota means: by address, else by whole name. It reads no files.

It is cautious: a likeness that is none would put the wrong person on duty, and nobody would answer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from strategy.rules.naming import same_name

_MAIL = re.compile(r"[^\s<>,;:()\"']+@[^\s<>,;:()\"']+")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the agency. ``person`` is any number that tells people apart."""

    person: int
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """The people meant, or why nobody can be told: a sentence that begins a line, without its full stop."""

    people: tuple[int, ...] = ()
    reason: str | None = None


def match(title: str, attendees: Sequence[tuple[str, str]], known: Sequence[Known]) -> Matched:
    """Whom an entry means: ``attendees`` are (name, address), ``title`` its summary.

    Addresses go before names, attendees before the title. In the title a whole name may stand among other words;
    "Ann Lee-Smith" is not Ann Lee when there is an Ann Lee-Smith. Case and spaces do not matter.
    """
    mails = {mail.casefold() for _, mail in attendees} | {mail.casefold() for mail in _MAIL.findall(title)}
    people = [one.person for one in known if one.email and one.email.casefold() in mails]
    if people:
        return Matched(tuple(people))
    typed = [name for name, _ in attendees if _close(name)] if attendees else []
    found = {name for text in typed for name in _named(text, known, whole=True)} or set(_named(title, known))
    return _one_each(found, known)


def _named(text: str, known: Iterable[Known], *, whole: bool = False) -> list[str]:
    """The names of ``known``, tidied, that stand in a text (or are the whole of it); the longest first."""
    left, found = f" {_tidy(text)} ", []
    for name in sorted({_tidy(one.name) for one in known}, key=len, reverse=True):
        if not name:
            continue
        if _close(text) == name.replace(" ", ""):
            return [name]
        if not whole and f" {name} " in left:
            found.append(name)
            left = left.replace(f" {name} ", " | ")
    return found


def _one_each(names: Iterable[str], known: Iterable[Known]) -> Matched:
    people: list[int] = []
    for name in sorted(names):
        called = [one for one in known if _tidy(one.name) == name]
        if len(called) > 1:
            return Matched(reason=f"More than one person is called {called[0].name}: the file must give the address")
        people.append(called[0].person)
    return Matched(tuple(people)) if people else Matched(reason="Nobody at this agency has that name or address")


def _close(text: str) -> str:
    return _tidy(text).replace(" ", "")


def _tidy(text: str) -> str:
    """A double-barrelled name is one word, so that half of it is nobody."""
    return same_name(_HYPHEN.sub("", text))
