"""Holds what became of what came in, as a value; where it is filed, who hears of it, and dealing with it."""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import events, messages
from strategy.models import Inbound, Invitation, Message
from strategy.queries import inbound as queries
from strategy.vocabulary import (
    INBOUND_MOVES,
    DiscussionState,
    EventVerb,
    InboundState,
    MessageChannel,
    News,
    may_move,
)

_LONGEST_EFFECT = 400


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it. ``effect`` is a sentence without anybody's address or words."""

    state: InboundState
    effect: str
    invitation: Invitation | None = None
    message: Message | None = None


def note(invitation: Invitation, words: str, kept: Inbound, act: Act) -> None:
    """Put it on the timeline of the invitation it is about."""
    facts = {"inbound": kept.id, "kind": kept.kind.value}
    verb = EventVerb.TEXT_CAME if kept.channel is MessageChannel.SMS else EventVerb.MAIL_CAME
    events.add(verb, words, act, invitation=invitation, facts=facts)


def file(kept: Inbound, done: Done) -> None:
    """Where it belongs: the list of its discussion's authority, and the trail of its invitation."""
    kept.state, kept.effect = done.state, done.effect[:_LONGEST_EFFECT]
    kept.message = done.message
    invitation = done.invitation or queries.invitation_in(done.message)
    if invitation is not None:
        kept.invitation, kept.discussion = invitation, invitation.discussion
        kept.authority_id = invitation.discussion.authority_id
    elif done.message is not None:
        kept.discussion, kept.authority_id = done.message.discussion, done.message.authority_id


def tell_convener(kept: Inbound, act: Act) -> None:
    """Somebody may have answered in their own words: that must not wait until the list is read."""
    invitation = kept.invitation
    if invitation is None or invitation.discussion.state is not DiscussionState.CONVENED:
        return
    messages.tell_convener(invitation, News.WROTE, act, key=f"wrote:{kept.id}")


def handle(kept: Inbound, words: str | None, act: Act) -> None:
    """Somebody read it and says what was done. Raises Refused when somebody else did meanwhile."""
    _move(kept, InboundState.HANDLED)
    kept.handled_at, kept.handled_by = act.at, act.by
    kept.handled_note = (words or "").strip() or None
    if kept.invitation is not None:
        note(kept.invitation, f"{kept.invitation.role_words}: their {_what(kept)} was read and dealt with", kept, act)


def put_back(kept: Inbound, act: Act) -> None:
    """It has to be read after all. Raises Refused when it is on the list already, or never was."""
    _move(kept, InboundState.TO_READ)
    kept.handled_at = kept.handled_by = None
    if kept.invitation is not None:
        note(kept.invitation, f"{kept.invitation.role_words}: their {_what(kept)} is to be read again", kept, act)


def _what(kept: Inbound) -> str:
    return "text" if kept.channel is MessageChannel.SMS else "mail"


def _move(kept: Inbound, state: InboundState) -> None:
    if not may_move(INBOUND_MOVES, kept.state, state):
        raise Refused("Somebody has dealt with this meanwhile")
    kept.state = state
