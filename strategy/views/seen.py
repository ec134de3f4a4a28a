"""Pages of what became of our messages: an invitation's chain, one message whole, and what reached nobody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.models import Contact, Invitation, Message, PartnerRequest
from strategy.queries import inbound, outbox, seen, undelivered
from strategy.views.discussions import WORKERS
from strategy.vocabulary import StaffRole

blueprint = Blueprint("seen", __name__)

_READERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.ADMINISTRATOR)  # of what came in


@blueprint.get("/invitations/<int:invitation_id>")
@staff()
def invitation(invitation_id: int) -> ResponseReturnValue:
    """How far one invitation got, and every message about it."""
    found = permitted(Invitation, invitation_id)
    looked(found)
    return render_template(
        "seen/invitation.html",
        invitation=found,
        discussion=found.discussion,
        chain=seen.chain(found),
        messages=seen.messages_of(found),
        works=me().holds(*WORKERS),
    )


@blueprint.get("/messages/<int:message_id>")
@staff()
def message(message_id: int) -> ResponseReturnValue:
    """One message: its words but for the link, to whom, how far it got, and every attempt and receipt."""
    found = permitted(Message, message_id)
    _about(found)
    looked(found)
    whole = seen.message(message_id)
    return render_template(
        "seen/message.html",
        message=whole,
        words=seen.words(whole),
        works=me().holds(*WORKERS),
        edits=me().holds(StaffRole.ADMINISTRATOR),
    )


@blueprint.get("/undelivered")
@staff()
def listed() -> ResponseReturnValue:
    """What reached nobody, what waits, and what was not understood, each with what to do next."""
    user = me()
    return render_template(
        "seen/undelivered.html",
        lost=undelivered.lost(user.authority_id, moment()),
        waiting=outbox.waiting(user.authority_id),
        quiet=outbox.quiet(),
        opted_out=undelivered.opted_out(user.authority_id),
        to_read=inbound.to_read(user.authority_id) if user.holds(*_READERS) else [],
        works=user.holds(*WORKERS),
        edits=user.holds(StaffRole.ADMINISTRATOR),
    )


def _about(found: Message) -> None:
    """What a message is about must be open to whoever reads it: a contact may be closed to them."""
    if found.contact_id is not None:
        permitted(Contact, found.contact_id)
    if found.partner_request_id is not None:
        permitted(PartnerRequest, found.partner_request_id)
