"""Holds telling the convener that nobody at a required agency has been told. What they do then is theirs."""

from strategy.act import Act
from strategy.commands import events, messages
from strategy.db import db
from strategy.models import Discussion, Invitation
from strategy.queries import untold
from strategy.vocabulary import EventVerb, MessageReason, News


def tell(invitation_id: int, act: Act) -> bool:
    """Tell the convener, if nobody has been told still and nobody else was first; whether they were told now."""
    about = db.session.get(Invitation, invitation_id)
    if about is None:
        return False
    db.session.get(Discussion, about.discussion_id, with_for_update=True, populate_existing=True)
    for invitation, times in untold.to_tell(act.at, invitation_id):
        words = f"{invitation.role_words}: nobody has been told, nothing we sent has arrived"
        events.add(EventVerb.NOBODY_TOLD, words, act, invitation=invitation)
        whom = messages.recipient_for(invitation.discussion.convener)
        key, reason, news = f"{News.NOBODY_TOLD}:{times}", MessageReason.CONVENER, News.NOBODY_TOLD
        messages.queue("convener", whom, invitation, reason, act, key=key, urgent=True, news=news)
        return True
    return False
