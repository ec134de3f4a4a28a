"""Answers how far each invitation got, and what its messages were: words, attempts, receipts. It sends nothing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from strategy.compose import BOARD, LINK
from strategy.db import db
from strategy.models import AccessEntry, Invitation, Message
from strategy.rules import seen
from strategy.rules.presence import somebody
from strategy.rules.seen import Link, Trail
from strategy.vocabulary import MessageReason, MessageState

ASKING = frozenset({MessageReason.INVITE, MessageReason.UPDATE})
_LOST = (MessageState.BOUNCED, MessageState.FAILED)
_PARTNERS_PAGE = "partner.shown"
_SLOT = "[their own link]"


def looks(invitation_ids: Collection[int]) -> defaultdict[int, list[datetime]]:
    """Every look at each link's page, as the access log has it, the first one first."""
    asked = select(AccessEntry.row_id, AccessEntry.at).where(
        AccessEntry.what == Invitation.__tablename__,
        AccessEntry.page == _PARTNERS_PAGE,
        AccessEntry.row_id.in_(invitation_ids),
    )
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for row_id, at in db.session.execute(asked.order_by(AccessEntry.at)):
        found[row_id].append(at)
    return found


def chain_of(invitation: Invitation, messages: Sequence[Message], looked: Sequence[datetime]) -> tuple[Link, ...]:
    """How far an invitation got; ``messages`` are those that ask it (ASKING), ``looked`` the looks at its page."""
    lost = [one.ended_at for one in messages if one.state in _LOST and one.ended_at]
    here = somebody([invitation.attendance])
    return seen.chain(
        Trail(
            queued_at=min((one.created_at for one in messages), default=None),
            left=[one.sent_at for one in messages if one.sent_at],
            delivered_at=min((one.delivered_at for one in messages if one.delivered_at), default=None),
            arrived_at=invitation.first_delivered_at,
            lost_at=max(lost) if lost and len(lost) == len(messages) else None,
            looks=looked,
            answered_at=invitation.answered_at,
            certain=not invitation.unverified,
            joined_at=invitation.arrived_at or (invitation.discussion.started_at if here else None),
            has_page=invitation.user_id is None,
        )
    )


def chain(invitation: Invitation) -> tuple[Link, ...]:
    """How far one invitation got."""
    asked = [one for one in messages_of(invitation) if one.reason in ASKING and one.state is not MessageState.VOIDED]
    return chain_of(invitation, asked, looks([invitation.id])[invitation.id])


def messages_of(invitation: Invitation) -> Sequence[Message]:
    """Every message about an invitation, whoever it went to, the newest first."""
    asked = select(Message).where(Message.invitation_id == invitation.id)
    return db.session.scalars(asked.order_by(Message.created_at.desc(), Message.id.desc())).all()


def message(message_id: int) -> Message:
    """A message with its attempts and what it is about; who may see it is access' to say."""
    whole = (
        selectinload(Message.attempts),
        joinedload(Message.invitation).joinedload(Invitation.discussion),
        joinedload(Message.verification),
    )
    return db.session.scalars(select(Message).where(Message.id == message_id).options(*whole)).one()


def words(one: Message) -> str:
    """A message's words as sent, but for the link: a live one is stored nowhere and shown to nobody else."""
    return one.text.replace(LINK, _SLOT).replace(BOARD, _SLOT)
