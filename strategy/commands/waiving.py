"""Holds the chair's going ahead without somebody required: a need of the quorum, or an invitee beyond it."""

from strategy.act import Act, Refused
from strategy.commands import calls, chases, events, messages
from strategy.db import db
from strategy.models import Discussion, Invitation, Need, User
from strategy.vocabulary import DiscussionState, EventVerb, InvitationState, MessageReason, StaffRole


def waive(need: Need, reason: str, act: Act) -> None:
    """The chair goes ahead without one need of the quorum: who said so and why is recorded, and its chase ends.

    Raises Refused for anybody who is neither this discussion's chair nor holds the chair role, and without a reason.
    """
    _refuse_to(need.discussion, act, reason)
    if need.waived_at is not None:
        raise Refused(f"{need.words} was already waived by {need.waived_by}")
    need.waived_at, need.waived_by, need.waived_reason = act.at, act.by, reason.strip()
    events.add(
        EventVerb.WAIVED,
        f"Going ahead without {need.words}: waived by {act.by}",
        act,
        discussion=need.discussion,
        facts={"need": need.code},
    )
    for invitation in need.discussion.invitations:
        if invitation.role in need.roles:
            _end_chase(invitation, act)
    chases.replan_all(need.discussion, act)


def release(invitation: Invitation, reason: str, act: Act) -> None:
    """The chair goes ahead without somebody required beyond the quorum: they stay invited, and their chase ends.

    Raises Refused as waive does; also for an invitee whose need is the quorum's, which is waived as a whole.
    """
    discussion = invitation.discussion
    _refuse_to(discussion, act, reason)
    if invitation.state is InvitationState.WITHDRAWN or not invitation.required:
        raise Refused(f"{invitation.role_words} is not required any more")
    if any(invitation.role in need.roles for need in discussion.needs):
        raise Refused(f"{invitation.role_words} is part of the quorum: go ahead without the need itself")
    invitation.required = False
    invitation.released_at, invitation.released_by, invitation.released_reason = act.at, act.by, reason.strip()
    words = f"Going ahead without {invitation.role_words}: waived by {act.by}"
    events.add(EventVerb.WAIVED, words, act, invitation=invitation)
    _end_chase(invitation, act)
    chases.replan(invitation, act)


def _end_chase(invitation: Invitation, act: Act) -> None:
    messages.void(act, invitation=invitation, reasons={MessageReason.CHASE})
    calls.void(invitation, act)


def _refuse_to(discussion: Discussion, act: Act, reason: str) -> None:
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down")
    if discussion.state is not DiscussionState.CONVENED:
        raise Refused("This discussion was held already")
    if not _chairs(discussion, act):
        raise Refused("Only the chair can go ahead without a required agency")
    if not reason.strip():
        raise Refused("Say why the discussion can go ahead without them", "reason")


def _chairs(discussion: Discussion, act: Act) -> bool:
    if act.user_id is None:
        return False
    user = db.session.get(User, act.user_id)
    if user is None or user.authority_id != discussion.authority_id:
        return False
    return user.id == discussion.chair_id or user.holds(StaffRole.CHAIR)
