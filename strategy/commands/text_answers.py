"""Takes what partners answer by text; what words mean is rules.text_replies', what an answer means is answers'.

Every answer is read back with what was recorded. What may mean two things is not counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from notifications import addresses
from strategy import compose
from strategy.act import Act
from strategy.commands import answers, messages
from strategy.commands.answers import Reply
from strategy.commands.inbound import Done, note
from strategy.db import db
from strategy.line_names import said_name
from strategy.models import Discussion, Inbound, Invitation, ReplyCode
from strategy.policy import parsed
from strategy.queries import conflicts, refusals, reply_codes
from strategy.rules import text_replies
from strategy.rules.answering import Closed
from strategy.rules.notice import OURS_TO_SAY
from strategy.rules.text_replies import Coded, Letter, Said, Whom
from strategy.vocabulary import (
    NAMED,
    InboundKind,
    InboundState,
    InvitationState,
    MessageReason,
    Response,
    TextAsks,
    Via,
)

_HELPED_WITHIN = timedelta(hours=1)  # one helpful answer in so long, whatever comes: two machines must not talk
_LONGEST_NAME = 120  # the columns'
_LETTERS = {TextAsks.ATTENDEE: Letter.ATTEND, TextAsks.DEPUTY: Letter.DEPUTY, TextAsks.REASON: Letter.CANNOT}


def understood(kept: Inbound, said: Said, phone: str, act: Act) -> Done | None:
    """What became of it; None for what answers nothing that was asked of this phone."""
    codes = reply_codes.of(phone, act.at)
    _lock(codes.values())
    if said.coded:
        kept.kind = InboundKind.TEXT_ANSWER
        return _together([_coded(kept, one, codes, act) for one in said.coded])
    waiting = reply_codes.waiting(list(codes.values()), act.at)
    if len(waiting) == 1:
        kept.kind = InboundKind.TEXT_FOLLOW_UP
        return _follow_up(kept, said, waiting[0], act)
    if codes and (said.yes or (waiting and not text_replies.courtesy(said.words))):
        return _unclear(kept, list(codes.values()), act)
    return None


def _lock(codes: Iterable[ReplyCode]) -> None:
    """Their discussions, in the order everybody locks them; then what was read of them is read again."""
    ids = sorted({code.invitation.discussion_id for code in codes})
    asked = select(Discussion).where(Discussion.id.in_(ids)).order_by(Discussion.id)
    db.session.scalars(asked.with_for_update(), execution_options={"populate_existing": True}).all()
    again = select(Invitation).where(Invitation.id.in_([code.invitation_id for code in codes]))
    db.session.scalars(again, execution_options={"populate_existing": True}).all()


def _together(done: Sequence[Done]) -> Done:
    """Several numbers in one text: a person reads it as soon as one of them needs a person."""
    first = next((one for one in done if one.state is InboundState.TO_READ), done[0])
    return replace(first, effect=" ".join(dict.fromkeys(one.effect for one in done)))


def _coded(kept: Inbound, coded: Coded, codes: dict[int, ReplyCode], act: Act) -> Done:
    code = codes.get(coded.number)
    if code is None:
        return _no_such(list(codes.values()), act)
    invitation = code.invitation
    if conflicts.of(invitation.discussion.contact).read(code.phone):
        return Done(InboundState.TO_READ, f"Not counted: whoever texted {conflicts.WHY}.", invitation)
    why = answers.why_closed(invitation, act.at)
    if why is not None:
        return _closed(kept, coded, code, why, act)
    if coded.doubtful:
        return _unclear(kept, [code], act)
    code.asks, code.asked_again = None, False
    if coded.letter is Letter.CANNOT:
        return _cannot(kept, code, coded.words, act)
    return _coming(kept, code, coded.letter, text_replies.whom(coded.words), act)


def _coming(kept: Inbound, code: ReplyCode, letter: Letter, whom: Whom, act: Act) -> Done:
    """They come: with a name somebody is named; without one the agency's place is held, and the name is asked."""
    invitation = code.invitation
    deputy = letter is Letter.DEPUTY
    known = {InvitationState.DEPUTY} if deputy else NAMED
    if whom.name is not None:
        given = Reply(
            Response.DEPUTY if deputy else Response.ATTEND,
            attendee_name=whom.name[:_LONGEST_NAME],
            attendee_contact=_contact(whom) if deputy else None,
            texted_from=code.phone,
        )
        return _answer(kept, code, letter, given, act)
    if invitation.state in known:
        return _echo(kept, code, letter, "by text again: it was known", act, to_read=whom.more)
    code.asks = TextAsks.DEPUTY if deputy else TextAsks.ATTENDEE
    if invitation.state is InvitationState.NAME_NEEDED:
        return _echo(kept, code, letter, "by text again: nobody named yet", act, to_read=whom.more)
    held = Reply(Response.DESK_ACCEPTED, texted_from=code.phone)
    return _answer(kept, code, letter, held, act, to_read=whom.more)


