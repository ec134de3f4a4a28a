"""Holds what became of an inbound mail, as a value; its line on the timeline; and dealing with what is to be read."""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.models import Inbound, Invitation, Message
from strategy.vocabulary import INBOUND_MOVES, EventVerb, InboundState, may_move


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
    events.add(EventVerb.MAIL_CAME, words, act, invitation=invitation, facts=facts)


def handle(kept: Inbound, words: str | None, act: Act) -> None:
    """Somebody read it and says what was done. Raises Refused when somebody else did meanwhile."""
    _move(kept, InboundState.HANDLED)
    kept.handled_at, kept.handled_by = act.at, act.by
    kept.handled_note = (words or "").strip() or None
    if kept.invitation is not None:
        note(kept.invitation, f"{kept.invitation.role_words}: their mail was read and dealt with", kept, act)


def put_back(kept: Inbound, act: Act) -> None:
    """It has to be read after all. Raises Refused when it is on the list already, or never was."""
    _move(kept, InboundState.TO_READ)
    kept.handled_at = kept.handled_by = None
    if kept.invitation is not None:
        note(kept.invitation, f"{kept.invitation.role_words}: their mail is to be read again", kept, act)


def _move(kept: Inbound, state: InboundState) -> None:
    if not may_move(INBOUND_MOVES, kept.state, state):
        raise Refused("Somebody has dealt with this meanwhile")
    kept.state = state
