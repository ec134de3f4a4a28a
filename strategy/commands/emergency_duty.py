"""Holds handing a child's night to the emergency duty team: give, accept, say what was done, take back.

The contact keeps its holder and its clock throughout: the team acts tonight, it does not take the case.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events, messages, notices
from strategy.db import db
from strategy.models import Authority, Contact, MorningList, NightHandover, User
from strategy.queries import emergency_duty as nights
from strategy.queries import mornings
from strategy.vocabulary import NIGHT_MOVES, EventVerb, MessageReason, NightState, StaffRole, Waiting, may_move

_FURTHEST = timedelta(days=5)  # a Christmas: longer is a slip of the date


@dataclass(frozen=True, slots=True)
class Night:
    """What the team must do, by when, and whom it can ring. ``act_by`` is aware."""

    what: str
    act_by: datetime
    ring: str | None = None


def give(contact: Contact, night: Night, giver: User, act: Act) -> NightHandover:
    """Hand it to the team, and tell each of them; its clock runs on and its holder stays. Raises Refused."""
    _refuse(contact, night, act)
    team = nights.team(contact)
    if not team:
        raise Refused(nights.NOBODY_RESTRICTED if contact.restricted else nights.NOBODY)
    found = NightHandover(
        contact=contact,
        giver=giver,
        given_at=act.at,
        what=night.what.strip(),
        act_by=night.act_by,
        ring=night.ring,
        state=NightState.GIVEN,
        calls=0,
    )
    db.session.add(found)
    contact.revision += 1
    db.session.flush()
    words = f"Handed to the emergency duty team, to act by {dates.short(night.act_by)}. Not accepted yet"
    events.add(EventVerb.HANDED_TO_EDT, words, act, contact=contact, facts={"act_by": night.act_by.isoformat()})
    for person in team:
        _tell("edt-given", person, found, MessageReason.EDT_GIVEN, act, act_by=night.act_by, by=giver.full_name)
    return found


def accept(night: NightHandover, by: str, act: Act) -> None:
    """Somebody of the team takes it, by a press or, by phone, as whoever handed it over writes down. Raises Refused."""
    if not by.strip():
        raise Refused("Say who accepted it", "by")
    _move(night, NightState.ACCEPTED)
    night.accepted_at, night.accepted_by = act.at, by.strip()
    night.contact.revision += 1
    facts = {"given_at": night.given_at.isoformat()}
    words = f"{night.accepted_by} of the emergency duty team accepted it"
    events.add(EventVerb.EDT_ACCEPTED, words, act, contact=night.contact, facts=facts)


def report(night: NightHandover, did: str, act: Act) -> None:
    """Write down what the team did; written again, the last words stand. Raises Refused."""
    if night.state is not NightState.ACCEPTED:
        raise Refused(f"{night.state.words}: nothing is to be written down here")
    if not did.strip():
        raise Refused("Write what was done, and what is left", "did")
    night.did, night.did_at, night.did_by = did.strip(), act.at, act.by
    events.add(EventVerb.EDT_REPORTED, "Written down what was done overnight", act, contact=night.contact)


def back(night: NightHandover, worker: User, act: Act) -> None:
    """A named day worker has it back, whether the team ever accepted it or not. Raises Refused."""
    if not worker.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR):
        raise Refused("A social worker or a manager takes it back")
    accepted = night.state is NightState.ACCEPTED
    _move(night, NightState.BACK)
    night.back_at, night.back_with = act.at, worker
    night.contact.revision += 1
    words = f"{worker.full_name} accepted it back" if accepted else f"{worker.full_name} has it: nobody had accepted it"
    events.add(EventVerb.EDT_BACK, words, act, contact=night.contact)


def call(night_id: int, act: Act) -> bool:
    """Say that nobody has accepted it: to whoever handed it over and, from the second time on, to the managers.

    Once each time it is due, however late; whether it was said now.
    """
    night = db.session.get(NightHandover, night_id, with_for_update=True, populate_existing=True)
    if night is None or not nights.is_call_due(night, act.at):
        return False
    night.calls, night.called_at = night.calls + 1, act.at
    waited = act.at - night.given_at
    if night.calls == 1:
        words = f"Nobody of the emergency duty team has accepted it: {night.giver.full_name} is asked to ring them"
        events.add(EventVerb.EDT_UNACCEPTED, words, act, contact=night.contact)
    for person in nights.to_ring(night):
        minutes = int(waited.total_seconds() // 60)
        _tell("edt-unaccepted", person, night, MessageReason.EDT_UNACCEPTED, act, minutes=minutes)
    return True


def tell_morning(authority_id: int, act: Act) -> bool:
    """Tell the day's managers of the list of what happened overnight, once a day; whether they were told now."""
    authority = db.session.get(Authority, authority_id, with_for_update={"key_share": True}, populate_existing=True)
    for _, day in mornings.due(act.at, authority_id):
        if authority is None:
            return False
        db.session.add(MorningList(authority_id=authority_id, day=day, told_at=act.at))
        count, unaccepted = mornings.counts(authority_id, day, act.at)
        for person in nights.day_managers(authority_id):
            whom, key = messages.recipient_for(person), f"{authority_id}:{day.isoformat()}:{person.id}"
            whom = replace(whom, phone=None)  # a list to read at a desk
            reason = MessageReason.MORNING_LIST
            notices.queue("morning-list", whom, authority, reason, act, key=key, count=count, unaccepted=unaccepted)
        return True
    return False


def _refuse(contact: Contact, night: Night, act: Act) -> None:
    if contact.state is Waiting.NOT_NEEDED:
        raise Refused("This contact is closed: there is nothing to hand over")
    if nights.open_of(contact) is not None:
        raise Refused("It is handed to the emergency duty team already: see the page of the contact")
    if not night.what.strip():
        raise Refused("Say what the emergency duty team must do", "what")
    if night.act_by <= act.at:
        raise Refused("The time to act by must be still to come", "act_by")
    if night.act_by > act.at + _FURTHEST:
        raise Refused("Check the date: that is more than 5 days ahead", "act_by")


def _move(night: NightHandover, then: NightState) -> None:
    if not may_move(NIGHT_MOVES, night.state, then):
        who = night.accepted_by if night.state is NightState.ACCEPTED else night.back_with and night.back_with.full_name
        raise Refused(f"{night.state.words}{f': {who}' if who else ''}")
    night.state = then


def _tell(name: str, person: User, night: NightHandover, reason: MessageReason, act: Act, **facts: Any) -> None:
    whom, key = messages.recipient_for(person), f"{night.id}:{night.calls}:{person.id}"
    notices.queue(name, whom, night.contact, reason, act, key=key, urgent=True, **facts)
