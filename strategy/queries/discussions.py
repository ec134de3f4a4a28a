"""Answers what stands on a discussion's page: who was told, who answered, what comes next. Any number of invitations
costs the same queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.models import (
    CallTask,
    ChaseStep,
    Contact,
    Desk,
    Discussion,
    Enquiry,
    Event,
    FollowUp,
    Invitation,
    Message,
    Person,
)
from strategy.queries import course_watch, refusals, seen, steps, story, timeline, untold
from strategy.queries.bookings import outlook_of
from strategy.queries.refusals import Refusal
from strategy.queries.steps import NextStep
from strategy.queries.story import Beat
from strategy.queries.timeline import Ahead
from strategy.rules.presence import somebody
from strategy.rules.quorum import Outlook
from strategy.rules.seen import Link
from strategy.vocabulary import (
    CallState,
    DiscussionState,
    InvitationState,
    MessageChannel,
    MessageState,
)


@dataclass(frozen=True, slots=True)
class Told:
    """How far the newest invitation or change of time got by one channel, and when it got there."""

    channel: MessageChannel
    state: MessageState
    at: datetime
    problem: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One invitation on the page. ``chain`` is how far it got."""

    invitation: Invitation
    told: tuple[Told, ...]
    chain: tuple[Link, ...]
    last: ChaseStep | None
    coming: tuple[NextStep, ...]
    calls: tuple[CallTask, ...]
    refusal: Refusal | None
    untold: bool  # required, and nothing we sent has arrived though the policy's minutes are over


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page's facts. ``outlook`` judges a discussion to come; ``series`` are the others on the same contact;
    ``steps`` all that chasing will still do."""

    discussion: Discussion
    outlook: Outlook
    lines: tuple[Line, ...]
    withdrawn: tuple[Invitation, ...]
    events: Sequence[Event]
    story: Sequence[Beat]
    series: tuple[Discussion, ...]
    steps: tuple[Ahead, ...]
    doubtful: bool  # it begins soon, as policy says, and somebody required is not named
    climbed: frozenset[int]  # invitations of whose ladder everybody has been told

    @property
    def lacking(self) -> list[tuple[str, tuple[Line, ...]]]:
        """Each need nobody named will meet, with the lines of those asked for it."""
        return [
            (need.label, tuple(line for line in self.lines if line.invitation.role in need.roles))
            for need in self.outlook.lacking
        ]

    @property
    def movable(self) -> bool:
        """Whether it can be moved or stood down: still to come, or started and nobody is marked as there."""
        marks = (one.attendance for one in self.discussion.invitations)
        return self.discussion.state is DiscussionState.CONVENED and not somebody(marks)

    @property
    def to_ring(self) -> Invitation | None:
        """The first invitation of a role that is missing: whom to ring first."""
        roles = {role for need in self.outlook.lacking for role in need.roles}
        return next((line.invitation for line in self.lines if line.invitation.role in roles), None)


def sheet(discussion_id: int, now: datetime) -> Sheet:
    """The page of one discussion. Raises NoResultFound when there is none; who may see it is access' to say."""
    discussion = db.session.scalars(select(Discussion).where(Discussion.id == discussion_id).options(*_WHOLE)).one()
    messages, looks = _messages(discussion_id), seen.looks([one.id for one in discussion.invitations])
    last, coming, calls = steps.last([discussion_id]), steps.following([discussion_id]), _calls(discussion_id)
    events, climbed = _events(discussion), course_watch.climbed_out(discussion.invitations)
    outlook = outlook_of(discussion, now, climbed)
    nobody_told = {one.id for one in untold.listed(now, [discussion_id])}
    standing = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
    return Sheet(
        discussion=discussion,
        outlook=outlook,
        doubtful=bool(outlook.lacking) and discussion.started_at is None and course_watch.is_near(discussion, now),
        climbed=climbed,
        lines=tuple(
            Line(
                invitation=one,
                told=_told(messages[one.id]),
                chain=seen.chain_of(one, messages[one.id], looks[one.id]),
                last=last.get(one.id),
                coming=tuple(coming[one.id]),
                calls=tuple(calls[one.id]),
                refusal=refusals.of(one),
                untold=one.id in nobody_told,
            )
            for one in standing
        ),
        withdrawn=tuple(one for one in discussion.invitations if one.state is InvitationState.WITHDRAWN),
        events=events,
        story=story.told(events, discussion.invitations),
        series=tuple(one for one in discussion.contact.discussions if one.id != discussion.id),
        steps=timeline.whole(discussion, standing, now),
    )


