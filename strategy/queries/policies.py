"""Asks which policy an authority works under, which there were, which are being written, and what runs under them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from strategy.db import db
from strategy.models import Contact, Discussion, PolicyDraft, PolicyVersion
from strategy.queries.waiting import OPEN


def in_force(authority_id: int, at: datetime) -> PolicyVersion:
    """The authority's newest policy version in effect at that moment. Raises NoResultFound when it has none."""
    return db.session.scalars(
        select(PolicyVersion)
        .where(
            PolicyVersion.authority_id == authority_id,
            PolicyVersion.effective_from <= at,
            PolicyVersion.withdrawn_at.is_(None),
        )
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    ).one()


def versions(authority_id: int) -> Sequence[PolicyVersion]:
    """Every version, the newest first, without their texts."""
    return db.session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.authority_id == authority_id)
        .order_by(PolicyVersion.number.desc())
        .options(
            load_only(
                PolicyVersion.number,
                PolicyVersion.author,
                PolicyVersion.reason,
                PolicyVersion.effective_from,
                PolicyVersion.created_at,
                PolicyVersion.withdrawn_at,
            )
        )
    ).all()


def before(version: PolicyVersion) -> PolicyVersion | None:
    """The version before that one; None before the first."""
    earlier = select(PolicyVersion).where(
        PolicyVersion.authority_id == version.authority_id, PolicyVersion.number < version.number
    )
    return db.session.scalar(earlier.order_by(PolicyVersion.number.desc()).limit(1))


def latest(authority_id: int) -> PolicyVersion:
    """What a new version would follow: the newest not taken back, in force or to come. Raises NoResultFound."""
    standing = select(PolicyVersion).where(
        PolicyVersion.authority_id == authority_id, PolicyVersion.withdrawn_at.is_(None)
    )
    return db.session.scalars(standing.order_by(PolicyVersion.number.desc()).limit(1)).one()


def newest(authority_id: int) -> int:
    """The highest number there is, taken back or not; 0 when there is none."""
    return (
        db.session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.authority_id == authority_id)) or 0
    )


def clocks_under(authority_id: int) -> dict[int, int]:
    """How many clocks run under each version, by its id: contacts undecided, waiting or booked."""
    running = select(Contact.policy_id, func.count().label("clocks")).where(
        Contact.authority_id == authority_id, Contact.state.in_(OPEN)
    )
    return {row.policy_id: row.clocks for row in db.session.execute(running.group_by(Contact.policy_id))}


def running(authority_id: int) -> Sequence[Contact]:
    """Every contact whose clock runs, the soonest due first, with its discussions and the number of its version."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.authority_id == authority_id, Contact.state.in_(OPEN))
        .order_by(func.coalesce(Contact.due_at, Contact.decide_by), Contact.id)
        .options(
            joinedload(Contact.policy).load_only(PolicyVersion.number),
            selectinload(Contact.discussions).load_only(Discussion.reference, Discussion.state, Discussion.starts_at),
        )
    ).all()


def draft_of(user_id: int) -> PolicyDraft | None:
    """The policy this person is writing, with the version it began from."""
    return db.session.scalar(
        select(PolicyDraft).where(PolicyDraft.user_id == user_id).options(joinedload(PolicyDraft.base))
    )
