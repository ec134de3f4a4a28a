"""Holds the one way an action reaches its owner; shared by holding (all, at the end) and record (one, later)."""

from strategy.act import Act
from strategy.commands import messages, recipients
from strategy.models import Action, Message
from strategy.vocabulary import MessageReason


def tell(action: Action, act: Act) -> list[Message]:
    """Queue the action to its owner: reference, due time and a link, never what it is about.

    Told again only when the owner or the due time changed: the key holds the time, and the invitation by itself.
    """
    return messages.queue(
        "action",
        recipients.now(action.invitation, act.at),
        action.invitation,
        MessageReason.ACTION,
        act,
        key=f"{action.id}:{action.due_at:%Y%m%dT%H%M}",
        action_id=action.id,
        owner=action.owner or None,
        due_at=action.due_at,
        staff_role=None if action.invitation.user_id is None else action.invitation.role_words,
    )
