"""Holds why a role was not there: said before, explained after, or our own doing. Marking is in holding.py."""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import chases, events
from strategy.models import Discussion, Invitation
from strategy.policy import parsed
from strategy.queries import refusals
from strategy.rules import notice, presence
from strategy.vocabulary import PRESENT, Attendance, DiscussionState, EventVerb

_OVER = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


@dataclass(frozen=True, slots=True)
class Absent:
    """What a role that was not there is recorded as. ``code`` is one of the policy's absence reasons, ``reason`` it in
    words; None where none was given."""

    attendance: Attendance
    code: str | None = None
    reason: str | None = None


def unseen(invitation: Invitation) -> Absent:
    """What a role nobody has marked is recorded as, if it was not there: by its answer, with the reason it gave."""
    reported = any(one.invitation_id == invitation.id for one in invitation.discussion.contributions)
    found = presence.unseen(invitation.state, reported=reported)
    return Absent(found, refusals.code(invitation), refusals.coded(invitation))


def explain(invitation: Invitation, reason_code: str, note: str | None, act: Act) -> None:
    """Say why a role that should have come did not; that ends the chasing after it. Possible once it is signed, too."""
    if invitation.discussion.state not in _OVER:
        raise Refused("An absence can be explained once the discussion was held.", "reason")
    if invitation.attendance is None or invitation.attendance in PRESENT:
        raise Refused("They were there. There is no absence to explain.", "reason")
    if not reason_code:
        raise Refused("Choose the reason", "reason")
    refuse_unknown(invitation.discussion, reason_code)
    _explained(invitation, reason_code, note, act)


def excuse(invitation: Invitation, act: Act) -> None:
    """Set the reason by itself where an agency could not have come: held early, or told only minutes before.

    Does nothing where a reason is given, or where the policy the discussion keeps has no such reason.
    """
    discussion = invitation.discussion
    if invitation.attendance is not Attendance.DID_NOT_ATTEND or invitation.absence_reason or invitation.user_id:
        return
    if discussion.state not in _OVER or discussion.started_at is None:
        return
    code = notice.our_doing(discussion.starts_at, discussion.started_at, invitation.chased_from)
    if code is not None and code in parsed(discussion.policy.text).absence_reasons:
        _explained(invitation, code, None, act)


def refuse_unknown(discussion: Discussion, reason: str | None) -> None:
    """Raise Refused for a reason that the discussion's policy does not have."""
    if reason is not None and reason not in parsed(discussion.policy.text).absence_reasons:
        raise Refused("Choose a reason from the list", "reason")


def _explained(invitation: Invitation, code: str, note: str | None, act: Act) -> None:
    invitation.absence_reason, invitation.absence_note = code, note
    invitation.absence_explained_at = act.at
    words = parsed(invitation.discussion.policy.text).absence_reasons[code]
    events.add(
        EventVerb.ABSENCE_EXPLAINED,
        f"{invitation.role_words}: absence explained ({words}).",
        act,
        invitation=invitation,
        facts={"reason": code},
    )
    chases.replan(invitation, act)
