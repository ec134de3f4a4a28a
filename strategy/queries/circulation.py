"""Answers who gets a signed record and how much of it, what of it an agency is shown, and who has opened it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Contribution, Discussion, Invitation, Message, RecordReading
from strategy.queries import conflicts, second_step
from strategy.queries.second_step import Look
from strategy.rules import circulation as rules
from strategy.vocabulary import ActionState, DiscussionState, InvitationState, MessageReason, MessageState, Share

PAGE = "agency_record.shown"
_ARRIVING = frozenset({MessageState.SENT, MessageState.DELIVERED})
_GOING = frozenset({MessageState.QUEUED, MessageState.SENDING})


@dataclass(frozen=True, slots=True)
class Line:
    """One agency that gets the record, or its outcome; ``told_at`` None: not told, or it is still going out."""

    invitation: Invitation
    share: Share
    told_at: datetime | None
    going: bool
    looks: Sequence[Look]
    readings: Sequence[RecordReading]


@dataclass(frozen=True, slots=True)
class Information:
    """What agencies said, as one of them is shown it; ``withheld`` are the roles whose marked parts are left out."""

    shown: Sequence[Contribution]
    withheld: Sequence[str]


def share(invitation: Invitation) -> Share:
    """What this agency gets of the record now: nothing before it is signed, and for nobody implicated."""
    about = invitation.discussion
    if about.state is not DiscussionState.SIGNED or invitation.user_id is not None or conflicts.closed(invitation):
        return Share.NOTHING
    owed = (one for one in about.actions if one.state is not ActionState.CANCELLED)
    return rules.share(
        invitation.role,
        invitation.state,
        invitation.attendance,
        required=invitation.required,
        spoke=any(one.invitation_id == invitation.id for one in about.contributions),
        owes=any(one.invitation_id == invitation.id for one in owed),
    )


def getting(discussion: Discussion) -> list[tuple[Invitation, Share]]:
    """The agencies that get it or its outcome, in the order they were asked."""
    shares = ((one, share(one)) for one in discussion.invitations)
    return [(one, what) for one, what in shares if what is not Share.NOTHING]


def left_out(discussion: Discussion) -> list[Invitation]:
    """Agencies that were asked and get nothing: not there, not required, nothing said, nothing to do."""
    asked = (one for one in discussion.invitations if one.user_id is None)
    return [one for one in asked if one.state is not InvitationState.WITHDRAWN and share(one) is Share.NOTHING]


def information(discussion: Discussion, reader: Invitation) -> Information:
    """What stands of the agencies' information, without others' parts that are not passed on."""
    standing = [one for one in discussion.contributions if one.replaced_by_id is None]
    kept = [
        one
        for one in standing
        if rules.passed_on(own=_own(one, reader), restricted=one.restricted, third_party=one.third_party)
    ]
    return Information(kept, list(dict.fromkeys(one.invitation.role_words for one in standing if one not in kept)))


def changed_at(discussion: Discussion) -> datetime | None:
    """When the signed record last became longer: its signature, or what was added to it since."""
    said, decided = [one.at for one in discussion.contributions], [one.at for one in discussion.decisions]
    made = [one.created_at for one in discussion.actions]
    return None if discussion.signed_at is None else max([discussion.signed_at, *said, *decided, *made])


def readings(invitation: Invitation) -> Sequence[RecordReading]:
    """Who at this agency said they have read it, oldest first."""
    return _readings([invitation.id])[invitation.id]


def lines(discussion: Discussion) -> list[Line]:
    """Each agency that gets it: told, opened, read. Three queries however many there are."""
    found = getting(discussion)
    ids = [one.id for one, _ in found]
    told, seen, read = _told(ids), second_step.looks(ids, [PAGE]), _readings(ids)
    return [
        Line(one, what, *_arrival(told[one.id]), looks=seen.get(one.id, []), readings=read[one.id])
        for one, what in found
    ]


def _own(said: Contribution, reader: Invitation) -> bool:
    """Of the same invitation, or of the same agency in another role."""
    same = reader.agency_id is not None and said.invitation.agency_id == reader.agency_id
    return same or said.invitation_id == reader.id


def _told(ids: Sequence[int]) -> Mapping[int, list[Message]]:
    sent = select(Message).where(Message.invitation_id.in_(ids), Message.reason == MessageReason.RECORD)
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for one in db.session.scalars(sent.order_by(Message.id)):
        if one.invitation_id is not None:
            found[one.invitation_id].append(one)
    return found


def _arrival(messages: Sequence[Message]) -> tuple[datetime | None, bool]:
    """When the first of them left, and whether one may still."""
    left = [one.sent_at for one in messages if one.state in _ARRIVING and one.sent_at is not None]
    return min(left, default=None), any(one.state in _GOING for one in messages)


def _readings(ids: Sequence[int]) -> defaultdict[int, list[RecordReading]]:
    said = select(RecordReading).where(RecordReading.invitation_id.in_(ids)).order_by(RecordReading.id)
    found: defaultdict[int, list[RecordReading]] = defaultdict(list)
    for one in db.session.scalars(said):
        found[one.invitation_id].append(one)
    return found
