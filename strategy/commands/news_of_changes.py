"""Holds telling everybody of a discussion that was moved or stood down. Doing so is changes'."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from strategy.act import Act
from strategy.commands import (
    messages,
    recipients,
)
from strategy.commands.messages import Recipient
from strategy.models import Discussion, Invitation
from strategy.queries import offered
from strategy.vocabulary import (
    InvitationState,
    MessageReason,
)


def live(discussion: Discussion) -> list[Invitation]:
    """The invitations that still stand."""
    return [each for each in discussion.invitations if each.state is not InvitationState.WITHDRAWN]


def tell_everybody(
    discussion: Discussion, others: Mapping[int, Sequence[Recipient]], was: datetime | None, act: Act
) -> None:
    """Tell whoever is asked, those besides them in ``others``, and the convener, of a new time or place."""
    for invitation in live(discussion):
        _tell_update(invitation, was, act)
        for number, other in enumerate(others[invitation.id]):
            _queue_update(other, invitation, was, act, key=f"version:{discussion.sequence}:{number}")
    convener = convener_to_tell(discussion, act)
    if convener is not None:
        key = f"convener:{discussion.sequence}"
        _queue_update(convener, live(discussion)[0], was, act, key=key)


def _tell_update(invitation: Invitation, was: datetime | None, act: Act) -> None:
    """Whoever heard nothing yet gets the invitation itself: news of a change would be the first they hear."""
    version = f"version:{invitation.discussion.sequence}"
    recipient = messages.recipient_of(invitation)
    if recipients.was_told(invitation):
        _queue_update(recipient, invitation, was, act, key=version, calendar="REQUEST")
    else:
        name = "invite" if invitation.user_id is None else "staff-invite"
        messages.queue(name, recipient, invitation, MessageReason.INVITE, act, key=version, calendar="REQUEST")
    cover = recipients.cover(invitation, act.at)
    if cover is not None:
        _queue_update(cover, invitation, was, act, key=f"{version}:cover")


def _queue_update(
    recipient: Recipient,
    invitation: Invitation,
    was: datetime | None,
    act: Act,
    *,
    key: str,
    calendar: str | None = None,
) -> None:
    messages.queue(
        "update",
        recipient,
        invitation,
        MessageReason.UPDATE,
        act,
        key=key,
        calendar=calendar,
        was=was,
        offered=was is not None and offered.suits(invitation),
    )


def tell_cancel(invitation: Invitation, act: Act) -> None:
    """Tell them, and everybody told besides them, that it is off."""
    version = f"version:{invitation.discussion.sequence}"
    messages.queue(
        "cancel",
        messages.recipient_of(invitation),
        invitation,
        MessageReason.CANCEL,
        act,
        key=version,
        calendar="CANCEL",
    )
    cover = recipients.cover(invitation, act.at)
    for number, other in enumerate([*recipients.besides(invitation), *([cover] if cover else [])]):
        messages.queue("cancel", other, invitation, MessageReason.CANCEL, act, key=f"{version}:{number}")


def convener_to_tell(discussion: Discussion, act: Act) -> Recipient | None:
    """Whoever booked it, unless they do this themselves or are told as somebody invited."""
    told = {invitation.user_id for invitation in live(discussion)}
    return (
        None
        if not told or discussion.convener_id in {*told, act.user_id}
        else messages.recipient_for(discussion.convener)
    )
