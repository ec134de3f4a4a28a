"""Answers which desks that are asked are staffed by somebody named as implicated. Naming a desk is the commands'."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.dates import brief
from strategy.models import Contact, Desk, Invitation, Person
from strategy.queries import conflicts
from strategy.queries.duty import Duty
from strategy.queries.rotas import duties
from strategy.vocabulary import DiscussionState, InvitationState

_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Staffed:
    """Somebody named who reads what goes to a desk that is asked: how they do, as a sentence without full stop."""

    invitation: Invitation
    desk: Desk
    words: str


def staffed(contact: Contact, now: datetime) -> list[Staffed]:
    """Each desk asked to a discussion still to be held that somebody named staffs, in the order they were asked."""
    if not _named(contact):
        return []
    found = []
    for discussion in contact.discussions:
        if discussion.state is DiscussionState.CONVENED:
            asked = [(one, one.desk) for one in discussion.invitations if _stands(one) and one.desk is not None]
            said = staffing(contact, [desk for _, desk in asked], now, discussion.ends_at)
            found += [Staffed(one, desk, words) for one, desk in asked for words in said[desk.id]]
    return found


def staffing(contact: Contact, desks: Collection[Desk], now: datetime, until: datetime) -> Mapping[int, list[str]]:
    """By desk: who named staffs it, a sentence each. They are of it, or on duty at it at some time until ``until``."""
    named = _named(contact)
    if not named:
        return {desk.id: [] for desk in desks}
    on_duty = duties([desk.id for desk in desks], now, max(until, now + _MOMENT))
    return {desk.id: list(_how(desk, on_duty[desk.id], named, now)) for desk in desks}


def _named(contact: Contact) -> Mapping[int, Person]:
    return {one.person.id: one.person for one in conflicts.standing(contact) if one.person is not None}


def _stands(invitation: Invitation) -> bool:
    """A person asked is reached at their own addresses, which naming somebody bars already."""
    return invitation.state is not InvitationState.WITHDRAWN and invitation.person_id is None


def _how(desk: Desk, here: Sequence[Duty], named: Mapping[int, Person], now: datetime) -> Iterator[str]:
    first = {one.person_id: one for one in reversed(here)}
    for person_id, person in named.items():
        duty = first.get(person_id)
        if duty is not None:
            begins = f"from {brief(duty.starts_at, now)} " if duty.starts_at > now else ""
            yield f"{person.name} is on duty at {desk.name} {begins}until {brief(duty.ends_at, now)}"
        elif person.desk_id == desk.id:
            yield f"{person.name} is one of {desk.name}"
