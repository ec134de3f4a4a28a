"""Asks whether a message's reason still holds, at the moment it would go out. It voids nothing itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.db import db
from strategy.models import (
    Action,
    BoardOpening,
    Contact,
    Discussion,
    Handover,
    Invitation,
    Message,
    NightHandover,
    PartnerRequest,
    SecondStep,
)
from strategy.queries import bookings, circulation, conflicts, ladders, second_step, untold
from strategy.rules.second_step import CODE_FOR, TRIES
from strategy.vocabulary import (
    NAMED,
    PRESENT,
    ActionState,
    Attendance,
    Course,
    DiscussionState,
    HandoverState,
    InvitationState,
    MessageReason,
    News,
    NightState,
    RequestState,
    Share,
    VerificationState,
    Waiting,
)

_A_DAY = timedelta(days=1)


def gone(message: Message, now: datetime) -> str | None:
    """Why this message is not to go out any more, as a sentence; None when its reason still holds."""
    return _conflict(message) or _GONE[message.reason](message, now)


def _conflict(message: Message) -> str | None:
    """Somebody was named as implicated since it was written. That they are no longer needed, they may still hear."""
    contact = _contact(message)
    if contact is None or message.reason is MessageReason.CANCEL:
        return None
    barred = conflicts.of(contact)
    ours = message.user_id is not None and message.user_id in barred.users
    return "A conflict of interest." if ours or barred.read(message.address) else None


def _contact(message: Message) -> Contact | None:
    """What it is about: the contact of its discussion, or one that has none yet."""
    discussion = message.discussion if message.invitation is None else message.invitation.discussion
    if discussion is not None:
        return discussion.contact
    return None if message.contact_id is None else db.session.get(Contact, message.contact_id)


def _invite(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    if message.reason_facts.get("generation") != invitation.generation:
        return "The invitation was sent anew."
    return _over(discussion, now) or _withdrawn(invitation) or _superseded(message, discussion)


def _update(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    return _over(discussion, now) or _withdrawn(invitation) or _superseded(message, discussion)


def _cancel(_message: Message, _now: datetime) -> str | None:
    return None  # neither a withdrawal nor standing down is ever taken back


def _confirmation(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    answered = invitation.answered_at
    if message.reason_facts.get("answered_at") != (None if answered is None else answered.isoformat()):
        return "A later answer replaced this one."
    return _over(discussion, now) or _withdrawn(invitation)


def _chase(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    if invitation.state in NAMED:
        return "Somebody is named."
    if invitation.state is InvitationState.NOT_OURS:
        return "It is not their child, they say."
    if ladders.waived(invitation):
        return "The chair waived it."
    if discussion.started_at is not None:
        return "The discussion has started."
    return _over(discussion, now) or _withdrawn(invitation) or _superseded(message, discussion)


def _absence(message: Message, _now: datetime) -> str | None:
    invitation, _ = _about(message)
    if invitation.absence_explained_at is not None:
        return "The absence is explained."
    if invitation.attendance is None or invitation.attendance in PRESENT:
        return "They were there after all."
    if invitation.attendance is not Attendance.DID_NOT_ATTEND:
        return "They sent apologies or a report."
    if ladders.excused(invitation):
        return "They could not have come: it was our doing, or nothing reached them."
    return "The chair waived it." if ladders.waived(invitation) else None


def _convener(message: Message, now: datetime) -> str | None:
    _, discussion = _about(message)
    if message.name == "not-held" and (discussion.started_at is not None or discussion.ends_at > now):
        return "It was begun, or moved."
    if f"/{News.NOBODY_TOLD}:" in message.dedupe_key and not untold.listed(now, invitation_id=message.invitation_id):
        return "Somebody has been told."
    return "The discussion was stood down." if discussion.state is DiscussionState.STOOD_DOWN else None


def _action(message: Message, _now: datetime) -> str | None:
    action = None if message.action_id is None else db.session.get(Action, message.action_id)
    if action is None or action.state is not ActionState.OPEN:
        return "The action is not open any more."
    if action.invitation_id != message.invitation_id:
        return "The action has another owner."
    return None


def _record(message: Message, now: datetime) -> str | None:
    invitation, _ = _about(message)
    opens = circulation.share(invitation) is not Share.NOTHING and second_step.possible(invitation, now)
    return None if opens else "There is nothing for them to read any more."


def _handover(message: Message, _now: datetime) -> str | None:
    waits = select(Handover.id).where(
        Handover.receiver_id == message.user_id,
        Handover.contact_id == message.contact_id,
        Handover.state == HandoverState.GIVEN,
    )
    return "It is not theirs to accept any more." if db.session.scalar(waits.limit(1)) is None else None


def _handed_back(_message: Message, _now: datetime) -> str | None:
    return None  # that it came back, or went to another, stays true


def _partner_asks(message: Message, _now: datetime) -> str | None:
    asked = select(PartnerRequest.id).where(
        PartnerRequest.authority_id == message.authority_id, PartnerRequest.state == RequestState.OPEN
    )
    return "Somebody is dealing with it." if db.session.scalar(asked.limit(1)) is None else None


def _verification(message: Message, _now: datetime) -> str | None:
    asked = message.verification
    if asked is None or asked.state is not VerificationState.ASKED:
        return "It was answered."
    if not asked.entry.active or not asked.agency.active:
        return "The entry is out of use."
    if message.reason_facts.get("generation") != asked.entry.link_generation:
        return "The entry's address was changed."
    return None


def _text_reply(_message: Message, _now: datetime) -> str | None:
    return None  # somebody texted and waits for an answer


def _second_step(message: Message, now: datetime) -> str | None:
    asked = db.session.get(SecondStep, message.reason_facts.get("second_step", 0))
    if asked is None or asked.opened_at is not None or asked.voided_at is not None or asked.tries >= TRIES:
        return "The code was used, or a newer one was sent."
    if now >= asked.asked_at + CODE_FOR:
        return "The code is not valid any more."
    invitation, _ = _about(message)
    return "The link was replaced." if asked.generation != invitation.generation else _withdrawn(invitation)


def _unaccepted(message: Message, _now: datetime) -> str | None:
    waits = select(NightHandover.id).where(
        NightHandover.contact_id == message.contact_id, NightHandover.state == NightState.GIVEN
    )
    return None if db.session.scalar(waits.limit(1)) is not None else "It was accepted, or is back."


def _morning_list(message: Message, now: datetime) -> str | None:
    return "The day is over." if now >= message.created_at + _A_DAY else None


def _board(message: Message, _now: datetime) -> str | None:
    board = message.board
    return None if board is not None and board.in_use else "The desk board’s link was taken back."


def _board_code(message: Message, now: datetime) -> str | None:
    asked = db.session.get(BoardOpening, message.reason_facts.get("opening", 0))
    if asked is None or asked.opened_at is not None or asked.voided_at is not None or asked.tries >= TRIES:
        return "The code was used, or a newer one was sent."
    return "The code is not valid any more." if now >= asked.asked_at + CODE_FOR else _board(message, now)


def _reminder(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    if invitation.state not in NAMED:
        return "They are not coming any more."
    if discussion.started_at is not None or now >= invitation.needed[0]:
        return "The discussion has started."
    return _over(discussion, now) or _withdrawn(invitation) or _superseded(message, discussion)


def _not_joined(message: Message, now: datetime) -> str | None:
    invitation, discussion = _about(message)
    if discussion.state is not DiscussionState.CONVENED:
        return f"The discussion is {discussion.state.words.lower()}."
    theirs = [one for one in discussion.invitations if one.agency_id == invitation.agency_id]
    if any(one.attendance in PRESENT for one in theirs):
        return "They have joined."
    if ladders.waived(invitation):
        return "The chair waived it."
    return _withdrawn(invitation) or _superseded(message, discussion)


def _course(message: Message, now: datetime) -> str | None:
    _, discussion = _about(message)
    if discussion.started_at is not None or now >= discussion.starts_at:
        return "The discussion has started."
    if bookings.outlook_of(discussion, now).course is Course.ON_COURSE:
        return "Everyone required is named."
    return _over(discussion, now) or _superseded(message, discussion)


def _target(message: Message, _now: datetime) -> str | None:
    waits = Contact.state.in_((Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED))
    about = Contact.id.in_([message.contact_id, *message.reason_facts.get("others", [])])
    found = db.session.scalar(select(Contact.id).where(about, waits).limit(1))
    return None if found is not None else "Nobody waits any more."


_GONE: dict[MessageReason, Callable[[Message, datetime], str | None]] = {
    MessageReason.INVITE: _invite,
    MessageReason.UPDATE: _update,
    MessageReason.CANCEL: _cancel,
    MessageReason.CONFIRMATION: _confirmation,
    MessageReason.CHASE: _chase,
    MessageReason.ABSENCE: _absence,
    MessageReason.CONVENER: _convener,
    MessageReason.ACTION: _action,
    MessageReason.RECORD: _record,
    MessageReason.HANDOVER: _handover,
    MessageReason.HANDED_BACK: _handed_back,
    MessageReason.EDT_GIVEN: _unaccepted,
    MessageReason.EDT_UNACCEPTED: _unaccepted,
    MessageReason.MORNING_LIST: _morning_list,
    MessageReason.PARTNER_ASKS: _partner_asks,
    MessageReason.VERIFICATION: _verification,
    MessageReason.TEXT_REPLY: _text_reply,
    MessageReason.SECOND_STEP: _second_step,
    MessageReason.BOARD: _board,
    MessageReason.BOARD_CODE: _board_code,
    MessageReason.REMINDER: _reminder,
    MessageReason.NOT_JOINED: _not_joined,
    MessageReason.ACTION_DUE: _action,
    MessageReason.COURSE: _course,
    MessageReason.TARGET: _target,
}


def _about(message: Message) -> tuple[Invitation, Discussion]:
    """Raises LookupError for a message about nothing, which nobody can queue."""
    if message.invitation is None:
        raise LookupError(f"message {message.id} belongs to no invitation")
    return message.invitation, message.invitation.discussion


def _withdrawn(invitation: Invitation) -> str | None:
    return "The invitation was withdrawn." if invitation.state is InvitationState.WITHDRAWN else None


def _over(discussion: Discussion, now: datetime) -> str | None:
    if discussion.state is not DiscussionState.CONVENED:
        return f"The discussion is {discussion.state.words.lower()}."
    return "The time of the discussion has passed." if now >= discussion.ends_at else None


def _superseded(message: Message, discussion: Discussion) -> str | None:
    if message.reason_facts.get("sequence") != discussion.sequence:
        return "The discussion was changed since."
    return None
