"""Holds how a discussion is held: begun, attendance marked, finished. Why somebody was absent is absences.py's."""

from dataclasses import dataclass
from datetime import datetime

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import absences, calls, chases, events, messages, outcomes, owners, starts
from strategy.commands.outcomes import Ending as Ending  # what finish and mark take; callers know them by this room
from strategy.commands.outcomes import GoingAhead as GoingAhead
from strategy.models import Discussion, Invitation
from strategy.policy import parsed
from strategy.rules import presence
from strategy.rules.notice import held_early
from strategy.rules.occasion import minute
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
    QuorumOutcome,
    Waiting,
    may_move,
)

# Once it was held nobody needs to be asked to it any more.
_OVER = frozenset(
    {
        MessageReason.INVITE,
        MessageReason.UPDATE,
        MessageReason.CHASE,
        MessageReason.REMINDER,
        MessageReason.NOT_JOINED,
        MessageReason.COURSE,
    }
)


@dataclass(frozen=True, slots=True)
class Came:
    """Who was there; None where no name was taken: somebody from the desk that was asked."""

    name: str | None
    role: str | None


def asked(discussion: Discussion) -> list[Invitation]:
    """The invitations whose attendance is to be marked: all that still stand."""
    return [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]


def not_held(discussion: Discussion) -> str | None:
    """Why those marked as there so far made no discussion, as a sentence; None when they did."""
    return presence.not_held([one.role for one in asked(discussion) if one.attendance in PRESENT])


def quorum_of(discussion: Discussion, without: Invitation | None = None) -> QuorumResult:
    """The quorum as the attendance marked so far makes it. Reports meet no need; the chair's waivers are known.

    ``without``: as if that one had not been there.
    """
    standing = asked(discussion)
    return assess(
        [Need(need.code, need.words, tuple(need.roles)) for need in discussion.needs],
        present_roles={one.role for one in standing if one.attendance in PRESENT and one is not without},
        waived={role for need in discussion.needs if need.waived_at for role in need.roles},
        invited={one.role for one in standing},
    )


def asks_why(invitation: Invitation) -> bool:
    """Whether to mark that this role was not there, after the end, asks why it went ahead without its quorum, or when
    it is followed up.
    """
    discussion = invitation.discussion
    excepted = discussion.exception is not None
    if discussion.state is not DiscussionState.HELD or (excepted and not outcomes.asks_date(discussion, excepted=True)):
        return False
    return outcomes.asks_why(discussion, quorum_of(discussion), quorum_of(discussion, without=invitation))


def start(discussion: Discussion, act: Act, *, early: bool = False, began: datetime | None = None) -> None:
    """Begin it now, or when it truly ``began``, written down afterwards. It begins once: the first press counts.

    Long before the planned time it begins only if ``early`` says that this is meant: nobody was told of it.
    """
    _refuse_unless_convened(discussion)
    if discussion.started_at is not None:
        return
    least = parsed(discussion.policy.text).chase.least_notice
    if began is None and held_early(discussion.starts_at, act.at, least) and not early:
        raise Refused("It is planned for later. Confirm that it starts now.", "early")
    if began is not None:
        outcomes.refuse_untrue_times(discussion, Ending(began, began), act)
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
    why: GoingAhead | None = None,
) -> None:
    """Say whether an invited role was there. Marked again, the last mark counts and both stay on the timeline.

    ``reason`` is a code of the policy's absence reasons and is kept only for somebody who was not there. Without
    times, somebody there arrived now (or at the start, once its time is over), and who left early left now. Without
    ``came`` it was whoever was marked before, or announced. ``why`` is asked for where ``asks_why`` says so.
    """
    _refuse_unless_marking(invitation)
    before = quorum_of(invitation.discussion)
    if attendance in PRESENT:
        _there(invitation, attendance, arrived_at, left_at, act)
        _name(invitation, attendance, came)
    else:
        _absent(invitation, attendance, reason, note)
    invitation.attendance = attendance
    invitation.by_phone = by_phone and attendance in PRESENT
    _keep_held(invitation.discussion, before, why or GoingAhead(), act)
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

    Missing quorum never blocks: it asks for a manager's exception, or a reason and a follow-up (domain section 4).
    Where nobody met there is nothing to end. Raises Refused at the field that lacks something.
    """
    _refuse_unless_convened(discussion)
    outcomes.refuse_untrue_times(discussion, ending, act)
    _mark_rest(discussion, ending, act)
    if (why := not_held(discussion)) is not None:
        raise Refused(f"{why}. Mark who was there, or move it or stand it down")
    quorum = quorum_of(discussion)
    outcomes.settle(discussion, ending, quorum, act)
    _end_waiting(discussion)
    excepted = " Emergency exception." if discussion.quorum_outcome is QuorumOutcome.EXCEPTION else ""
    events.add(EventVerb.HELD, f"Held. {quorum.words}{excepted}", act, discussion=discussion)
    outcomes.follow(discussion, ending, quorum, act)
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


def _keep_held(discussion: Discussion, before: QuorumResult, why: GoingAhead, act: Act) -> None:
    """A mark put right after the end puts the kept quorum right, and what follows. It cannot undo that somebody met."""
    if discussion.state is DiscussionState.CONVENED:
        return
    if (nobody := not_held(discussion)) is not None:
        raise Refused(f"{nobody}, and it is recorded as held. Mark first who was there", "attendance")
    outcomes.put_right(discussion, before, quorum_of(discussion), why, act)


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