def _contact(whom: Whom) -> str | None:
    """How to reach the deputy; what is neither a number nor an address is left out, as the answer counts without."""
    given = whom.contact
    try:
        return given and (addresses.email(given) if "@" in given else addresses.phone(given))
    except addresses.InvalidAddress:
        return None


def _cannot(kept: Inbound, code: ReplyCode, words: str, act: Act) -> Done:
    """Nobody can: the policy's reason where the words say one, what else they say as narrative, which stays inside."""
    if not words or text_replies.courtesy(words):
        code.asks = TextAsks.REASON
        if code.invitation.state is InvitationState.DECLINED:
            return _echo(kept, code, Letter.CANNOT, "by text again: nobody can attend", act)
        return _answer(kept, code, Letter.CANNOT, Reply(Response.CANNOT_ATTEND, texted_from=code.phone), act)
    reasons = parsed(code.invitation.discussion.policy.text).absence_reasons
    choosable = {one: label for one, label in reasons.items() if one not in OURS_TO_SAY}
    coded = text_replies.reason(words, choosable)
    given = Reply(Response.CANNOT_ATTEND, reason=words, reason_code=coded, texted_from=code.phone)
    return _answer(kept, code, Letter.CANNOT, given, act)


def _follow_up(kept: Inbound, said: Said, code: ReplyCode, act: Act) -> Done:
    """A text without a number, where one question stands: a name, or the reason."""
    invitation, asked = code.invitation, code.asks
    if asked is None or conflicts.of(invitation.discussion.contact).read(code.phone):
        return Done(InboundState.TO_READ, f"Not counted: whoever texted {conflicts.WHY}.", invitation)
    letter = _LETTERS[asked]
    if text_replies.courtesy(said.words):
        return Done(InboundState.NOTED, "Nothing but thanks: the question stands.", invitation)
    if asked is TextAsks.REASON:
        code.asks = None
        return _cannot(kept, code, said.words, act)
    whom = text_replies.whom(said.words)
    if whom.name is not None and not text_replies.denied(said.words):
        code.asks = None
        return _coming(kept, code, letter, whom, act)
    if not code.asked_again:
        code.asked_again = True
        _text("ask-again", code, act, key=f"again:{kept.id}", letter=letter)
    note(invitation, f"{invitation.role_words}: a text came that a person has to read", kept, act)
    return Done(InboundState.TO_READ, "We asked for a name; what came is none we understand.", invitation)


def _answer(kept: Inbound, code: ReplyCode, letter: Letter, given: Reply, act: Act, *, to_read: bool = False) -> Done:
    """The same answer as one on the page, given by whoever is written to at that phone. Raises answers' Refused."""
    by = replace(act, by=code.to_name[:_LONGEST_NAME], via=Via.SMS)
    recorded = answers.answer(code.invitation, given, by)
    words = answers.sentence(code.invitation, recorded)
    _read_back(kept, code, letter, act)
    if to_read:
        return Done(InboundState.TO_READ, f"{words}. It says more: please read it.", code.invitation)
    return Done(InboundState.APPLIED, words, code.invitation)


