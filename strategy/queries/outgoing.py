"""Answers what a message is as plain values when it goes out: words, link, calendar entry. It sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy import ics
from strategy.db import db
from strategy.keys import keys
from strategy.models import BoardOpening, Message, SecondStep
from strategy.queries import boards
from strategy.rules.second_step import CODE_FOR
from strategy.vocabulary import MessageChannel, MessageReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message claimed for sending, as plain values: no row is needed while it goes out.

    ``path`` is the link's, to follow the base address. ``useful_until`` is when it no longer helps to arrive.
    ``tries`` counts the attempts towards giving up, this one among them. ``probe``: its channel is down, and it tries
    whether it is up again. ``code`` is a one-time code, for the message that carries one; ``board_path`` leads to
    the desk's board. ``others`` go out in the same mail.
    """

    id: int
    attempt: int
    tries: int
    probe: bool
    channel: MessageChannel
    address: str
    to_name: str
    subject: str
    text: str
    html: str | None
    path: str
    urgent: bool
    automatic: bool
    calendar: ics.Entry | None
    method: str | None
    sequence: int
    useful_until: datetime | None
    code: str = ""
    board_path: str = ""
    others: tuple["Outgoing", ...] = ()


def outgoing(message: Message, *, probe: bool = False, others: Sequence[Outgoing] = ()) -> Outgoing:
    """The message as plain values. Raises LookupError for one that is about nothing."""
    invitation = message.invitation
    about = (message.contact_id, message.partner_request_id, message.verification_id, message.board_id)
    if invitation is None and message.reason is not MessageReason.MORNING_LIST and all(one is None for one in about):
        raise LookupError(f"message {message.id} is about nothing")
    return Outgoing(
        id=message.id,
        attempt=message.attempt,
        tries=message.attempt - message.excused,
        probe=probe,
        channel=message.channel,
        address=message.address,
        to_name=message.to_name,
        subject=message.subject or "",
        text=message.text,
        html=message.html,
        path=_path(message),
        urgent=message.urgent,
        automatic=message.reason is MessageReason.CONFIRMATION,
        calendar=ics.entry(invitation, message.address) if invitation and message.calendar_method else None,
        method=message.calendar_method,
        sequence=message.calendar_sequence or 0,
        useful_until=_useful_until(message),
        code=_code(message),
        board_path=_board_path(message),
        others=tuple(others),
    )


def _path(message: Message) -> str:
    """Staff sign in; a partner's way in is the token, made now and stored nowhere."""
    invitation, asked = message.invitation, message.verification
    if asked is not None:
        entry = asked.entry
        return f"/d/{keys().entry_token(entry.__tablename__, entry.id, entry.link_generation)}"
    if message.reason is MessageReason.MORNING_LIST:
        return "/edt/morning"
    if message.board_id is not None:
        return boards.path(message.board_id, message.channel)
    if message.partner_request_id is not None:
        return f"/asked/{message.partner_request_id}"
    if message.contact_id is not None:
        return f"/contacts/{message.contact_id}"
    if message.user_id is not None and message.action_id is not None:
        return f"/actions/{message.action_id}"
    if message.user_id is not None or invitation is None:
        return f"/discussions/{message.discussion_id}"
    by_mail = message.channel is MessageChannel.EMAIL and invitation.mail_token_hash is not None
    token = keys().mail_token if by_mail else keys().token
    return f"/a/{token(invitation.id, invitation.generation)}"


def _code(message: Message) -> str:
    """Made now and stored nowhere, as the token is."""
    facts = message.reason_facts
    step = db.session.get(SecondStep, facts["second_step"]) if "second_step" in facts else None
    opening = db.session.get(BoardOpening, facts["opening"]) if "opening" in facts else None
    asked = step or opening
    return "" if asked is None else keys().one_time_code(asked.nonce)


def _board_path(message: Message) -> str:
    """The way to the desk's board, for a mail that leads there besides."""
    board_id = message.reason_facts.get("board")
    return "" if board_id is None else boards.path(board_id, MessageChannel.EMAIL)


def _useful_until(message: Message) -> datetime | None:
    if message.reason in (MessageReason.SECOND_STEP, MessageReason.BOARD_CODE):
        return message.created_at + CODE_FOR
    asking = (
        MessageReason.INVITE,
        MessageReason.UPDATE,
        MessageReason.CHASE,
        MessageReason.REMINDER,
        MessageReason.NOT_JOINED,
    )
    return message.discussion.ends_at if message.reason in asking and message.discussion is not None else None