def calls_of(authority_id: int) -> Sequence[CallTask]:
    """Every call the authority's people have been asked to make, the longest asked first."""
    return db.session.scalars(
        select(CallTask)
        .where(CallTask.authority_id == authority_id, CallTask.state == CallState.OPEN)
        .order_by(CallTask.asked_at, CallTask.id)
        .options(joinedload(CallTask.discussion), joinedload(CallTask.invitation), joinedload(CallTask.for_user))
    ).all()


def open_call(invitation: Invitation) -> CallTask | None:
    """The oldest call somebody was asked to make for this invitation."""
    asked = select(CallTask).where(CallTask.invitation_id == invitation.id, CallTask.state == CallState.OPEN)
    return db.session.scalars(asked.order_by(CallTask.id).limit(1)).first()


def notes_of(invitation: Invitation) -> Sequence[CallTask]:
    """The calls made for this invitation of which somebody wrote down what was said, the newest first."""
    made = select(CallTask).where(CallTask.invitation_id == invitation.id, CallTask.note.is_not(None))
    return db.session.scalars(made.order_by(CallTask.id.desc()).limit(3)).all()


_WHOLE = (
    joinedload(Discussion.contact).options(
        selectinload(Contact.discussions), joinedload(Contact.enquiry).joinedload(Enquiry.discussion)
    ),
    joinedload(Discussion.exception),
    joinedload(Discussion.follow_up).joinedload(FollowUp.by),
    joinedload(Discussion.policy),
    joinedload(Discussion.authority),
    joinedload(Discussion.convener),
    joinedload(Discussion.chair),
    joinedload(Discussion.social_worker),
    joinedload(Discussion.minute_taker),
    selectinload(Discussion.needs),
    selectinload(Discussion.children),
    selectinload(Discussion.agreements),
    selectinload(Discussion.invitations).options(
        joinedload(Invitation.user),
        joinedload(Invitation.replaced_by),
        joinedload(Invitation.stands_in_for),
        joinedload(Invitation.desk).joinedload(Desk.out_of_hours).joinedload(Desk.agency),
        joinedload(Invitation.person).joinedload(Person.desk),
        selectinload(Invitation.answers),
    ),
)


def _messages(discussion_id: int) -> defaultdict[int, list[Message]]:
    asked = select(Message).where(
        Message.discussion_id == discussion_id,
        Message.reason.in_(seen.ASKING),
        Message.state != MessageState.VOIDED,
    )
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for message in db.session.scalars(asked.order_by(Message.id)):
        if message.invitation_id is not None:
            found[message.invitation_id].append(message)
    return found


def _told(messages: Sequence[Message]) -> tuple[Told, ...]:
    """The newest message of each channel, email first."""
    newest = {message.channel: message for message in messages}
    return tuple(
        Told(channel, newest[channel].state, _moment(newest[channel]), newest[channel].problem)
        for channel in MessageChannel
        if channel in newest
    )


def _moment(message: Message) -> datetime:
    return message.ended_at or message.delivered_at or message.sent_at or message.created_at


def _calls(discussion_id: int) -> defaultdict[int, list[CallTask]]:
    asked = select(CallTask).where(CallTask.discussion_id == discussion_id, CallTask.state == CallState.OPEN)
    found: defaultdict[int, list[CallTask]] = defaultdict(list)
    for task in db.session.scalars(asked.options(joinedload(CallTask.for_user)).order_by(CallTask.id)):
        found[task.invitation_id].append(task)
    return found


def _events(discussion: Discussion) -> Sequence[Event]:
    """What happened to the discussion, and before it to its contact, oldest first."""
    asked = select(Event).where(
        or_(
            Event.discussion_id == discussion.id,
            (Event.contact_id == discussion.contact_id) & Event.discussion_id.is_(None),
        )
    )
    return db.session.scalars(asked.order_by(Event.at, Event.id)).all()
