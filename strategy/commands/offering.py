"""Takes the other times a partner offers, and takes them back. No answer: ladder and quorum go on as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import events, messages
from strategy.db import db
from strategy.models import Discussion, Invitation, ProposedWindow
from strategy.rules import windows as rules
from strategy.rules.answering import closed
from strategy.rules.slots import Span
from strategy.vocabulary import EventVerb, News

WHY_MOVED = "waiting-for-partner"  # the policy's code, where it has one, for a move to a time a partner offered


@dataclass(frozen=True, slots=True)
class Offerer:
    """Who offers: name and role, as they gave them."""

    name: str
    role: str


def offer(invitation: Invitation, windows: Sequence[Span], who: Offerer, act: Act) -> None:
    """Put these windows in the place of what this invitation offered before; none at all takes that back.

    The convener is told of new times, and nobody of the same ones offered again. Raises Refused once the discussion
    has started or is over, for more than five windows, for one that cannot be offered, and for nothing to take back.
    """
    _refuse_closed(invitation, act)
    wanted = sorted(set(windows))
    _refuse_windows(invitation, wanted, who, act)
    former = _standing(invitation)
    if [(one.starts_at, one.ends_at) for one in former if one.starts_at > act.at] == wanted:
        if not wanted:
            raise Refused("Give at least one other time")
        return
    for one in former:
        one.withdrawn_at = act.at
    for begins, until in wanted:
        new = ProposedWindow(invitation=invitation, starts_at=begins, ends_at=until, at=act.at)
        new.by_name, new.by_role = who.name, who.role
        db.session.add(new)
    _tell(invitation, len(wanted), act)


def refuse_unoffered(discussion: Discussion, starts_at: datetime, ends_at: datetime) -> None:
    """Raise Refused when nobody asked to the discussion offers that time, for their part of it, any more."""
    standing = {one.id: one for one in discussion.invitations if one.withdrawn_at is None}
    offered = select(ProposedWindow).where(
        ProposedWindow.invitation_id.in_(standing), ProposedWindow.withdrawn_at.is_(None)
    )
    needed = {number: one.needed_at(starts_at, ends_at) for number, one in standing.items()}
    windows = db.session.scalars(offered).all()
    if not any(rules.holds([(one.starts_at, one.ends_at)], *needed[one.invitation_id]) for one in windows):
        raise Refused("That time is not offered any more. Read what is offered now, then try again")


def _refuse_closed(invitation: Invitation, act: Act) -> None:
    about = invitation.discussion
    if closed(invitation.state, about.state, about.starts_at, about.ends_at, about.started_at, act.at) is not None:
        phone = display_phone(about.authority.phone)
        raise Refused(f"Other times can be offered only until the meeting starts. Ring {phone}")


def _refuse_windows(invitation: Invitation, wanted: Sequence[Span], who: Offerer, act: Act) -> None:
    if not who.name or not who.role:
        raise Refused("Enter your name and your role", "by_role" if who.name else "by_name")
    if len(wanted) > rules.MOST:
        raise Refused(f"Offer {rules.MOST} times at most")
    begins, until = invitation.needed
    for window in wanted:
        found = rules.problem(window, act.at, begins, until - begins)
        if found is not None:
            raise Refused(found.reason)


def _standing(invitation: Invitation) -> Sequence[ProposedWindow]:
    return db.session.scalars(
        select(ProposedWindow)
        .where(ProposedWindow.invitation_id == invitation.id, ProposedWindow.withdrawn_at.is_(None))
        .order_by(ProposedWindow.starts_at, ProposedWindow.ends_at)
    ).all()


def _tell(invitation: Invitation, count: int, act: Act) -> None:
    if not count:
        words = f"{invitation.role_words} took its offer of other times back"
        events.add(EventVerb.OFFER_TAKEN_BACK, words, act, invitation=invitation)
        return
    words = f"{invitation.role_words} offered {'another time' if count == 1 else f'{count} other times'}"
    event = events.add(EventVerb.TIMES_OFFERED, words, act, invitation=invitation)
    db.session.flush()
    messages.tell_convener(invitation, News.TIMES_OFFERED, act, key=f"offer:{event.id}")
