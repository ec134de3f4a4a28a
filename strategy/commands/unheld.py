"""Holds telling our own people that a discussion's time has passed and it was not held. What they do then is theirs."""

from dataclasses import replace
from datetime import timedelta

from strategy import dates
from strategy.act import Act
from strategy.commands import events, messages
from strategy.db import db
from strategy.models import Discussion
from strategy.queries import unheld
from strategy.vocabulary import EventVerb, InvitationState, MessageReason

# A text is for what can still be put right this hour. Found later (the machine was asleep), a mail is enough.
_FRESH = timedelta(hours=1)


def tell(discussion_id: int, act: Act) -> bool:
    """Tell convener and chair, once for each time it was planned for; whether they were told now."""
    db.session.get(Discussion, discussion_id, with_for_update=True, populate_existing=True)
    for discussion in unheld.untold(act.at, discussion_id):
        words = f"Its time passed, planned {dates.short(discussion.starts_at)}, and nobody recorded that it was held"
        events.add(EventVerb.TIME_PASSED, words, act, discussion=discussion)
        live = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
        for user in {discussion.convener_id: discussion.convener, discussion.chair_id: discussion.chair}.values():
            key = f"{discussion.sequence}:{user.id}"
            reason, whom = MessageReason.CONVENER, messages.recipient_for(user)
            if act.at - discussion.ends_at > _FRESH:
                whom = replace(whom, phone=None)
            for about in live[:1]:
                messages.queue("not-held", whom, about, reason, act, key=key, urgent=True)
        return True
    return False
