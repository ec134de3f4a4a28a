"""Takes an answer to an invitation, whichever way it came; what it means is rules.answering's."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from notifications import addresses
from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import calls, chases, events, messages, recipients
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import Answer, Invitation, Message
from strategy.policy import parsed
from strategy.queries import refusals
from strategy.rules.answering import STATES, Closed, closed, doubt
from strategy.rules.measures import cut_off
from strategy.rules.notice import OURS_TO_SAY
from strategy.vocabulary import (
    INVITATION_MOVES,
    NAMED,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    News,
    Response,
    Via,
    may_move,
)

# A person wrote these; a bare text or a calendar button carries neither name nor reason, and still counts.
_IN_WORDS = frozenset({Via.LINK, Via.PHONE, Via.STAFF})

_NEWS = {
    Response.CANNOT_ATTEND: News.DECLINED,
    Response.NO_OFFICER: News.NO_OFFICER,
    Response.REPORT_ONLY: News.REPORT_ONLY,
    Response.NOT_OURS: News.NOT_OURS,
}
# Nobody at that agency is asked any more who is coming.
_SETTLED = NAMED | {InvitationState.NOT_OURS}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it was given.

    ``reason_code`` is one of the policy's absence reasons, whose words may travel; ``reason`` is narrative, which may
    not. ``by_name`` and ``by_role`` say who answers. Who will attend stands in ``attendee_name`` and ``attendee_role``
    when it is somebody else; ``attendee_contact`` (an email address or a phone number) is how to reach them.
    ``texted_from`` is the phone a text came from: it is told what was recorded in an answer of its own.
    ``seen``: they have taken the second step, and know who it is about. ``by_code``: they typed a code to get here,
    and read back what is recorded on the same page, so that no text says it again.
    ``authorised_by`` and ``authorised_role`` are who says that no officer is available.
    """

    response: Response
    by_name: str | None = None
    by_role: str | None = None
    attendee_name: str | None = None
    attendee_role: str | None = None
    attendee_contact: str | None = None
    reason: str | None = None
    reason_code: str | None = None
    texted_from: str | None = None
    seen: bool = False
    by_code: bool = False
    authorised_by: str | None = None
    authorised_role: str | None = None


def answer(invitation: Invitation, reply: Reply, act: Act) -> Answer:
    """Record an answer. The last one counts, all of them are kept; only a named person ends the chase.

    Raises Refused when the invitation takes no answer any more, or when the answer lacks what it needs.
    """
    _refuse_closed(invitation, act)
    _refuse_unfinished(invitation, reply, act)
    contact = _contact(reply)
    if reply.response is Response.DEPUTY and act.via is Via.LINK and contact is None:
        raise Refused("Enter an email address or a phone number for them", "attendee_contact")
    released = recipients.deputy(invitation)
    given = _append(invitation, reply, contact, act)
    _apply(invitation, given)
    events.add(EventVerb.ANSWERED, sentence(invitation, given), act, invitation=invitation)
    _tell(invitation, given, reply, act)
    _tell_deputies(invitation, given, released, act)
    if invitation.state in _SETTLED:
        calls.void(invitation, act)
    chases.replan(invitation, act)
    return given


def why_closed(invitation: Invitation, now: datetime) -> Closed | None:
    """Why this invitation takes no answer ``now``; None while it does."""
    about = invitation.discussion
    return closed(invitation.state, about.state, about.starts_at, about.ends_at, about.started_at, now)


def sentence(invitation: Invitation, given: Answer) -> str:
    """The answer as timeline and messages tell it: the coded reason at most (the other is narrative), no child."""
    who = invitation.role_words
    said = {
        Response.ATTEND: f"{who}: {_person(given)} will attend",
        Response.DEPUTY: f"{who}: {_person(given)} will attend as deputy",
        Response.CANNOT_ATTEND: f"{who}: nobody can attend{_because(invitation)}",
        Response.NO_OFFICER: f"{who}: {refusals.unstaffed(given)}",
        Response.REPORT_ONLY: f"{who}: only information will be sent",
        Response.NOT_OURS: f"{who}: not their child, says {given.by_name}",
        Response.DESK_ACCEPTED: f"{who}: accepted, nobody named yet",
    }[given.response]
    return f"{said} (unverified)" if given.unverified else said


