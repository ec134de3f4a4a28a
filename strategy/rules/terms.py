"""Holds whether a school is open to pupils on a day, by its term dates. Who answers otherwise is the directory's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and the last day of a term."""

    starts_on: date
    ends_on: date


def in_term(terms: Iterable[Dates], day: date) -> bool | None:
    """Whether the day lies in one of the terms; None where they do not say: before the first or after the last.

    A weekend in term is in term: that the school is shut then its desk's hours say.
    """
    known = list(terms)
    if not known or day < min(one.starts_on for one in known) or day > max(one.ends_on for one in known):
        return None
    return any(one.starts_on <= day <= one.ends_on for one in known)


def clashing(terms: Iterable[Dates], new: Dates) -> bool:
    """Whether the new term shares a day with one there is."""
    return any(one.starts_on <= new.ends_on and new.starts_on <= one.ends_on for one in terms)
