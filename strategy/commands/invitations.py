"""Mends invitations: add, replace, correct, send again, withdraw. Making one is inviting's; waiving, waiving's."""

from collections.abc import Container

from notifications import addresses
from strategy.act import Act, Refused
from strategy.commands import access_lists, calls, chases, events, inviting, lines, links, messages, recipients
from strategy.commands.inviting import Invitee
from strategy.commands.messages import Recipient
from strategy.models import Discussion, Invitation, Need, User
from strategy.queries import conflicts
from strategy.vocabulary import (
    INVITATION_MOVES,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    StaffRole,
    WithdrawReason,
    may_move,
)

_RUNS_IT = frozenset({"chair", "social-worker"})
_PARTNERS_OWN = frozenset(set(MessageReason) - {MessageReason.CONVENER, MessageReason.ACTION})


def add(discussion: Discussion, invitee: Invitee, act: Act, alongside: Container[str] = lines.NOTHING) -> Invitation:
    """Invite one more desk or person, out of a desk's hours who stands in for it.

    Raises Refused when it is over, when they are invited in that role already, and when another discussion than those
    ``alongside`` has their time.
    """
    _refuse_over(discussion)
    invitee = inviting.at_time([invitee], discussion.contact, discussion.starts_at, discussion.ends_at)[0]
    return _add(discussion, invitee, act, alongside)


def _add(discussion: Discussion, invitee: Invitee, act: Act, alongside: Container[str]) -> Invitation:
    claims = inviting.claims([invitee], discussion.starts_at, discussion.ends_at)
    clashes = lines.take(claims, discussion.authority_id, alongside, discussion.id)
    invitation = inviting.invite(discussion, invitee, act)
    lines.record(discussion, clashes, act)
    return invitation


def replace(
    invitation: Invitation, invitee: Invitee, act: Act, alongside: Container[str] = lines.NOTHING
) -> Invitation:
    """Withdraw this invitation and ask somebody else in its place; the old one remembers who came after it.

    Whoever is chosen here is asked, be their desk open then or not.
    """
    _refuse_withdrawn(invitation)
    if _same(invitation, invitee):
        raise Refused(f"{invitation.invitee} is who is invited now. Choose somebody else, or correct it", "invitee")
    if invitation.user_id is not None:
        _take_seat(invitation.discussion, invitation.role, invitee.user)
        access_lists.admit_parts(invitation.discussion, act)
    take_back(invitation, WithdrawReason.REPLACED, act)
    new = _add(invitation.discussion, invitee, act, alongside)
    invitation.replaced_by = new
    return new


def correct(invitation: Invitation, email: str | None, phone: str | None, act: Act) -> None:
    """Send this invitation to another address or number from now on, and send it again there.

    The link sent to the old ones becomes worthless: whoever reads them was not meant to answer, and hears so, since
    the entry would stand in their calendar for ever. An answer given stays. Raises Refused when neither is given, or
    one is not an address.
    """
    _refuse_withdrawn(invitation)
    new_email, new_phone = _email(email), _phone(phone)
    if new_email is None and new_phone is None:
        raise Refused("Enter an email address or a phone number", "email")
    if (new_email, new_phone) == (invitation.email, invitation.phone):
        raise Refused("These are the address and number it has now. Change one, or send it again", "email")
    if conflicts.of(invitation.discussion.contact).read(new_email, new_phone):
        raise Refused(f"Whoever reads that {conflicts.WHY}: enter another address or number", "email")
    mistaken = _left_behind(invitation, new_email, new_phone)
    invitation.email, invitation.phone, invitation.covered = new_email, new_phone, False
    invitation.generation += 1
    links.renew(invitation)
    events.add(
        EventVerb.INVITATION_CHANGED,
        f"{invitation.role_words}: address or number corrected; links sent before no longer work",
        act,
        invitation=invitation,
    )
    if mistaken is not None:
        _take_from(mistaken, invitation, act)
    _send_again(invitation, act)


def resend(invitation: Invitation, act: Act) -> None:
    """Send the invitation again to where it goes; who said "not our child" is asked anew.

    Raises Refused when neither mail nor text can reach them.
    """
    _refuse_withdrawn(invitation)
    theirs = invitation.state is InvitationState.NOT_OURS
    words = f"{invitation.role_words}: {'asked again, since the child is theirs' if theirs else 'sent again'}"
    events.add(EventVerb.INVITATION_CHANGED, words, act, invitation=invitation)
    if theirs:
        invitation.state, invitation.answered_at, invitation.chased_from = InvitationState.INVITED, None, act.at
        chases.replan(invitation, act)
    if not _send_again(invitation, act):
        raise Refused("There is no email address and no mobile number to send it to. Correct it first, or ring")


def withdraw(invitation: Invitation, reason: WithdrawReason, act: Act) -> None:
    """Take the invitation back, tell whoever was told, and stop chasing it. The need it served stays open.

    Raises Refused when it is the only one for a required role whose need the chair has not waived and the reason is
    merely that it is not needed: that is the chair's to say.
    """
    _refuse_withdrawn(invitation)
    if invitation.required and reason is WithdrawReason.NOT_NEEDED:
        open_needs = [need.words for need in _sole_for(invitation) if need.waived_at is None]
        if open_needs:
            raise Refused(
                f"{' and '.join(open_needs)} is required. The chair must go ahead without it first, "
                "or replace this invitation",
                "reason",
            )
    take_back(invitation, reason, act)


