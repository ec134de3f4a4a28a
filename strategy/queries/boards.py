"""Answers whose board a link opens, where its code can go, and who has it open. What stands on it is board_rows'."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from notifications.addresses import is_mobile
from strategy.access import token_digest
from strategy.db import db
from strategy.keys import digest, keys
from strategy.models import BoardOpening, Desk, DeskBoard, Person
from strategy.queries import reply_codes, rotas
from strategy.queries.second_step import Way
from strategy.rules import board as rules
from strategy.rules.second_step import CODE_FOR, TRIES, masked
from strategy.vocabulary import MessageChannel

_KINDS = {MessageChannel.EMAIL: "desk_boards", MessageChannel.SMS: "desk_boards by text"}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Knock:
    """A board and the channel by which the link came that led to it."""

    board: DeskBoard
    came_by: MessageChannel


def hashed(board: DeskBoard, channel: MessageChannel) -> str:
    """What is stored of that channel's token: the token is worked out when a message goes out, and stored nowhere."""
    return digest(keys().entry_token(_KINDS[channel], board.id, 1))


def path(board_id: int, channel: MessageChannel) -> str:
    """The address of a board as a message of that channel carries it, to follow the base address."""
    return f"/b/{keys().entry_token(_KINDS[channel], board_id, 1)}"


def by_token(given: str) -> Knock | None:
    """The board in use at that link."""
    wanted = token_digest(given)
    found = db.session.scalar(
        select(DeskBoard).where(or_(DeskBoard.mail_hash == wanted, DeskBoard.text_hash == wanted))
    )
    if found is None or not found.in_use:
        return None
    return Knock(found, MessageChannel.EMAIL if found.mail_hash == wanted else MessageChannel.SMS)


def standing(desk: Desk) -> DeskBoard | None:
    """The board of that desk that was not taken back."""
    return db.session.scalar(select(DeskBoard).where(DeskBoard.desk_id == desk.id, DeskBoard.revoked_at.is_(None)))


def at(desk: Desk | None, address: str | None) -> DeskBoard | None:
    """The board a mail to that address may lead to: only what goes to the desk's own inbox does."""
    return standing(desk) if desk is not None and address is not None and address == desk.email else None


def ways(knock: Knock) -> list[Way]:
    """Where a code can go: what stands in the directory for the desk and its people, but not by the link's channel."""
    return _ways(knock.board.desk, knock.came_by)


def ways_by_mail(desk: Desk) -> list[Way]:
    """The same for somebody whose link came by mail, as it does at the foot of invitations."""
    return _ways(desk, MessageChannel.EMAIL)


def _ways(desk: Desk, came_by: MessageChannel) -> list[Way]:
    registered = dict.fromkeys(_registered(desk))
    return [
        Way(keys().blind(f"way {address}")[:16], channel, address, masked(channel, address))
        for channel, address in registered
        if channel is not came_by and (channel is MessageChannel.EMAIL or not reply_codes.texts_stopped(address))
    ]


def waiting(board: DeskBoard, browser: str, now: datetime) -> BoardOpening | None:
    """The code this browser asked for last, while it can still be typed."""
    asked = select(BoardOpening).where(BoardOpening.board_id == board.id, BoardOpening.browser_hash == digest(browser))
    last = db.session.scalar(asked.order_by(BoardOpening.id.desc()).limit(1)) if browser else None
    if last is None or last.opened_at is not None or last.voided_at is not None or last.tries >= TRIES:
        return None
    return last if now < last.asked_at + CODE_FOR else None


def opened(board: DeskBoard, browser: str, now: datetime) -> BoardOpening | None:
    """Who has it open in this browser, until the end of their shift."""
    if not browser:
        return None
    taken = select(BoardOpening).where(
        BoardOpening.board_id == board.id,
        BoardOpening.browser_hash == digest(browser),
        BoardOpening.opened_at <= now,
        BoardOpening.open_until > now,
        BoardOpening.closed_at.is_(None),
    )
    return db.session.scalar(taken.order_by(BoardOpening.id.desc()).limit(1))


def openings(board: DeskBoard) -> Sequence[BoardOpening]:
    """Who opened it, the last first."""
    asked = select(BoardOpening).where(BoardOpening.board_id == board.id, BoardOpening.opened_at.is_not(None))
    return db.session.scalars(asked.order_by(BoardOpening.opened_at.desc()).limit(_SHOWN)).all()


def open_until(desk: Desk, now: datetime) -> datetime:
    """Until when a board opened now stays open: as long as those on the desk's rota have their turn."""
    on_duty = rotas.on_duty_at([desk.id], now).get(desk.id, ())
    return rules.open_until((one.ends_at for one in on_duty), now)


def people(desk: Desk) -> list[Person]:
    """Whom the desk can send: its agency's people in use, those of the desk first."""
    asked = select(Person).where(Person.agency_id == desk.agency_id, Person.active)
    return sorted(db.session.scalars(asked), key=lambda one: (one.desk_id != desk.id, one.rung or 0, one.name))


def _registered(desk: Desk) -> Iterable[tuple[MessageChannel, str]]:
    """Texts first: a phone is in somebody's hand."""
    theirs = select(Person).where(Person.desk_id == desk.id, Person.agency_id == desk.agency_id, Person.active)
    reached: list[Desk | Person] = [desk, *db.session.scalars(theirs.order_by(Person.id))]
    texts = [(MessageChannel.SMS, one.phone) for one in reached if one.phone and is_mobile(one.phone)]
    return texts + [(MessageChannel.EMAIL, one.email) for one in reached if one.email]
