"""Holds putting messages into the outbox and taking them out again unsent; sending.py takes them out to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update

from notifications.addresses import is_mobile
from strategy import compose, texting, waking
from strategy.act import Act
from strategy.commands import bundling, events
from strategy.commands import reply_codes as numbers
from strategy.compose import Words
from strategy.db import db
from strategy.models import DeskBoard, Invitation, Message, ReplyCode, SecondStep, User, Verification
from strategy.models.discussion import Discussion
from strategy.queries import boards, calendars, conflicts, ladders, reply_codes, wordings
from strategy.vocabulary import EventVerb, InvitationState, MessageChannel, MessageReason, MessageState, News

# Messages that say by when to answer, unless the command says it itself.
_ANSWERABLE = frozenset({"invite", "update", "deputy"})

# Messages whose text can be answered by text.
_REPLIABLE = frozenset({"invite", "update", "chase", "supervisor"})

# Mails that lead to the desk's board too, where it has one.
_LEADING = frozenset({"invite", "update", "chase"})

# Rows held in memory learn of what the statement changed.
_FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message goes to. ``phone`` may be a landline: then it is a number to ring, and no text goes there.

    ``user_id`` marks the authority's own staff, whose link leads behind sign-in. ``no_texts``: they asked for none.
    """

    name: str
    email: str | None
    phone: str | None
    user_id: int | None = None
    no_texts: bool = False

    @property
    def mobile(self) -> str | None:
        """The phone, where it takes texts."""
        takes = self.phone is not None and not self.no_texts and is_mobile(self.phone)
        return self.phone if takes else None

    @property
    def reachable(self) -> bool:
        """Whether any message can go there."""
        return bool(self.email or self.mobile)


def recipient_of(invitation: Invitation) -> Recipient:
    """The desk, person or member of staff this invitation goes to, at the addresses it was made or corrected with."""
    return Recipient(invitation.invitee, invitation.email, invitation.phone, invitation.user_id)


def recipient_for(user: User) -> Recipient:
    """A member of staff."""
    return Recipient(user.full_name, user.email, user.mobile, user.id)


def queue(
    name: str,
    recipient: Recipient,
    invitation: Invitation,
    reason: MessageReason,
    act: Act,
    *,
    key: str,
    calendar: str | None = None,
    urgent: bool | None = None,
    action_id: int | None = None,
    second_step: SecondStep | None = None,
    **facts: Any,
) -> list[Message]:
    """Put one email and one text into the outbox, for each address the recipient has; [] when none has.

    Nothing goes to whoever is implicated in the contact: [] too, and the trail says that something was not sent.
    ``key`` names the step, unique within the invitation and message name: queueing the same step again adds nothing
    and returns what is there. ``facts`` are those of compose.InvitationFacts; a wrong one raises TypeError.
    ``calendar`` is REQUEST or CANCEL, for the email; ``second_step`` is whose code the words carry.
    """
    db.session.flush()  # the key needs the invitation's id
    if _barred(recipient, invitation):
        said = "A message was not sent: conflict of interest"
        events.add(EventVerb.CONFLICT_SKIPPED, said, act, invitation=invitation, facts={"message": name})
        return []
    recipient = _as_they_wish(recipient)
    if name in _ANSWERABLE and "answer_by" not in facts:
        facts["answer_by"] = ladders.answer_by(invitation, act.at)
    if name in _REPLIABLE and not facts.get("at_once"):
        facts["reply"] = _reply_number(recipient, invitation, act)
    board = boards.at(invitation.desk, recipient.email) if name in _LEADING else None
    facts |= {} if board is None else {"board": True}
    known = compose.facts(invitation, act.at, in_calendar=calendar is not None, **facts)
    words = wordings.words(invitation.discussion.authority_id, name, known)
    step = f"{invitation.id}/{name}/{key}"
    draft = _Draft(name, recipient, invitation, reason, step, calendar, urgent, action_id, second_step, board)
    addressed = ((MessageChannel.EMAIL, recipient.email), (MessageChannel.SMS, recipient.mobile))
    return [_row(draft, channel, address, words, act) for channel, address in addressed if address]


def tell_convener(invitation: Invitation, news: News, act: Act, *, key: str, **more: Any) -> list[Message]:
    """Tell whoever booked what needs them; ``key`` and ``more`` are queue's."""
    convener = recipient_for(invitation.discussion.convener)
    return queue("convener", convener, invitation, MessageReason.CONVENER, act, key=key, news=news, **more)


def queue_text(
    name: str,
    words: str,
    code: ReplyCode,
    reason: MessageReason,
    act: Act,
    *,
    key: str,
) -> Message | None:
    """Answer a phone's text by one of ours; None where nothing may go there: implicated, or no texts wanted.

    ``words`` are final but for the link, ``key`` is as in ``queue``.
    """
    invitation = code.invitation
    recipient = _as_they_wish(Recipient(code.to_name, None, code.phone))
    if recipient.mobile is None or _barred(recipient, invitation):
        return None
    draft = _Draft(name, recipient, invitation, reason, f"{invitation.id}/{name}/{key}", None, None, None, None)
    return _row(draft, MessageChannel.SMS, code.phone, Words("", "", "", words), act)


