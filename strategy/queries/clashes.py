"""Answers which other discussions claim the desks and people a discussion asks at its time. It refuses nothing."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from strategy.dates import clock
from strategy.db import db
from strategy.keys import keys
from strategy.models import Contact, Desk, Discussion, Invitation, Person, User
from strategy.queries.availability import AWAY
from strategy.restrictions import COUNTED, hidden_here
from strategy.rules.occasion import crowded_by
from strategy.vocabulary import DiscussionState


@dataclass(frozen=True, slots=True)
class Claim:
    """A desk, a named person, or one of our own, asked from one moment to another."""

    desk: Desk | None
    person: Person | None
    starts_at: datetime
    ends_at: datetime
    user: User | None = None

    @property
    def words(self) -> str:
        """ "Exampleshire Police: MASH desk"."""
        if self.user:
            return self.user.full_name
        source = self.person or self.desk
        return f"{source.agency.name}: {source.name}" if source else ""

    @property
    def lines(self) -> int:
        """In how many discussions they can be at once."""
        return 1 if self.person or self.desk is None else max(1, self.desk.lines)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another discussion that has the time of a desk or person: which, until when, and who convened it."""

    who: str
    discussion_id: int
    reference: str
    convener: str
    starts_at: datetime
    ends_at: datetime
    closed: str = ""  # what it is called where its reference is not to be said

    @property
    def token(self) -> str:
        """How a form names it: its reference, or, where that is not to be said, something only we can make."""
        return keys().blind(f"discussion {self.discussion_id}")[:16] if self.closed else self.reference

    @property
    def where(self) -> str:
        """Which it is, and when: "NTH3 then (11am to 11:45am)"."""
        return f"{self.closed or self.reference} then ({clock(self.starts_at)} to {clock(self.ends_at)})"

    @property
    def words(self) -> str:
        """As a sentence without a child's data; of what is closed to the reader no more than that there is one."""
        times = f"{clock(self.starts_at)} to {clock(self.ends_at)}"
        if self.closed:
            return f"{self.who} is asked to {self.closed} then ({times})"
        return f"{self.who} is asked to {self.reference} then ({times}, convened by {self.convener})"


def of(claims: Sequence[Claim], authority_id: int, besides: int | None = None) -> list[Clash]:
    """The discussions in the way of those claims, in the order of their times; one query, two where there are any.

    A desk that serves several authorities can be asked by each of them: ``authority_id`` is the one that asks.

    A desk with several lines is in the way only where all of them are asked for. ``besides`` is the discussion asking.
    """
    if not claims:
        return []
    rows = _asked(claims, besides)
    hidden = hidden_here() if rows else set()
    found = [
        Clash(
            claim.words,
            row.id,
            row.reference,
            row.full_name,
            row.starts_at,
            row.ends_at,
            _closed(row, authority_id, hidden),
        )
        for claim in claims
        for row in _in_the_way(claim, rows)
    ]
    return sorted(set(found), key=lambda one: (one.starts_at, one.reference, one.who))


def _closed(row: Any, authority_id: int, hidden: Container[int]) -> str:
    """Restricted, or closed to the reader as implicated: both in the same words, which tell neither from the other."""
    if row.authority_id != authority_id:
        return "another authority’s discussion"
    return "a restricted discussion" if row.restricted or row.contact_id in hidden else ""


def _in_the_way(claim: Claim, rows: Sequence[Any]) -> list[Any]:
    mine = [row for row in rows if _is_of(row, claim)]
    spans = [(row.begins, row.until) for row in mine]
    return [mine[number] for number in crowded_by((claim.starts_at, claim.ends_at), spans, claim.lines)]


def _is_of(row: Any, claim: Claim) -> bool:
    if claim.user:
        return bool(row.user_id == claim.user.id)
    if claim.person:
        return bool(row.person_id == claim.person.id)
    return bool(row.person_id is None and claim.desk and row.desk_id == claim.desk.id)


def _asked(claims: Sequence[Claim], besides: int | None) -> Sequence[Any]:
    convener = aliased(User)
    return db.session.execute(
        select(
            Invitation.desk_id,
            Invitation.person_id,
            Invitation.user_id,
            Discussion.id,
            Discussion.reference,
            Discussion.starts_at,
            Discussion.ends_at,
            convener.full_name,
            Contact.restricted,
            Discussion.authority_id,
            Discussion.contact_id,
            func.coalesce(Invitation.needed_from, Discussion.starts_at).label("begins"),
            func.coalesce(Invitation.needed_until, Discussion.ends_at).label("until"),
        )
        .join(Invitation.discussion)
        .join(Discussion.contact)
        .join(convener, Discussion.convener)
        .where(
            Discussion.state == DiscussionState.CONVENED,
            Discussion.starts_at < max(claim.ends_at for claim in claims),
            Discussion.ends_at > min(claim.starts_at for claim in claims),
            Discussion.id != (besides or 0),
            Invitation.state.not_in(AWAY),
            or_(
                Invitation.desk_id.in_([claim.desk.id for claim in claims if claim.desk and not claim.person]),
                Invitation.person_id.in_([claim.person.id for claim in claims if claim.person]),
                Invitation.user_id.in_([claim.user.id for claim in claims if claim.user]),
            ),
        )
        .execution_options(**COUNTED)
    ).all()