def _refuse_closed(invitation: Invitation, act: Act) -> None:
    about = invitation.discussion
    ring = f"Ring {addresses.display_phone(about.authority.phone)}"
    match why_closed(invitation, act.at):
        case None:
            return
        case Closed.WITHDRAWN:
            raise Refused(f"This invitation was withdrawn, so there is nothing to answer. {ring} if that is wrong.")
        case Closed.STOOD_DOWN:
            raise Refused(f"The discussion was stood down and will not be held. {ring} with any question.")
        case Closed.STARTED:
            began = "was planned for" if about.started_at is None else "started at"
            moment = dates.clock(about.started_at or about.starts_at)
            raise Refused(f"The discussion {began} {moment}. Join it now, or {ring[0].lower()}{ring[1:]}.")
        case Closed.OVER:
            over = "past its time" if about.state is DiscussionState.CONVENED else "over"
            raise Refused(f"The discussion of {dates.short(about.starts_at)} is {over}. {ring} with any question.")


def _because(invitation: Invitation) -> str:
    coded = refusals.coded(invitation)
    return f" ({coded})" if coded else ""


def _refuse_unfinished(invitation: Invitation, reply: Reply, act: Act) -> None:
    if act.via in _IN_WORDS and not reply.by_name:
        raise Refused("Enter the name of whoever is answering", "by_name")
    if reply.response is Response.ATTEND and not (reply.attendee_name or reply.by_name):
        raise Refused("Enter the name of whoever will attend", "attendee_name")
    if reply.response is Response.DEPUTY and not reply.attendee_name:
        raise Refused("Enter the name of whoever will attend instead", "attendee_name")
    if reply.response is Response.NOT_OURS:
        _refuse_blind(reply)
    if reply.response is Response.NO_OFFICER:
        _refuse_unauthorised(reply)
    if reply.response is not Response.CANNOT_ATTEND:
        return
    known = parsed(invitation.discussion.policy.text).absence_reasons.keys() - OURS_TO_SAY
    if reply.reason_code and reply.reason_code not in known:
        raise Refused("Choose why nobody can attend", "reason_code")
    if act.via in _IN_WORDS and not (reply.reason or reply.reason_code):
        raise Refused("Choose why nobody can attend, or say it in words", "reason_code")


def _refuse_blind(reply: Reply) -> None:
    """Nobody can say so of a child they have not been shown (domain section 4)."""
    if not reply.seen:
        raise Refused("See who this is about first: only then can you say that the child is not yours")
    if not (reply.reason or "").strip():
        raise Refused("Say how you know", "reason")


def _refuse_unauthorised(reply: Reply) -> None:
    """It climbs at once and is the agency's own word: somebody who may say so has to have said it."""
    if not reply.authorised_by:
        raise Refused("Enter who authorised it", "authorised_by")
    if not reply.authorised_role:
        raise Refused("Enter the rank or role of whoever authorised it", "authorised_role")


def _contact(reply: Reply) -> str | None:
    """How to reach whoever attends, made canonical. Raises Refused when it is neither address nor number."""
    typed = reply.attendee_contact
    if reply.response is not Response.DEPUTY or not typed:
        return None
    try:
        return addresses.email(typed) if "@" in typed else addresses.phone(typed)
    except addresses.InvalidAddress as invalid:
        raise Refused(invalid.reason, "attendee_contact") from invalid


def _append(invitation: Invitation, reply: Reply, contact: str | None, act: Act) -> Answer:
    coming = reply.response in {Response.ATTEND, Response.DEPUTY}
    itself = reply.response is Response.ATTEND and not reply.attendee_name
    given = Answer(
        invitation=invitation,
        response=reply.response,
        by_name=reply.by_name,
        by_role=reply.by_role,
        attendee_name=(reply.by_name if itself else reply.attendee_name) if coming else None,
        attendee_role=(reply.by_role if itself else reply.attendee_role) if coming else None,
        attendee_contact=contact,
        reason=reply.reason,
        reason_code=reply.reason_code if reply.response is Response.CANNOT_ATTEND else None,
        authorised_by=reply.authorised_by if reply.response is Response.NO_OFFICER else None,
        authorised_role=reply.authorised_role if reply.response is Response.NO_OFFICER else None,
        via=act.via,
        recorded_by=act.by,
        remote=act.remote,
        unverified=_doubtful(invitation, reply, act),
        at=act.at,
    )
    db.session.add(given)
    db.session.flush()
    return given


