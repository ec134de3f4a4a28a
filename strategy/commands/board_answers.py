"""Takes the answers of a desk board, many at once, and leads on to one meeting's own page. Each answer is answers'."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import answers, events
from strategy.commands.answers import Reply
from strategy.db import db
from strategy.keys import digest
from strategy.models import Answer, BoardOpening, Discussion, Invitation, SecondStep
from strategy.queries import board_rows
from strategy.queries.board_rows import Row
from strategy.vocabulary import EventVerb


@dataclass(frozen=True, slots=True)
class Given:
    """What one row of the board was filled in with. ``after`` is the answer that stood there then, 0 for none."""

    invitation_id: int
    reply: Reply
    after: int


class RowsRefused(Refused):
    """Some rows may not be answered so; none is. ``each`` is the invitation and why."""

    def __init__(self, each: Sequence[tuple[int, Refused]]) -> None:
        count = len(each)
        super().__init__(f"{'One row needs' if count == 1 else f'{count} rows need'} another look. Nothing is sent yet")
        self.each = each


def send(opening: BoardOpening, given: Collection[Given], act: Act) -> list[Answer]:
    """Record them all, in the order of the board. Raises RowsRefused, with every row that is, or Refused."""
    if not given:
        raise Refused("Nothing is filled in yet. Name somebody in a row, or choose its answer")
    _lock([one.invitation_id for one in given])
    rows = {row.invitation.id: row for row in board_rows.rows(opening, act.at, fresh=True)}
    recorded, refused = [], []
    for one in given:
        try:
            recorded.append(_answered(rows.get(one.invitation_id), one, opening, act))
        except Refused as why:
            refused.append((one.invitation_id, why))
    if refused:
        raise RowsRefused(refused)
    return recorded


def go_on(opening: BoardOpening, invitation: Invitation, browser: str, act: Act) -> SecondStep:
    """Open that meeting's own second step in this browser: the code that opened the board came another way too.

    ``browser`` is its secret for the meeting's link. Raises Refused when nothing may be seen.
    """
    found = board_rows.one(opening, invitation.id, act.at)
    if found is None:
        raise Refused("Nothing about a child is shown here any more")
    step = SecondStep(
        invitation=found,
        generation=found.generation,
        channel=opening.channel,
        address=opening.address,
        nonce=secrets.token_hex(16),
        browser_hash=digest(browser),
        by_name=opening.by_name,
        by_role=opening.by_role,
        remote=act.remote,
        asked_at=act.at,
        opened_at=act.at,
        tries=0,
    )
    db.session.add(step)
    words = f"{found.role_words}: {opening.who} came from the desk board, and can see who it is about"
    events.add(EventVerb.IDENTITY_OPENED, words, act, invitation=found)
    return step


def _answered(row: Row | None, given: Given, opening: BoardOpening, act: Act) -> Answer:
    if row is None:
        raise Refused("This meeting is not on the board any more")
    if given.after != (row.last.id if row.last is not None else 0):
        raise Refused("Somebody answered this meanwhile. Look at what is recorded, then send it again if you wish")
    reply = replace(given.reply, by_name=opening.by_name, by_role=opening.by_role, by_code=True)
    return answers.answer(row.invitation, reply, act)


def _lock(invitation_ids: Collection[int]) -> None:
    """Their discussions, in one order, so that two boards never wait for each other in a circle."""
    asked = select(Invitation.discussion_id).where(Invitation.id.in_(invitation_ids))
    ids = db.session.scalars(asked).all()
    locking = select(Discussion).where(Discussion.id.in_(ids)).order_by(Discussion.id).with_for_update(of=Discussion)
    db.session.scalars(locking, execution_options={"populate_existing": True}).all()
