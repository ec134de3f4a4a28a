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
class GoingAhead:
    """Why a discussion went ahead without its quorum, and what follows.

    ``authoriser``: the manager under whose emergency exception it did, where none was recorded before; then ``reason``
    is theirs, and policy says when it is followed up. Otherwise the chair's reason, and ``follow_up_at`` theirs.
    """

    reason: str | None = None
    follow_up_at: datetime | None = None
    authoriser: User | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How it went. Times are aware and true, not planned; ``late_reason`` is a code of the policy's delay reasons.

    ``rest_did_not_attend``: whoever is not marked yet was not there, and is marked by what they had answered.
    ``initiated_s47`` None means that nobody said.
    ``without_quorum_reason``, ``follow_up_at`` and ``authoriser`` are a ``GoingAhead``'s.
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

    @property
    def going_ahead(self) -> GoingAhead:
        """Why it went ahead without its quorum, where it did."""
        return GoingAhead(self.without_quorum_reason, self.follow_up_at, self.authoriser)


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
    if quorum.needs_reason:
        _answer_for(discussion, ending.going_ahead, quorum, act)
    discussion.late_reason, discussion.without_agreement_reason = late, without_agreement
    discussion.state = DiscussionState.HELD
    discussion.started_at, discussion.ended_at = ending.started_at, ending.ended_at
    keep_quorum(discussion, quorum)
    discussion.without_quorum_reason = _why(discussion, ending.going_ahead) if quorum.needs_reason else None
    discussion.revision += 1


def follow(discussion: Discussion, ending: Ending, quorum: QuorumResult, act: Act) -> None:
    """What follows once it is held: a follow-up owed is met, one of its own may be owed, an enquiry begun."""
    series.hold(discussion, act)
    if quorum.needs_reason or discussion.emergency:
        _owe(discussion, ending.follow_up_at, act)
    discussion.initiated_s47 = ending.initiated_s47
    if ending.initiated_s47 or (ending.initiated_s47 is None and enquiries.decided(discussion)):
        enquiries.begin(discussion, act)


def keep_quorum(discussion: Discussion, quorum: QuorumResult) -> None:
    """Keep what the marks make of the quorum, now and when one is put right later."""
    discussion.quorum_outcome = quorum.outcome(excepted=discussion.exception is not None)
    discussion.quorum_met = discussion.quorum_outcome is QuorumOutcome.MET


def put_right(discussion: Discussion, before: QuorumResult, after: QuorumResult, why: GoingAhead, act: Act) -> None:
    """A mark put right after the end: keep the quorum it makes, and what follows.

    A quorum that was there after all owes no follow-up. One that was not is asked for what holding it would have asked,
    unless that was answered before. Raises Refused at the field that lacks something.
    """
    asked = asks_why(discussion, before, after)
    if asked:
        _answer_for(discussion, why, after, act)
    keep_quorum(discussion, after)
    owed = discussion.follow_up
    if asked:
        discussion.without_quorum_reason = _why(discussion, why)
        _owe(discussion, why.follow_up_at, act)
    elif owed is not None and discussion.quorum_met and owed.state is FollowUpState.DUE and not discussion.emergency:
        series.not_needed(owed, _MET_AFTER_ALL, act, waived=False)
    elif owed is not None and not discussion.quorum_met and owed.ended_reason == _MET_AFTER_ALL:
        series.reopen(owed, act)


def asks_why(discussion: Discussion, before: QuorumResult, after: QuorumResult) -> bool:
    """Whether a mark put right, which makes the quorum ``after`` of ``before``, leaves to be said why it went ahead."""
    lost = after.needs_reason and not before.needs_reason
    answered = discussion.without_quorum_reason is not None and discussion.follow_up is not None
    return lost and not answered


def asks_date(discussion: Discussion, *, excepted: bool) -> bool:
    """Whether somebody has to say when it is followed up: policy does, for an emergency, where it can."""
    return not ((excepted or discussion.emergency) and series.policy_has_follow_up(discussion))


def _answer_for(discussion: Discussion, why: GoingAhead, quorum: QuorumResult, act: Act) -> None:
    """Somebody was missing: an exception recorded before or now, else the chair's reason; and a date to come, where
    policy has none of its own.
    """
    excepted = why.authoriser is not None or discussion.exception is not None
    if not excepted and not why.reason:
        raise Refused(f"{quorum.words} Say why it went ahead.", "without_quorum_reason")
    if asks_date(discussion, excepted=excepted):
        _refuse_date(why.follow_up_at, act, excepted=excepted)
    if why.authoriser is not None:
        _grant(discussion, why.authoriser, why, act)


def _refuse_date(follow_up_at: datetime | None, act: Act, *, excepted: bool) -> None:
    if follow_up_at is None and excepted:
        words = "Policy has no target for the follow-up of an emergency. Say when it is followed up"
        raise Refused(words, "follow_up_at")
    if follow_up_at is None:
        raise Refused("Say when it is followed up with those who were missing", "follow_up_at")
    if follow_up_at <= act.at:
        raise Refused("The follow-up must be in the future", "follow_up_at")


def _owe(discussion: Discussion, follow_up_at: datetime | None, act: Act) -> None:
    """Owe its follow-up from its true start, after an out-of-hours emergency by phone from its true end: by policy
    where it can, else by the date given.
    """
    excepted = discussion.quorum_outcome is QuorumOutcome.EXCEPTION
    began = discussion.started_at or discussion.starts_at
    if discussion.emergency:
        began = discussion.ended_at or began
    if not asks_date(discussion, excepted=excepted):
        discussion.follow_up_at = series.owe_by_policy(discussion, began, act).due_at
    elif follow_up_at is not None:
        discussion.follow_up_at = series.owe_by_chair(discussion, began, follow_up_at, act).due_at


def _grant(discussion: Discussion, authoriser: User, why: GoingAhead, act: Act) -> None:
    try:
        exceptions.grant(discussion, authoriser, why.reason or "", act, held=True)
    except Refused as refused:
        field = "without_quorum_reason" if refused.field == "reason" else refused.field
        raise Refused(refused.reason, field) from None


def _why(discussion: Discussion, why: GoingAhead) -> str | None:
    excepted = discussion.exception
    return excepted.reason if excepted is not None else why.reason


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
