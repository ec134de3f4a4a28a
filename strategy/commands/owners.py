"""Holds the one way an action reaches its owner: told of it, and reminded; shared by holding, record and reminding."""

from strategy.act import Act
from strategy.commands import chases, messages, recipients
from strategy.models import Action, Message
from strategy.vocabulary import MessageReason


def tell(action: Action, act: Act) -> list[Message]:
    """Queue the action to its owner: reference, due time and a link, never what it is about.

    Told again only when the owner or the due time changed: the key holds the time, and the invitation by itself.
    Reminders are planned anew.
    """
    queued = _queue("action", MessageReason.ACTION, action, act, late=False)
    chases.replan_action(action, act)
    return queued


def remind(action: Action, act: Act, *, late: bool) -> list[Message]:
    """Remind its owner that it is due, or ``late``, that it was: once each for that owner and that time."""
    return _queue("action-due", MessageReason.ACTION_DUE, action, act, late=late)


def _queue(name: str, reason: MessageReason, action: Action, act: Act, *, late: bool) -> list[Message]:
    return messages.queue(
        name,
        recipients.now(action.invitation, act.at),
        action.invitation,
        reason,
        act,
        key=f"{action.id}:{action.due_at:%Y%m%dT%H%M}{':late' if late else ''}",
        action_id=action.id,
        owner=action.owner or None,
        due_at=action.due_at,
        overdue=late,
        staff_role=None if action.invitation.user_id is None else action.invitation.role_words,
    )