def queue_verification(verification: Verification, act: Act, *, key: str) -> list[Message]:
    """Ask a desk or a person, by mail and text, whether their entry is right; [] when neither can reach them.

    ``key`` names the asking, unique within the verification: the same one again adds nothing.
    """
    entry, agency = verification.entry, verification.agency
    words = wordings.words(agency.authority_id, "verification", compose.entry_facts(agency, entry))
    recipient = _as_they_wish(
        Recipient(entry.name if verification.person_id else f"{agency.name}: {entry.name}", entry.email, entry.phone)
    )
    shared = {
        "authority_id": agency.authority_id,
        "verification": verification,
        "to_name": recipient.name[:200],
        "name": "verification",
        "reason": MessageReason.VERIFICATION,
        "reason_facts": {"generation": entry.link_generation},
    }
    step = f"verification/{verification.id}/{key}"
    addressed = ((MessageChannel.EMAIL, recipient.email), (MessageChannel.SMS, recipient.mobile))
    return [put(step, channel, address, words, act, **shared) for channel, address in addressed if address]


def void(
    act: Act,
    *,
    discussion: Discussion | None = None,
    invitation: Invitation | None = None,
    reasons: Collection[MessageReason] | None = None,
) -> int:
    """Take unsent messages of a discussion or an invitation out of the outbox; how many there were.

    A message going out this moment is left alone: its sender asks for the reason itself. Raises ValueError when
    neither is given, which would empty the outbox.
    """
    if discussion is None and invitation is None:
        raise ValueError("whose messages?")
    dropping = update(Message).where(Message.state == MessageState.QUEUED)
    if discussion is not None:
        dropping = dropping.where(Message.discussion_id == discussion.id)
    if invitation is not None:
        dropping = dropping.where(Message.invitation_id == invitation.id)
    if reasons is not None:
        dropping = dropping.where(Message.reason.in_(reasons))
    db.session.flush()
    gone = {"state": MessageState.VOIDED, "ended_at": act.at, "problem": "The reason for it is gone."}
    return len(db.session.scalars(dropping.values(gone).returning(Message), execution_options=_FRESH).all())


def _as_they_wish(recipient: Recipient) -> Recipient:
    """Without texts, where somebody at that number asked for none."""
    stopped = recipient.mobile is not None and reply_codes.texts_stopped(recipient.mobile)
    return replace(recipient, no_texts=True) if stopped else recipient


def _reply_number(recipient: Recipient, invitation: Invitation, act: Act) -> int | None:
    """The number they answer with by text; our own people answer behind sign-in."""
    if recipient.mobile is None or recipient.user_id is not None or not texting.answered():
        return None
    return numbers.give(recipient.mobile, recipient.name, invitation, act)


def _barred(recipient: Recipient, invitation: Invitation) -> bool:
    """Whether somebody implicated would read it: the last line of defence, whoever chose the address."""
    barred = conflicts.of(invitation.discussion.contact)
    ours = recipient.user_id is not None and recipient.user_id in barred.users
    return ours or barred.read(recipient.email, recipient.mobile)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the rows of one step share."""

    name: str
    recipient: Recipient
    invitation: Invitation
    reason: MessageReason
    key: str
    calendar: str | None
    urgent: bool | None
    action_id: int | None
    second_step: SecondStep | None
    board: DeskBoard | None = None


def _row(draft: _Draft, channel: MessageChannel, address: str, words: Words, act: Act) -> Message:
    invitation = draft.invitation
    discussion = invitation.discussion
    calendar = draft.calendar if channel is MessageChannel.EMAIL else None
    urgent = discussion.urgent if draft.urgent is None else draft.urgent
    may_wait = channel is MessageChannel.EMAIL and calendar is None and not urgent
    waits = bundling.until(invitation, address, draft.reason, draft.action_id, act) if may_wait else None
    if waits is not None:
        draft = replace(draft, board=boards.at(invitation.desk, address))
    return put(
        draft.key,
        channel,
        address,
        words,
        act,
        authority_id=discussion.authority_id,
        discussion=discussion,
        invitation=invitation,
        action_id=draft.action_id,
        user_id=draft.recipient.user_id,
        to_name=draft.recipient.name[:200],
        name=draft.name,
        reason=draft.reason,
        reason_facts=_reason_facts(draft),
        calendar_method=calendar,
        calendar_sequence=None if calendar is None else _sequence(invitation, draft.name),
        urgent=urgent,
        **({} if waits is None else {"bundled_until": waits, "not_before": waits, "waits_for": bundling.WHY}),
    )


def put(step: str, channel: MessageChannel, address: str, words: Words, act: Act, **columns: Any) -> Message:
    """One message of a step to one address, or the one there is already: what ``queue`` and its kind come to.

    ``columns`` are the message's own: whom and what it is about, and why it goes out.
    """
    dedupe = f"{step}/{channel}"
    found = db.session.scalar(select(Message).where(Message.dedupe_key == dedupe))
    if found is not None:
        return found
    mail = channel is MessageChannel.EMAIL
    message = Message(
        **{"not_before": act.at} | columns,
        channel=channel,
        address=address,
        subject=words.subject[:200] if mail else None,
        text=words.text if mail else words.sms,
        html=words.html if mail else None,
        dedupe_key=dedupe,
        state=MessageState.QUEUED,
        created_at=act.at,
    )
    db.session.add(message)
    waking.queued()
    return message


def _reason_facts(draft: _Draft) -> dict[str, Any]:
    """What the reason was when the message was written, for asking again whether it still holds.

    ``ring`` is the number a person rings when no message arrives.
    """
    invitation = draft.invitation
    answered = invitation.answered_at
    return {
        "sequence": invitation.discussion.sequence,
        "generation": invitation.generation,
        "answered_at": None if answered is None else answered.isoformat(),
        "ring": draft.recipient.phone,
        **({} if draft.second_step is None else {"second_step": draft.second_step.id}),
        **({} if draft.board is None else {"board": draft.board.id}),
    }


def _sequence(invitation: Invitation, name: str) -> int:
    """Taking it back is newer than the invitation, though nothing else changed."""
    taken_back = invitation.state is InvitationState.WITHDRAWN or name == "misdirected"
    return calendars.version(invitation) + taken_back
