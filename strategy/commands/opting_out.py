"""Holds what follows when a phone wants no more texts, or wants them again. It answers neither: carriers do.

A duty number that opts out silences its agency (in-the-wild 22): the conveners hear of it at once, and what was about
to be texted there goes another way.
"""

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import calls, events, messages, sending
from strategy.commands.inbound import Done
from strategy.db import db
from strategy.models import Discussion, Invitation, Message
from strategy.queries import reply_codes
from strategy.vocabulary import (
    NAMED,
    EventVerb,
    InboundState,
    MessageChannel,
    MessageState,
    News,
)

_PROBLEM = "This phone asked for no more texts"


def stop(phone: str, act: Act) -> Done:
    """They sent STOP: no more texts go there, staff know, and what waited to go is taken another way."""
    invitations = mark(phone, act)
    waiting = select(Message.id).where(
        Message.address == phone, Message.channel == MessageChannel.SMS, Message.state == MessageState.QUEUED
    )
    for message_id in db.session.scalars(waiting.order_by(Message.id)).all():
        sending.report(message_id, MessageState.BOUNCED, _PROBLEM, act)
    found = invitations[0] if invitations else None
    if not reply_codes.entries_at(phone):
        words = "They want no more texts, and are in no directory entry: please see who it is."
        return Done(InboundState.TO_READ, words, found)
    return Done(InboundState.APPLIED, "No more texts go to this phone; it is among the entries to repair.", found)


def mark(phone: str, act: Act) -> list[Invitation]:
    """Mark every entry with that number and alarm the conveners; the open invitations there.

    Also for a provider's own word that the phone has opted out. Marked already: nothing is said twice.
    """
    entries = [entry for entry in reply_codes.entries_at(phone) if entry.opted_out_at is None]
    for entry in entries:
        entry.opted_out_at = act.at
        events.add(EventVerb.TEXTS_STOPPED, f"{entry.name} wants no more texts", act, agency=entry.agency)
    invitations = reply_codes.open_at(phone, act.at)
    ids = sorted({one.discussion_id for one in invitations})
    # Everybody locks discussions in this order, so that nobody waits in a circle.
    db.session.scalars(select(Discussion).where(Discussion.id.in_(ids)).order_by(Discussion.id).with_for_update()).all()
    for invitation in invitations if entries else ():
        _alarm(invitation, phone, act)
    return invitations


def start(phone: str, act: Act) -> Done:
    """They sent START: texts go there again."""
    entries = [entry for entry in reply_codes.entries_at(phone) if entry.opted_out_at is not None]
    for entry in entries:
        entry.opted_out_at = None
        events.add(EventVerb.TEXTS_STOPPED, f"{entry.name} takes texts again", act, agency=entry.agency)
    words = "Texts go to this phone again." if entries else "They want texts, which they had not stopped."
    return Done(InboundState.APPLIED if entries else InboundState.NOTED, words)


def _alarm(invitation: Invitation, phone: str, act: Act) -> None:
    words = f"{invitation.role_words}: their phone wants no more texts"
    events.add(EventVerb.TEXTS_STOPPED, words, act, invitation=invitation)
    messages.tell_convener(invitation, News.TEXTS_STOPPED, act, key=f"stopped:{act.at.isoformat()}", urgent=True)
    if invitation.email is None and invitation.phone == phone and invitation.state not in NAMED:
        because = "They want no more texts, and no email is known: ask who is coming."
        calls.ask(invitation, invitation.invitee, phone, because, act, key=f"stopped:{act.at.isoformat()}")
