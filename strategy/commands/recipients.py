"""Who is told besides whoever was invited (a deputy, those up the ladder), and who was told at all; writes nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import Desk, Invitation, Message
from strategy.queries import rungs
from strategy.vocabulary import NAMED, InvitationState, MessageChannel, MessageReason, MessageState

_NEVER_LEFT = frozenset({MessageState.QUEUED, MessageState.VOIDED, MessageState.FAILED})


def deputy(invitation: Invitation) -> Recipient | None:
    """The deputy named at this moment, at the address or number given for them; None when there is none to reach."""
    contact = invitation.attendee_contact
    if invitation.state is not InvitationState.DEPUTY or not contact:
        return None
    mail = contact if "@" in contact else None
    return Recipient(invitation.attendee_name or invitation.invitee, mail, None if mail else contact)


def cover(invitation: Invitation, at: datetime) -> Recipient | None:
    """Who has it at that moment besides whoever it was sent to: the person invited is away, or has come back."""
    found = rungs.instead(invitation, at)
    return None if found is None else Recipient(found.name, found.email, found.phone)


def now(invitation: Invitation, at: datetime) -> Recipient:
    """Whoever has it at that moment: what is to be done next is theirs to hear."""
    found = rungs.asked(invitation, at)
    return Recipient(found.name, found.email, found.phone, invitation.user_id)


def besides(invitation: Invitation) -> list[Recipient]:
    """Everybody who was told besides whoever was invited: the deputy named at this moment, and those further up.

    Who has it in their diary, or is about to send somebody, must hear when it moves or is off.
    """
    named = deputy(invitation)
    found = [named] if named is not None and was_told(invitation, named) else []
    known = {invitation.email, invitation.phone, *(address for one in found for address in (one.email, one.phone))}
    return found + [one for one in _climbed(invitation) if known.isdisjoint({one.email, one.phone} - {None})]


def _climbed(invitation: Invitation) -> list[Recipient]:
    """Those a ladder asked before the discussion, at the addresses it used."""
    asked = select(Message).where(
        Message.invitation_id == invitation.id,
        Message.reason == MessageReason.CHASE,
        Message.user_id.is_(None),
        Message.state.not_in(_NEVER_LEFT),
    )
    found: dict[str, Recipient] = {}
    for message in db.session.scalars(asked.order_by(Message.id)):
        known = found.get(message.to_name, Recipient(message.to_name, None, None))
        by_mail = message.channel is MessageChannel.EMAIL
        found[message.to_name] = (
            replace(known, email=message.address) if by_mail else replace(known, phone=message.address)
        )
    return list(found.values())


def was_told(invitation: Invitation, whom: Recipient | None = None) -> bool:
    """Whether any message left for this invitation, or for ``whom`` among its people.

    Who was never told of a meeting is not told that it is off.
    """
    left = select(Message.id).where(Message.invitation_id == invitation.id, Message.state.not_in(_NEVER_LEFT))
    if whom is not None:
        left = left.where(Message.address.in_([address for address in (whom.email, whom.mobile) if address]))
    return db.session.scalar(left.limit(1)) is not None


def coming(invitation: Invitation, at: datetime) -> list[Recipient]:
    """Whoever is to be there: who was asked, or has it now, and whoever is named, where they can be reached."""
    return _once([now(invitation, at), *filter(None, [named(invitation)])])


def joining(invitation: Invitation, at: datetime) -> list[Recipient]:
    """Everybody at their agency who can send somebody this minute: desk, whoever is named, who covers out of hours."""
    desk = invitation.desk or (invitation.person.desk if invitation.person is not None else None)
    found = [now(invitation, at), *filter(None, [named(invitation)])]
    shut = rungs.cover(invitation, at)
    found += [_desk(each) for each in (desk, shut) if each is not None]
    return _once(found)


def named(invitation: Invitation) -> Recipient | None:
    """Whoever is named to come, at the address or number given for them; None where none was given."""
    contact = invitation.attendee_contact
    if invitation.state not in NAMED or not contact:
        return None
    mail = contact if "@" in contact else None
    return Recipient(invitation.attendee_name or invitation.invitee, mail, None if mail else contact)


def _desk(desk: Desk) -> Recipient:
    holder = rungs.desk_holder(desk)
    return Recipient(holder.name, holder.email, holder.phone)


def _once(found: Iterable[Recipient]) -> list[Recipient]:
    """Each address once: whoever is named may well sit at the desk."""
    kept, known = list[Recipient](), set[str]()
    for one in found:
        fresh = replace(
            one,
            email=one.email if one.email not in known else None,
            phone=one.phone if one.phone not in known else None,
        )
        known |= {address for address in (one.email, one.phone) if address}
        if fresh.email or fresh.phone or not kept:
            kept.append(fresh)
    return kept
