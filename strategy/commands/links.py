"""Holds the making of an invitation's links: one for its texts and one for its mails. Not who gets them."""

from strategy.keys import digest, keys
from strategy.models import Invitation


def renew(invitation: Invitation) -> None:
    """Let the links of this generation open its page, and none sent before. It must have its id."""
    invitation.token_hash = digest(keys().token(invitation.id, invitation.generation))
    invitation.mail_token_hash = digest(keys().mail_token(invitation.id, invitation.generation))