def take_back(invitation: Invitation, reason: WithdrawReason, act: Act) -> None:
    """The withdrawing itself. Raises Refused when it was withdrawn already."""
    if not may_move(INVITATION_MOVES, invitation.state, InvitationState.WITHDRAWN):
        raise Refused("This invitation was withdrawn already")
    others = recipients.besides(invitation)
    invitation.state = InvitationState.WITHDRAWN
    invitation.withdrawn_at = act.at
    messages.void(act, invitation=invitation, reasons=_PARTNERS_OWN)
    calls.void(invitation, act)
    events.add(
        EventVerb.WITHDRAWN,
        # of a conflict of interest the trail says no name: it would say who is implicated
        f"{invitation.role_words}{'' if reason is WithdrawReason.CONFLICT else f': {invitation.invitee}'} withdrawn."
        f" {reason.words}",
        act,
        invitation=invitation,
        facts={"reason": reason.value},
    )
    if recipients.was_told(invitation):
        messages.queue(
            "cancel",
            messages.recipient_of(invitation),
            invitation,
            MessageReason.CANCEL,
            act,
            key="withdrawn",
            calendar="CANCEL",
            withdrawn=True,
            still_asked=_still_asked(invitation),
        )
    for number, other in enumerate(others):
        key = f"withdrawn:{number}"
        messages.queue("cancel", other, invitation, MessageReason.CANCEL, act, key=key, withdrawn=True)
    chases.replan(invitation, act)


def _still_asked(invitation: Invitation) -> bool:
    """Whether the same desk or person is asked in another role too: "no longer needed" would be false."""
    here = {invitation.email, invitation.phone} - {None}
    others = (one for one in invitation.discussion.invitations if one.state is not InvitationState.WITHDRAWN)
    return any(here & {one.email, one.phone} for one in others)


def _left_behind(invitation: Invitation, email: str | None, phone: str | None) -> Recipient | None:
    """Whoever reads the address or number that is given up, if a message went there."""
    lost = Recipient(
        "Wrong address or number",
        invitation.email if invitation.email != email else None,
        invitation.phone if invitation.phone != phone else None,
    )
    return lost if lost.reachable and recipients.was_told(invitation, lost) else None


def _take_from(mistaken: Recipient, invitation: Invitation, act: Act) -> None:
    """Tell them it was not for them, and no more than the reference; their calendar is cleared."""
    key = str(invitation.generation)
    messages.queue("misdirected", mistaken, invitation, MessageReason.CANCEL, act, key=key, calendar="CANCEL")


def _send_again(invitation: Invitation, act: Act) -> bool:
    """Queue the invitation anew; when nothing can reach them, ask for a call. Whether something was queued."""
    messages.void(act, invitation=invitation, reasons={MessageReason.INVITE, MessageReason.UPDATE})
    whom = recipients.now(invitation, act.at)
    queued = messages.queue(
        "invite" if invitation.user_id is None else "staff-invite",
        whom,
        invitation,
        MessageReason.INVITE,
        act,
        key=f"again:{invitation.generation}:{act.at.isoformat()}",
        calendar="REQUEST",
    )
    invitation.undeliverable = not queued
    if not queued:
        calls.ask(
            invitation,
            whom.name,
            whom.phone,
            "No mail or text reaches them: ring with the invitation.",
            act,
            key=f"unreachable:{invitation.generation}",
        )
    chases.replan(invitation, act)
    return bool(queued)


def _same(invitation: Invitation, invitee: Invitee) -> bool:
    if invitation.role != invitee.role:
        return False
    asked = (invitee.desk and invitee.desk.id, invitee.person and invitee.person.id, invitee.user and invitee.user.id)
    return asked == (invitation.desk_id, invitation.person_id, invitation.user_id)


def _take_seat(discussion: Discussion, role: str, user: User | None) -> None:
    """One of our own takes the part of another: who chairs it signs the record, and does not take the minutes."""
    if user is None:
        raise Refused("Choose one of your own people", "invitee")
    if role == "chair" and not user.holds(StaffRole.CHAIR):
        raise Refused("Choose somebody who may chair", "invitee")
    parts = {"chair": discussion.chair, "minute-taker": discussion.minute_taker}
    others = [sitting for part, sitting in parts.items() if role in parts and part != role]
    if user in others:
        raise Refused("The chair cannot take the minutes too: choose somebody else", "invitee")
    if role in _RUNS_IT and discussion.exception is not None and discussion.exception.authoriser_id == user.id:
        raise Refused(f"{user.full_name} authorised its emergency exception: choose somebody else", "invitee")
    setattr(discussion, role.replace("-", "_"), user)
    discussion.revision += 1


def _sole_for(invitation: Invitation) -> list[Need]:
    """The needs of the quorum nobody but this invitation serves."""
    others = {
        other.role
        for other in invitation.discussion.invitations
        if other.id != invitation.id and other.state is not InvitationState.WITHDRAWN
    }
    needs = invitation.discussion.needs
    return [need for need in needs if invitation.role in need.roles and others.isdisjoint(need.roles)]


def _refuse_over(discussion: Discussion) -> None:
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down")
    if discussion.state is not DiscussionState.CONVENED:
        raise Refused("This discussion was held already")


def _refuse_withdrawn(invitation: Invitation) -> None:
    _refuse_over(invitation.discussion)
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("This invitation was withdrawn already")


def _email(typed: str | None) -> str | None:
    if not typed or not typed.strip():
        return None
    try:
        return addresses.email(typed)
    except addresses.InvalidAddress as invalid:
        raise Refused(invalid.reason, "email") from invalid


def _phone(typed: str | None) -> str | None:
    if not typed or not typed.strip():
        return None
    try:
        return addresses.phone(typed)
    except addresses.InvalidAddress as invalid:
        raise Refused(invalid.reason, "phone") from invalid
