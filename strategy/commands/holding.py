"""Holds how a discussion is held: begun, attendance marked, finished. Why somebody was absent is absences.py's."""

from dataclasses import dataclass
from datetime import datetime

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import absences, calls, chases, events, messages, owners, starts
from strategy.models import Discussion, Invitation
from strategy.policy import parsed
from strategy.rules import presence
from strategy.rules.notice import held_early
from strategy.rules.occasion import held_problem, minute
from strategy.rules.policy import Need
from strategy.rules.quorum import QuorumResult, assess
from strategy.vocabulary import (
    DISCUSSION_MOVES,
    PRESENT,
    WAITING_MOVES,
    ActionState,
    Attendance,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    Waiting,
    may_move,
)

# Once it was held nobody needs to be asked to it any more.
_OVER = frozenset({MessageReason.INVITE, MessageReason.UPDATE, MessageReason.CHASE})


@dataclass(frozen=True, slots=True)
class Came:
    """Who was there; None where no name was taken: somebody from the desk that was asked."""

    name: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How it went. Times are aware and true, not planned; ``late_reason`` is a code of the policy's delay reasons.

    ``rest_did_not_attend``: whoever is not marked yet was not there, and is marked by what they had answered.
    ``initiated_s47`` None means that nobody said.
    """

    started_at: datetime
    ended_at: datetime
    without_quorum_reason: str | None = None
    follow_up_at: datetime | None = None
    late_reason: str | None = None
    initiated_s47: bool | None = None
    rest_did_not_attend: bool = False


def asked(discussion: Discussion) -> list[Invitation]:
    """The invitations whose attendance is to be marked: all that still stand."""
    return [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]


def not_held(discussion: Discussion) -> str | None:
    """Why those marked as there so far made no discussion, as a sentence; None when they did."""
    return presence.not_held([one.role for one in asked(discussion) if one.attendance in PRESENT])


def quorum_of(discussion: Discussion) -> QuorumResult:
    """The quorum as the attendance marked so far makes it. Reports meet no need; the chair's waivers are known."""
    standing = asked(discussion)
    return assess(
        [Need(need.code, need.words, tuple(need.roles)) for need in discussion.needs],
        present_roles={one.role for one in standing if one.attendance in PRESENT},
        waived={role for need in discussion.needs if need.waived_at for role in need.roles},
        invited={one.role for one in standing},
    )


def start(discussion: Discussion, act: Act, *, early: bool = False, began: datetime | None = None) -> None:
    """Begin it now, or when it truly ``began``, written down afterwards. It begins once: the first press counts.

    Long before the planned time it begins only if ``early`` says that this is meant: nobody was told of it.
    """
    _refuse_unless_convened(discussion)
    if discussion.started_at is not None:
        return
    if began is None and held_early(discussion.starts_at, act.at) and not early:
        raise Refused("It is planned for later. Confirm that it starts now.", "early")
    if began is not None:
        _refuse_untrue_times(discussion, Ending(began, began), act)
    discussion.started_at = began or act.at
    discussion.revision += 1
    words = "The discussion started." if began is None else f"It had started {dates.short(began)}."
    events.add(EventVerb.STARTED, words, act, discussion=discussion)


