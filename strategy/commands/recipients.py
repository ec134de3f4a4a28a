"""Who is told besides whoever was invited: a deputy once named. It writes nothing."""

from strategy.commands.messages import Recipient
from strategy.models import Invitation
from strategy.vocabulary import InvitationState


def deputy(invitation: Invitation) -> Recipient | None:
    """The deputy named at this moment, at the address or number given for them; None when there is none to reach."""
    contact = invitation.attendee_contact
    if invitation.state is not InvitationState.DEPUTY or not contact:
        return None
    mail = contact if "@" in contact else None
    return Recipient(invitation.attendee_name or invitation.invitee, mail, None if mail else contact)
