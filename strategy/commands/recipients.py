"""Who is told besides whoever was invited (a deputy once named), and who was told at all. It writes nothing."""

from sqlalchemy import select

from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import Invitation, Message
from strategy.vocabulary import InvitationState, MessageState

_NEVER_LEFT = frozenset({MessageState.QUEUED, MessageState.VOIDED, MessageState.FAILED})


def deputy(invitation: Invitation) -> Recipient | None:
    """The deputy named at this moment, at the address or number given for them; None when there is none to reach."""
    contact = invitation.attendee_contact
    if invitation.state is not InvitationState.DEPUTY or not contact:
        return None
    mail = contact if "@" in contact else None
    return Recipient(invitation.attendee_name or invitation.invitee, mail, None if mail else contact)


def was_told(invitation: Invitation, whom: Recipient | None = None) -> bool:
    """Whether any message left for this invitation, or for ``whom`` among its people.

    Who was never told of a meeting is not told that it is off.
    """
    left = select(Message.id).where(Message.invitation_id == invitation.id, Message.state.not_in(_NEVER_LEFT))
    if whom is not None:
        left = left.where(Message.address.in_([address for address in (whom.email, whom.mobile) if address]))
    return db.session.scalar(left.limit(1)) is not None
