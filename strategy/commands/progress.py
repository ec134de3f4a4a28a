"""Takes how far an agency is with an action of its own. That it is done, and how one can see it, is record.py's."""

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Action, Progress
from strategy.vocabulary import ActionState, EventVerb


def tell(action: Action, text: str, act: Act) -> Progress:
    """Write down how far it is; it stays open and due when it was. Raises Refused, at the field."""
    if action.state is not ActionState.OPEN:
        raise Refused(f"This action is already {action.state.words.lower()}", "action")
    if not text.strip():
        raise Refused("Say how far it is", "said")
    said = Progress(action=action, text=text.strip(), by=act.by, at=act.at)
    db.session.add(said)
    words = f"{action.invitation.role_words}: said how far an action is."
    events.add(EventVerb.ACTION_CHANGED, words, act, invitation=action.invitation)
    return said
