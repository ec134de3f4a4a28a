"""Holds who is asked instead when a new time is out of a desk's hours, or in them again. Moving it is changes'."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from strategy.act import Act
from strategy.commands import invitations, inviting
from strategy.commands.inviting import Invitee
from strategy.models import Discussion, Invitation
from strategy.vocabulary import InvitationState, WithdrawReason

Part = tuple[datetime | None, datetime | None]  # from when to when somebody is needed; None, None: for all of it


def asked_at(discussion: Discussion, starts_at: datetime, ends_at: datetime) -> list[tuple[Invitation, Invitee]]:
    """Each partner asked, with who is right for that time; the part they are needed for moves along."""
    partners = [
        one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN and one.user_id is None
    ]
    by = starts_at - discussion.starts_at
    return [(one, _right(one, by, starts_at, ends_at)) for one in partners]


def take_back(discussion: Discussion, starts_at: datetime, ends_at: datetime, act: Act) -> Mapping[Invitation, Invitee]:
    """Withdraw the invitations of desks that are not asked at that time; who is to be asked instead of each."""
    found = asked_at(discussion, starts_at, ends_at)
    here = {(one.role, one.desk_id) for one, _ in found}
    wrong = {one: right for one, right in found if right.desk is not None and right.desk.id != one.desk_id}
    leaving = {one: right for one, right in wrong.items() if (one.role, right.desk and right.desk.id) not in here}
    for one in leaving:
        invitations.take_back(one, WithdrawReason.REPLACED, act)
    return leaving


def ask(discussion: Discussion, leaving: Mapping[Invitation, Invitee], act: Act) -> None:
    """Ask those at the time the discussion has by now; whose place they take remembers it."""
    for one, right in leaving.items():
        one.replaced_by = inviting.invite(discussion, right, act)


def part_of(invitation: Invitation, by: timedelta, starts_at: datetime, ends_at: datetime) -> Part:
    """When this agency is needed moves along; a part that would fall outside the new time is dropped."""
    begins, until = invitation.needed_from, invitation.needed_until
    start, end = begins + by if begins else starts_at, until + by if until else ends_at
    inside = starts_at <= start < end <= ends_at
    return (start if begins and inside else None), (end if until and inside else None)


def _right(invitation: Invitation, by: timedelta, starts_at: datetime, ends_at: datetime) -> Invitee:
    as_now = Invitee(
        invitation.role,
        invitation.required,
        desk=invitation.desk,
        person=invitation.person,
        stands_in_for=invitation.stands_in_for,
    )
    right = inviting.at_time([as_now], invitation.discussion.contact, starts_at, ends_at)[0]
    begins, until = part_of(invitation, by, starts_at, ends_at)
    return replace(right, needed_from=begins, needed_until=until)
