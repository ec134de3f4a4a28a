"""Who is told besides the invitee: the convener, and a deputy once named. It writes nothing."""

from strategy.commands.messages import Recipient
from strategy.models import Discussion, Invitation
from strategy.vocabulary import InvitationState


def convener(discussion: Discussion) -> Recipient:
    """Whoever booked the discussion, and is told when something goes wrong."""
    user = discussion.convener
    return Recipient(name=user.full_name, email=user.email, phone=user.mobile, user_id=user.id)


def deputy(invitation: Invitation) -> Recipient | None:
    """The deputy named at this moment, at the address or number given for them; None when there is none to reach."""
    contact = invitation.attendee_contact
    if invitation.state is not InvitationState.DEPUTY or not contact:
        return None
    mail = contact if "@" in contact else None
    return Recipient(
        name=invitation.attendee_name or invitation.invitee,
        email=mail,
        phone=None if mail else contact,
        user_id=None,
    )
