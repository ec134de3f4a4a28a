"""Holds one convened discussion of the shared cast, for tests of what comes after booking."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import booking, contacts
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.models import Discussion, Invitation, Message
from strategy.vocabulary import DiscussionKind, MessageState, Mode, Via
from tests.cast import Cast
from tests.kept import put_back

BOOKED_AT = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)  # a Friday in winter: London is UTC
STARTS_AT = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
ENDS_AT = datetime(2026, 11, 27, 16, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 27, 13, 10, tzinfo=UTC)  # when the tests of answers and pages take place


def staff_act(cast: Cast, at: datetime = BOOKED_AT, *, chair: bool = False) -> Act:
    """The social worker (or the chair) doing something."""
    user = cast.chair if chair else cast.social_worker
    return Act(by=user.full_name, at=at, via=Via.STAFF, user_id=user.id)


def link_act(at: datetime, by: str = "Jo Sample") -> Act:
    """Somebody answering by link."""
    return Act(by=by, at=at, via=Via.LINK, remote="198.51.100.7 Example/1.0")


def convene(
    cast: Cast, at: datetime = BOOKED_AT, starts_at: datetime = STARTS_AT, case: str = "CASE-4471"
) -> Discussion:
    """A discussion booked by the social worker: police, health and school are asked. In the caller's transaction."""
    if (at, starts_at, case) == (BOOKED_AT, STARTS_AT, "CASE-4471") and put_back("convened"):
        return db.session.scalars(select(Discussion)).one()
    act = staff_act(cast, at)
    entry = NewContact(
        case_reference=case,
        received_at=at - timedelta(hours=3),
        concerns=["standard"],
        decided_at=at - timedelta(hours=2),
        decided_by=cast.chair.full_name,
    )
    contact = contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act)
    contact.children[0].name = "Robin Zebedee"
    plan = Plan(
        kind=DiscussionKind.INITIAL,
        mode=Mode.VIDEO,
        starts_at=starts_at,
        ends_at=starts_at + (ENDS_AT - STARTS_AT),
        chair=cast.chair,
        social_worker=cast.social_worker,
        invitees=(
            Invitee(role="police", required=True, desk=cast.police_desk),
            Invitee(role="health-0-19", required=True, desk=cast.health_desk),
            Invitee(role="education", required=False, desk=cast.school_desk),
        ),
        join_url="https://meet.example/k7qd",
        alongside=EVERYTHING,
    )
    discussion = booking.book(contact, plan, cast.social_worker, act)
    db.session.flush()
    return discussion


def invited(discussion: Discussion, role: str) -> Invitation:
    """The newest invitation in that role."""
    return [one for one in discussion.invitations if one.role == role][-1]


def send_everything(at: datetime = BOOKED_AT) -> None:
    """As if the worker had come round: what is queued has gone out."""
    for message in db.session.query(Message).filter_by(state=MessageState.QUEUED):
        message.state, message.sent_at = MessageState.SENT, at
    db.session.flush()


def queued(invitation: Invitation, name: str) -> list[Message]:
    """The unsent messages of that name to an invitation's people."""
    found = db.session.query(Message).filter_by(invitation_id=invitation.id, name=name, state=MessageState.QUEUED)
    return list(found.order_by(Message.id))