def _echo(kept: Inbound, code: ReplyCode, letter: Letter, words: str, act: Act, *, to_read: bool = False) -> Done:
    """What they say stands already: they read so."""
    said = f"{code.invitation.role_words}: {words}"
    note(code.invitation, said, kept, act)
    _read_back(kept, code, letter, act)
    return Done(InboundState.TO_READ if to_read else InboundState.NOTED, said, code.invitation)


def _read_back(kept: Inbound, code: ReplyCode, letter: Letter, act: Act) -> None:
    """What is recorded now, asking for what is still missing (domain section 12)."""
    invitation = code.invitation
    refusal = refusals.of(invitation)
    _text(
        "recorded",
        code,
        act,
        key=f"text:{kept.id}",
        reason=MessageReason.CONFIRMATION,
        letter=letter,
        answer=invitation.state,
        attendee=said_name(invitation.attendee_name),
        deputy_asked=code.asks is TextAsks.DEPUTY,
        explained=refusal is not None and bool(refusal.coded or refusal.note),
    )


def _closed(kept: Inbound, coded: Coded, code: ReplyCode, why: Closed, act: Act) -> Done:
    """It takes no answer any more: what is true now, and whom to ring, once an hour."""
    invitation = code.invitation
    told = not reply_codes.texted_lately(code.phone, "closed", _HELPED_WITHIN, act.at, invitation.id)
    if told:
        _text("closed", code, act, key=f"text:{kept.id}", closed=why)
    words = f"{invitation.role_words}: a text came too late to count ({why.value})"
    note(invitation, words, kept, act)
    needs_reading = not told or why is Closed.STARTED or bool(coded.words)
    return Done(InboundState.TO_READ if needs_reading else InboundState.NOTED, words, invitation)


def _no_such(codes: Sequence[ReplyCode], act: Act) -> Done:
    """A number this phone does not hold: a wrong one, or one of long ago. Strangers are told nothing."""
    nearest = reply_codes.nearest(codes, act.at)
    words = "A number that this phone has not been given: nothing is recorded."
    if nearest is None:
        return Done(InboundState.TO_READ, words)
    helped = _help(nearest, act)
    return Done(InboundState.NOTED if helped else InboundState.TO_READ, words, nearest.invitation)


def _unclear(kept: Inbound, codes: Sequence[ReplyCode], act: Act) -> Done:
    """It may mean two things: nothing is recorded, they are told how to say it, and a person reads it."""
    code = reply_codes.nearest(codes, act.at)
    if code is None or conflicts.of(code.invitation.discussion.contact).read(code.phone):
        return Done(InboundState.TO_READ, "Not counted: please read it.", None if code is None else code.invitation)
    _help(code, act)
    note(code.invitation, f"{code.invitation.role_words}: a text came that a person has to read", kept, act)
    return Done(InboundState.TO_READ, "It may mean two things, so nothing is recorded.", code.invitation)


def _help(code: ReplyCode, act: Act) -> bool:
    """How to answer what is open, once an hour for each phone; whether it was said."""
    if reply_codes.texted_lately(code.phone, "help", _HELPED_WITHIN, act.at):
        return False
    name = "help" if reply_codes.is_open(code.invitation, act.at) else "no-such"
    return _text(name, code, act, key=f"help:{code.phone}:{act.at.isoformat()}", kind="help")


def _text(
    name: str,
    code: ReplyCode,
    act: Act,
    *,
    key: str,
    reason: MessageReason = MessageReason.TEXT_REPLY,
    kind: str | None = None,
    **facts: object,
) -> bool:
    """Queue one of the texts that answer texts; whether it may go there."""
    known = compose.text_facts(code.invitation, act.at, code.number, **facts)
    words = compose.text(name, known)
    return messages.queue_text(kind or name, words, code, reason, act, key=key) is not None
