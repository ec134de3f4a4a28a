"""Asks how the discussions held in a period stood for quorum, and the rows behind each number. rules.held counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Discussion
from strategy.restrictions import COUNTED
from strategy.rules.held import HeldRow
from strategy.vocabulary import DiscussionState, FollowUpState, Mode

_HELD = (DiscussionState.HELD, DiscussionState.SIGNED)
_OPEN = (FollowUpState.DUE, FollowUpState.BOOKED)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One line of the list behind a number."""

    discussion: Discussion
    row: HeldRow


def held(authority_id: int, begins: datetime, ends: datetime) -> Sequence[HeldLine]:
    """Discussions truly begun in the period, follow-ups too, the newest first; one query."""
    rows = db.session.scalars(
        select(Discussion)
        .where(Discussion.authority_id == authority_id, Discussion.state.in_(_HELD))
        .where(Discussion.started_at >= begins, Discussion.started_at < ends)
        .options(joinedload(Discussion.exception), joinedload(Discussion.follow_up))
        .order_by(Discussion.started_at.desc(), Discussion.id)
        .execution_options(**COUNTED)
    )
    return [HeldLine(one, _row(one)) for one in rows]


def _row(discussion: Discussion) -> HeldRow:
    owed = discussion.follow_up
    return HeldRow(
        id=discussion.id,
        outcome=discussion.quorum_outcome,
        by_calls=discussion.mode is Mode.SERIES_OF_CALLS,
        follow_up_open=owed is not None and owed.state in _OPEN,
    )