def _doubtful(invitation: Invitation, reply: Reply, act: Act) -> bool:
    """Whether the answer looks like a mail scanner's (in-the-wild 1)."""
    if reply.seen:
        return False  # no scanner takes a code from a phone
    by_link = [earlier for earlier in invitation.answers if earlier.via is Via.LINK]
    before = (by_link[-1].response, by_link[-1].at) if by_link else None
    # whoever typed a code is a person, who may have the answer ready before the mail has come
    sent_at = None if reply.by_code else _sent_at(invitation, act)
    return doubt(reply.response, act.via, act.at, sent_at=sent_at, before=before) is not None


def _sent_at(invitation: Invitation, act: Act) -> datetime | None:
    """When the last message with the link went out."""
    return db.session.scalar(
        select(func.max(Message.sent_at))
        .where(Message.invitation_id == invitation.id, Message.sent_at <= act.at)
        .where(Message.reason != MessageReason.SECOND_STEP)  # it carries no link to answer by
    )


def _apply(invitation: Invitation, given: Answer) -> None:
    state = STATES[given.response]
    if not may_move(INVITATION_MOVES, invitation.state, state):
        raise Refused("This invitation takes no answer any more")
    invitation.state = state
    invitation.attendee_name = given.attendee_name
    invitation.attendee_role = given.attendee_role
    invitation.attendee_contact = given.attendee_contact
    invitation.answered_at = given.at
    invitation.unverified = given.unverified
    _stamp_named(invitation, given)


def _stamp_named(invitation: Invitation, given: Answer) -> None:
    """Since when somebody has been named. What held at the measure's cut-off is kept, whatever is answered later."""
    if invitation.state in NAMED:
        invitation.named_at = invitation.named_at or given.at
    elif given.at <= cut_off(invitation.invited_at, invitation.discussion.starts_at):
        invitation.named_at = None


def _tell(invitation: Invitation, given: Answer, reply: Reply, act: Act) -> None:
    """Confirm to whoever was invited; tell the convener at once what needs them."""
    gone = {MessageReason.CONFIRMATION}
    if invitation.state in _SETTLED:
        gone.add(MessageReason.CHASE)
    messages.void(act, invitation=invitation, reasons=gone)
    to = recipients.now(invitation, act.at)
    messages.queue(
        "confirmation",
        replace(to, no_texts=reply.by_code or (reply.texted_from is not None and to.phone == reply.texted_from)),
        invitation,
        MessageReason.CONFIRMATION,
        act,
        key=f"answer:{given.id}",
        answer=invitation.state,
        attendee=invitation.attendee_name,
    )
    news = News.UNVERIFIED if given.unverified else _NEWS.get(given.response)
    if news is not None:
        coded = refusals.coded(invitation)
        messages.tell_convener(invitation, news, act, key=f"answer:{given.id}", refused=coded)


def _tell_deputies(invitation: Invitation, given: Answer, released: Recipient | None, act: Act) -> None:
    """The deputy named now gets a message of their own; one named before and released is told so."""
    named = recipients.deputy(invitation)
    if named is not None:
        messages.queue(
            "deputy",
            named,
            invitation,
            MessageReason.CONFIRMATION,
            act,
            key=f"answer:{given.id}",
            answer=invitation.state,
            attendee=named.name,
        )
    if released is None or not recipients.was_told(invitation, released):
        return
    if named is None or (released.email, released.phone) != (named.email, named.phone):
        key = f"released:{given.id}"
        messages.queue("cancel", released, invitation, MessageReason.CANCEL, act, key=key, withdrawn=True)


def _person(given: Answer) -> str:
    return f"{given.attendee_name}, {given.attendee_role}" if given.attendee_role else str(given.attendee_name)
