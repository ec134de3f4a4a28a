"""Holds the taking of desks and people for a time: locked, so that of two who want the last line one is told.

Whose time it is to give is nobody's but the convener's: going ahead all the same is theirs to say, and is recorded.
"""

from collections.abc import Container, Sequence
from typing import Final

from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Desk, Discussion, Person
from strategy.queries import clashes, conflicts
from strategy.queries.clashes import Claim, Clash
from strategy.restrictions import COUNTED
from strategy.vocabulary import EventVerb


class _Everything(Container[str]):
    def __contains__(self, reference: object) -> bool:
        return True


# For what cannot wait (a discussion held this minute): whatever else is asked of them is no hindrance.
EVERYTHING: Final = _Everything()
NOTHING: Final[frozenset[str]] = frozenset()


def take(
    claims: Sequence[Claim], authority_id: int, alongside: Container[str], besides: int | None = None
) -> list[Clash]:
    """Make sure of their time before anybody is asked; the discussions they are asked to alongside, to be recorded.

    ``alongside`` are references of discussions the convener has seen and goes ahead beside. Raises Refused, naming
    who has the time, for any other. What is locked stays so until the transaction ends: nobody else takes it between.
    """
    _lock(claims)
    found = clashes.of(claims, authority_id, besides)
    unseen = [one for one in found if one.token not in alongside]
    if unseen:
        words = ". ".join(one.words for one in unseen)
        raise Refused(f"{words}. Choose another time, or go ahead all the same", "alongside")
    return found


def record(discussion: Discussion, found: Sequence[Clash], act: Act) -> None:
    """Write on both discussions that somebody is asked to both at once."""
    for clash in found:
        other = db.session.get_one(Discussion, clash.discussion_id, execution_options=COUNTED)
        for one, beside in ((discussion, other), (other, discussion)):
            closed = _closed(beside, one)
            name = closed or beside.reference
            words = f"{clash.who} is asked to {name} at that time too: {act.by} went ahead all the same"
            facts = {"beside": None if closed else beside.reference}
            events.add(EventVerb.DOUBLE_BOOKED, words, act, discussion=one, facts=facts)


def _closed(beside: Discussion, one: Discussion) -> str:
    """What it is called on the other's timeline, which others read: what is closed to anybody is not named there."""
    if beside.authority_id != one.authority_id:
        return "another authority’s discussion"
    if beside.contact_id == one.contact_id:
        return ""
    barred = beside.contact.restricted or conflicts.standing(beside.contact)
    return "a restricted discussion" if barred else ""


def _lock(claims: Sequence[Claim]) -> None:
    """In one order, so that nobody waits in a circle; not against new invitations' mere pointing at them."""
    people = {claim.person.id for claim in claims if claim.person}
    desks = {claim.desk.id for claim in claims if claim.desk and not claim.person}
    for key, ids in ((Desk.id, desks), (Person.id, people)):
        if ids:
            db.session.execute(select(key).where(key.in_(ids)).order_by(key).with_for_update(key_share=True))