def mark(
    invitation: Invitation,
    attendance: Attendance,
    act: Act,
    *,
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    by_phone: bool = False,
    came: Came | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    """Say whether an invited role was there. Marked again, the last mark counts and both stay on the timeline.

    ``reason`` is a code of the policy's absence reasons and is kept only for somebody who was not there. Without
    times, somebody there arrived now (or at the start, once its time is over), and who left early left now. Without
    ``came`` it was whoever was marked before, or announced.
    """
    _refuse_unless_marking(invitation)
    if attendance in PRESENT:
        _there(invitation, attendance, arrived_at, left_at, act)
        _name(invitation, attendance, came)
    else:
        _absent(invitation, attendance, reason, note)
    invitation.attendance = attendance
    invitation.by_phone = by_phone and attendance in PRESENT
    _keep_held(invitation.discussion)
    events.add(
        EventVerb.ATTENDANCE_MARKED,
        f"{invitation.role_words}: {attendance.words.lower()}{' by phone' if invitation.by_phone else ''}.",
        act,
        invitation=invitation,
    )
    absences.excuse(invitation, act)
    chases.replan(invitation, act)


def clear(invitation: Invitation, act: Act) -> None:
    """Take a mark back, as long as the discussion runs. Afterwards a mark is changed, never taken back."""
    _refuse_unless_marking(invitation)
    if invitation.discussion.state is not DiscussionState.CONVENED:
        raise Refused("The discussion was held. Change what was marked instead of taking it back.", "attendance")
    if invitation.attendance is None:
        return
    starts.unmark(invitation)
    events.add(EventVerb.ATTENDANCE_MARKED, f"{invitation.role_words}: mark taken back.", act, invitation=invitation)
    chases.replan(invitation, act)


def finish(discussion: Discussion, ending: Ending, act: Act) -> QuorumResult:
    """End it: quorum is computed and kept, waiting ends, chasing turns to who was not there, actions go out.

    Missing quorum never blocks: it asks for a reason and a follow-up (domain section 4). Where nobody met there is
    nothing to end. Raises Refused at the field that lacks something.
    """
    _refuse_unless_convened(discussion)
    _refuse_untrue_times(discussion, ending, act)
    _mark_rest(discussion, ending, act)
    if (why := not_held(discussion)) is not None:
        raise Refused(f"{why}. Mark who was there, or move it or stand it down")
    quorum = quorum_of(discussion)
    if quorum.needs_reason:
        _refuse_without_follow_up(quorum, ending, act)
    _end(discussion, ending, quorum)
    _end_waiting(discussion)
    events.add(EventVerb.HELD, f"Held. {quorum.words}", act, discussion=discussion)
    _stop_asking(discussion, act)
    for one in asked(discussion):
        absences.excuse(one, act)
    for action in discussion.actions:
        if action.state is ActionState.OPEN:
            owners.tell(action, act)
    return quorum


def _there(
    invitation: Invitation, attendance: Attendance, arrived_at: datetime | None, left_at: datetime | None, act: Act
) -> None:
    discussion = invitation.discussion
    over = discussion.state is not DiscussionState.CONVENED or act.at >= discussion.ends_at
    usual = discussion.started_at if over and discussion.started_at else act.at
    arrived, left = arrived_at or invitation.arrived_at or usual, left_at
    if left is None and attendance is Attendance.IN_PART:
        left = invitation.left_at or discussion.ended_at or act.at
    if not minute(discussion.contact.received_at) <= arrived <= act.at:
        raise Refused("The time they joined must be in the past, and after the contact came in", "arrived_at")
    if left is not None and left > act.at:
        raise Refused("The time they left must be in the past", "left_at")
    if left is not None and left < minute(arrived):
        raise Refused("The time they left must be after the time they joined", "left_at")
    invitation.arrived_at, invitation.left_at = arrived, left
    invitation.absence_reason = invitation.absence_note = invitation.absence_explained_at = None


def _name(invitation: Invitation, attendance: Attendance, came: Came | None) -> None:
    """Who was there. Somebody announced to come in person is not their own deputy: then no name was taken."""
    announced = Came(invitation.attendee_name, invitation.attendee_role)
    if came is None:
        came = Came(invitation.came_name, invitation.came_role) if invitation.attendance in PRESENT else announced
    if attendance is Attendance.DEPUTY and invitation.state is not InvitationState.DEPUTY and came == announced:
        came = Came(None, None)
    invitation.came_name, invitation.came_role = came.name, came.role


def _absent(invitation: Invitation, attendance: Attendance, reason: str | None, note: str | None) -> None:
    absences.refuse_unknown(invitation.discussion, reason)
    if attendance is Attendance.APOLOGIES and invitation.attendance is None and reason is None:
        reason = absences.unseen(invitation).code
    invitation.arrived_at = invitation.left_at = None
    invitation.came_name = invitation.came_role = None
    invitation.absence_reason, invitation.absence_note = reason, note


def _keep_held(discussion: Discussion) -> None:
    """A mark put right after the end puts the kept quorum right. It cannot undo that somebody met."""
    if discussion.state is DiscussionState.CONVENED:
        return
    if (why := not_held(discussion)) is not None:
        raise Refused(f"{why}, and it is recorded as held. Mark first who was there", "attendance")
    discussion.quorum_met = quorum_of(discussion).met


def _refuse_unless_convened(discussion: Discussion) -> None:
    if not may_move(DISCUSSION_MOVES, discussion.state, DiscussionState.HELD):
        raise Refused(f"This discussion is already {discussion.state.words.lower()}.")


def _refuse_unless_marking(invitation: Invitation) -> None:
    discussion = invitation.discussion
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("This invitation was withdrawn.", "attendance")
    if discussion.state is DiscussionState.SIGNED:
        raise Refused("The record is signed. Attendance can no longer be changed.", "attendance")
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down.", "attendance")
    if discussion.started_at is None:
        raise Refused("Start the discussion first.", "attendance")


def _refuse_untrue_times(discussion: Discussion, ending: Ending, act: Act) -> None:
    found = held_problem(ending.started_at, ending.ended_at, discussion.contact.received_at, act.at)
    if found is not None:
        raise Refused(found.reason, found.field)


def _mark_rest(discussion: Discussion, ending: Ending, act: Act) -> None:
    if discussion.started_at is None:
        raise Refused("Say first when it started, and who was there")
    unmarked = [one for one in asked(discussion) if one.attendance is None]
    if unmarked and not ending.rest_did_not_attend:
        roles = ", ".join(one.role_words for one in unmarked)
        raise Refused(f"Say who was there. Not marked yet: {roles}.", "rest_did_not_attend")
    for one in unmarked:
        absent = absences.unseen(one)
        mark(one, absent.attendance, act, reason=absent.code)


def _refuse_without_follow_up(quorum: QuorumResult, ending: Ending, act: Act) -> None:
    if not ending.without_quorum_reason:
        raise Refused(f"{quorum.words} Say why it went ahead.", "without_quorum_reason")
    if ending.follow_up_at is None:
        raise Refused("Say when it is followed up with those who were missing", "follow_up_at")
    if ending.follow_up_at <= act.at:
        raise Refused("The follow-up must be in the future", "follow_up_at")


def _late_reason(discussion: Discussion, ending: Ending) -> str | None:
    """The reason for our own delay: asked for when the true start was past the target, dropped when it was not."""
    if ending.started_at <= discussion.due_at:
        return None
    reason = ending.late_reason or discussion.late_reason
    if not reason:
        raise Refused("It started past its target. Say why", "late_reason")
    if reason not in parsed(discussion.policy.text).delay_reasons:
        raise Refused("Choose a reason from the list", "late_reason")
    return reason


def _end(discussion: Discussion, ending: Ending, quorum: QuorumResult) -> None:
    discussion.late_reason = _late_reason(discussion, ending)
    discussion.state = DiscussionState.HELD
    discussion.started_at, discussion.ended_at = ending.started_at, ending.ended_at
    discussion.quorum_met = quorum.met
    discussion.without_quorum_reason = ending.without_quorum_reason if quorum.needs_reason else None
    discussion.follow_up_at = ending.follow_up_at
    discussion.initiated_s47 = ending.initiated_s47
    discussion.revision += 1


def _end_waiting(discussion: Discussion) -> None:
    """The children no longer wait. A further discussion on the same contact changes nothing here."""
    contact = discussion.contact
    if may_move(WAITING_MOVES, contact.state, Waiting.HELD):
        contact.state = Waiting.HELD
        contact.held_at = discussion.started_at
        contact.revision += 1


def _stop_asking(discussion: Discussion, act: Act) -> None:
    messages.void(act, discussion=discussion, reasons=_OVER)
    for one in discussion.invitations:
        calls.void(one, act)
    chases.replan_all(discussion, act)
