"""Answers when schools are in term, and who answers for them when they are not."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import HolidayCover, Term
from strategy.queries.directory import Directory, Option
from strategy.rules.terms import Dates, in_term


@dataclass(frozen=True, slots=True)
class Schools:
    """Term dates and holiday covers of some agencies, by the agency's id."""

    terms: Mapping[int, Sequence[Term]]
    covers: Mapping[int, HolidayCover]

    def in_term(self, agency_id: int, day: date) -> bool | None:
        """Whether it is open to pupils that day; None where nobody has entered it."""
        known = self.terms.get(agency_id, ())
        return in_term((Dates(one.starts_on, one.ends_on) for one in known), day)

    def cover(self, agency_id: int, directory: Directory) -> Option | None:
        """Who answers for it out of term, if they are in use and serve this authority."""
        found = self.covers.get(agency_id)
        if found is None:
            return None
        people = (Option(one.desk, one) for one in directory.people if one.id == found.person_id)
        desks = (Option(one) for one in directory.desks if one.id == found.desk_id)
        return next(chain(people, desks), None)


def schools(agency_ids: Collection[int]) -> Schools:
    """What is known of those agencies, in two queries."""
    covers = db.session.scalars(select(HolidayCover).where(HolidayCover.agency_id.in_(agency_ids)))
    return Schools(terms_of(agency_ids), {one.agency_id: one for one in covers})


def terms_of(agency_ids: Collection[int]) -> Mapping[int, Sequence[Term]]:
    """The term dates of those agencies, the earliest first."""
    found: defaultdict[int, list[Term]] = defaultdict(list)
    asked = select(Term).where(Term.agency_id.in_(agency_ids)).order_by(Term.starts_on)
    for term in db.session.scalars(asked):
        found[term.agency_id].append(term)
    return found


def cover_of(agency_id: int) -> HolidayCover | None:
    """Who was named to answer for that school out of term."""
    whole = (joinedload(HolidayCover.desk), joinedload(HolidayCover.person))
    return db.session.get(HolidayCover, agency_id, options=whole)
