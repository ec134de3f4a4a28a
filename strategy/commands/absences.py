"""Holds why a role was not there: said before, explained after, or our own doing. Marking is in holding.py."""

from dataclasses import dataclass

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import calls, chases, events
from strategy.models import Discussion, Invitation
from strategy.policy import parsed
from strategy.queries import absences as reasons
from strategy.queries import ladders, refusals, rungs
from strategy.rules import notice, presence
from strategy.vocabulary import PRESENT, Attendance, DiscussionState, EventVerb, Via

_OVER = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})
_UNREACHED = "unreached"


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
    """Say why a role that should have come did not; that ends the chasing after it. Possible once it is signed, too.

    An agency speaks for itself by its link, of what it can know, and not over what staff have written down.
    """
    if invitation.discussion.state not in _OVER:
        raise Refused("An absence can be explained once the discussion was held.", "reason")
    if invitation.attendance is None or invitation.attendance in PRESENT:
        raise Refused("They were there. There is no absence to explain.", "reason")
    if not reason_code:
        raise Refused("Choose the reason", "reason")
    refuse_unknown(invitation.discussion, reason_code)
    if act.via is Via.LINK:
        _refuse_by_link(invitation, reason_code)
        if invitation.absence_note and not reasons.said_by_link(invitation):
            note = "\n".join([invitation.absence_note, *([note] if note else [])])
    calls.drop(invitation, _UNREACHED, act)
    _explained(invitation, reason_code, note, act)


def excuse(invitation: Invitation, act: Act) -> None:
    """Set the reason by itself where an agency could not have come: never reached, held early, told minutes before.

    Sets none where one is given, or where the policy the discussion keeps has no such reason. An agency no message has
    reached is not written to again: somebody is asked to ring.
    """
    discussion = invitation.discussion
    if invitation.attendance is not Attendance.DID_NOT_ATTEND:
        calls.drop(invitation, _UNREACHED, act)
        return
    if invitation.absence_reason or invitation.user_id or discussion.state not in _OVER:
        return
    code = ladders.beyond_them(invitation)
    if code is not None and code in parsed(discussion.policy.text).absence_reasons:
        _explained(invitation, code, None, act)
    if code == notice.UNDELIVERED:
        because = "No message about it ever reached them: tell them what was decided, and put their address right"
        whom = rungs.asked(invitation, act.at)
        calls.ask(invitation, whom.words, whom.phone, because, act, key=_UNREACHED)


def refuse_unknown(discussion: Discussion, reason: str | None) -> None:
    """Raise Refused for a reason that the discussion's policy does not have."""
    if reason is not None and reason not in parsed(discussion.policy.text).absence_reasons:
        raise Refused("Choose a reason from the list", "reason")


def _refuse_by_link(invitation: Invitation, reason: str) -> None:
    if reason in notice.OURS_TO_SAY:
        raise Refused("Choose a reason from the list", "reason")
    if not reasons.open_to_link(invitation):
        ring = display_phone(invitation.discussion.authority.phone)
        raise Refused(f"A reason is recorded already. Ring {ring} if it is wrong.")


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
