"""Answers whether somebody of the directory is away at a moment, and who stands in for them. It tells nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import joinedload

from strategy.dates import short
from strategy.models import Away, Person
from strategy.rules.conflicts import NOBODY, Conflicts

# What a query of people loads so that they can be asked about without another one; it wants unique().
WHOLE = (joinedload(Person.aways).joinedload(Away.cover), joinedload(Person.deputy), joinedload(Person.desk))


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who is told instead of ``absent`` until ``until``. ``person`` None: somebody who is not in the directory."""

    absent: Person
    until: datetime
    name: str
    email: str | None
    phone: str | None
    person: Person | None = None

    @property
    def remark(self) -> str:
        """Why it is they."""
        return f"covers for {self.absent.name}, away until {short(self.until)}"

    @property
    def covering(self) -> str:
        """The same beside a name: "covering for Dee Sergeant until Fri 27 Nov 9am"."""
        return f"covering for {self.absent.name} until {short(self.until)}"

    @property
    def words(self) -> str:
        """As lists show it."""
        return f"{self.name} ({self.remark})"


def away(person: Person, at: datetime) -> Away | None:
    """The absence they are in at that moment, the one entered last if there are several; None while they are there."""
    gone = [one for one in person.aways if one.taken_back_at is None and one.starts_at <= at < one.ends_at]
    return max(gone, key=lambda one: one.id) if gone else None


def stand_in(
    person: Person, at: datetime, but: Collection[int | None] = (), barred: Conflicts = NOBODY
) -> StandIn | None:
    """Who covers for them at that moment: whom they named, else their standing deputy.

    Whoever is away too is covered for in turn. None when they are there, or nobody in use covers; ``but`` are people
    it cannot be, and ``barred`` those implicated in what it is about.
    """
    return _found(person, person, at, {person.id, *but}, barred)


def turns(person: Person) -> set[datetime]:
    """The moments at which who is to be asked for them may change: they, or somebody who might cover, leave or return.

    More moments than needed do no harm.
    """
    found, left, seen = set[datetime](), [person], set[int]()
    while left:
        one = left.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        for gone in one.aways:
            found |= {gone.starts_at, gone.ends_at}
            left += [gone.cover] if gone.cover else []
        left += [one.deputy] if one.deputy else []
    return found


def reached_at(person: Person) -> tuple[str | None, str | None]:
    """Email and phone of a person: their own, else their desk's."""
    source = person if person.email or person.phone or person.desk is None else person.desk
    return source.email, source.phone


def _found(absent: Person, asked: Person, at: datetime, seen: set[int | None], barred: Conflicts) -> StandIn | None:
    gone, first = away(asked, at), away(absent, at)
    if gone is None or first is None:
        return None
    if gone.cover_name and not (barred.read(gone.cover_email, gone.cover_phone) or barred.named(gone.cover_name)):
        return StandIn(absent, first.ends_at, gone.cover_name, gone.cover_email, gone.cover_phone)
    for other in (gone.cover, asked.deputy):
        if other is None or not other.active or other.id in seen:
            continue
        seen.add(other.id)
        if barred.person(other.id, *reached_at(other)):
            continue
        if away(other, at) is None:
            return StandIn(absent, first.ends_at, other.name, *reached_at(other), other)
        further = _found(absent, other, at, seen, barred)
        if further is not None:
            return further
    return None
