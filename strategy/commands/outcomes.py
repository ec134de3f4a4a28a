"""Holds what the end of a discussion settles: quorum or exception, the follow-up owed, lateness, agreement, enquiry.

It marks nobody and sends nothing: that is holding.py's, which alone calls it.
"""

from dataclasses import dataclass
from datetime import datetime

from strategy.act import Act, Refused
from strategy.commands import agreements, enquiries, exceptions, series
from strategy.models import Discussion, User
from strategy.policy import parsed
from strategy.rules.occasion import held_problem
from strategy.rules.quorum import QuorumResult
from strategy.vocabulary import DiscussionState, FollowUpState, QuorumOutcome

_MET_AFTER_ALL = "Attendance was put right: the quorum was met"


@dataclass(frozen=True, slots=True)
class Ending:
    """How it went. Times are aware and true, not planned; ``late_reason`` is a code of the policy's delay reasons.

    ``rest_did_not_attend``: whoever is not marked yet was not there, and is marked by what they had answered.
    ``initiated_s47`` None means that nobody said.
    ``authoriser``: the manager under whose emergency exception it went ahead, where none was recorded before; then
    ``without_quorum_reason`` is theirs, and policy says when it is followed up.
    """

    started_at: datetime
    ended_at: datetime
    without_quorum_reason: str | None = None
    follow_up_at: datetime | None = None
    late_reason: str | None = None
    initiated_s47: bool | None = None
    rest_did_not_attend: bool = False
    authoriser: User | None = None
    without_agreement_reason: str | None = None


def refuse_untrue_times(discussion: Discussion, ending: Ending, act: Act) -> None:
    """Raise Refused for times that cannot be true."""
    found = held_problem(ending.started_at, ending.ended_at, discussion.contact.received_at, act.at)
    if found is not None:
        raise Refused(found.reason, found.field)


def settle(discussion: Discussion, ending: Ending, quorum: QuorumResult, act: Act) -> None:
    """Write down how it ended. Missing quorum never blocks: a manager's exception or the chair's reason. Raises Refused
    at the field that lacks something.
    """
    late = _late_reason(discussion, ending)
    without_agreement = agreements.refuse_open(discussion, ending.without_agreement_reason)
    _answer_for(discussion, ending, quorum, act)
    discussion.late_reason, discussion.without_agreement_reason = late, without_agreement
    discussion.state = DiscussionState.HELD
    discussion.started_at, discussion.ended_at = ending.started_at, ending.ended_at
    keep_quorum(discussion, quorum)
    discussion.without_quorum_reason = _why(discussion, ending) if quorum.needs_reason else None
    discussion.revision += 1


def follow(discussion: Discussion, ending: Ending, quorum: QuorumResult, act: Act) -> None:
    """What follows once it is held: a follow-up owed is met, one of its own may be owed, an enquiry begun."""
    series.hold(discussion, act)
    excepted = discussion.quorum_outcome is QuorumOutcome.EXCEPTION
    if excepted and (series.policy_has_follow_up(discussion) or ending.follow_up_at is None):
        discussion.follow_up_at = series.owe_by_policy(discussion, ending.started_at, act).due_at
    elif quorum.needs_reason and ending.follow_up_at is not None:
        series.owe_by_chair(discussion, ending.started_at, ending.follow_up_at, act)
        discussion.follow_up_at = ending.follow_up_at
    discussion.initiated_s47 = ending.initiated_s47
    if ending.initiated_s47 or (ending.initiated_s47 is None and enquiries.decided(discussion)):
        enquiries.begin(discussion, act)


def keep_quorum(discussion: Discussion, quorum: QuorumResult) -> None:
    """Keep what the marks make of the quorum, now and when one is put right later."""
    discussion.quorum_outcome = quorum.outcome(excepted=discussion.exception is not None)
    discussion.quorum_met = discussion.quorum_outcome is QuorumOutcome.MET


def keep_follow_up(discussion: Discussion, act: Act) -> None:
    """A mark put right later: a quorum that was there after all owes no follow-up, and one that was not does again."""
    owed = discussion.follow_up
    if owed is None:
        _owe_after_all(discussion, act)
        return
    if discussion.quorum_met and owed.state is FollowUpState.DUE:
        series.not_needed(owed, _MET_AFTER_ALL, act)
    elif not discussion.quorum_met and owed.ended_reason == _MET_AFTER_ALL:
        series.reopen(owed, act)


def _owe_after_all(discussion: Discussion, act: Act) -> None:
    """It ended quorate, and a mark put right made it an exception: the follow-up is owed from its true start."""
    excepted = discussion.quorum_outcome is QuorumOutcome.EXCEPTION
    if excepted and discussion.started_at is not None and series.policy_has_follow_up(discussion):
        discussion.follow_up_at = series.owe_by_policy(discussion, discussion.started_at, act).due_at


def _answer_for(discussion: Discussion, ending: Ending, quorum: QuorumResult, act: Act) -> None:
    """Somebody was missing: an exception recorded before or now, else the chair's reason and a date to come."""
    if not quorum.needs_reason:
        return
    if ending.authoriser is not None:
        _grant(discussion, ending.authoriser, ending, act)
    if discussion.exception is not None:
        return
    if not ending.without_quorum_reason:
        raise Refused(f"{quorum.words} Say why it went ahead.", "without_quorum_reason")
    if ending.follow_up_at is None:
        raise Refused("Say when it is followed up with those who were missing", "follow_up_at")
    if ending.follow_up_at <= act.at:
        raise Refused("The follow-up must be in the future", "follow_up_at")


def _grant(discussion: Discussion, authoriser: User, ending: Ending, act: Act) -> None:
    try:
        exceptions.grant(discussion, authoriser, ending.without_quorum_reason or "", act)
    except Refused as refused:
        field = "without_quorum_reason" if refused.field == "reason" else refused.field
        raise Refused(refused.reason, field) from None


def _why(discussion: Discussion, ending: Ending) -> str | None:
    excepted = discussion.exception
    return excepted.reason if excepted is not None else ending.without_quorum_reason


def _late_reason(discussion: Discussion, ending: Ending) -> str | None:
    """The reason for our own delay: asked for when the true start was past the target, dropped when it was not."""
    if not discussion.is_late(ending.started_at):
        return None
    reason = ending.late_reason or discussion.late_reason
    if not reason:
        raise Refused("It started past its target. Say why", "late_reason")
    if reason not in parsed(discussion.policy.text).delay_reasons:
        raise Refused("Choose a reason from the list", "late_reason")
    return reason
