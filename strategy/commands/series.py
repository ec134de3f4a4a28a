"""Holds the follow-ups owed after discussions held without quorum, and the clock of a further discussion on a contact.

Shared by booking, holding, changes and inviting pages. The contact's own wait ended with the first discussion and is
never opened again by a follow-up.
"""

from dataclasses import dataclass
from datetime import datetime

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Contact, Discussion, FollowUp
from strategy.policy import calendar_of, parsed
from strategy.queries.clocks import last_held
from strategy.queries.follow_ups import Owed, asked_after, due_next
from strategy.rules.targets import deadline
from strategy.vocabulary import (
    FOLLOW_UP_MOVES,
    DiscussionKind,
    DiscussionState,
    EventVerb,
    FollowUpState,
    Waiting,
    may_move,
)

_EMERGENCY = "emergency-follow-up"
_ONLY_FIRST = frozenset({DiscussionKind.INITIAL})
_ONLY_LATER = frozenset({DiscussionKind.FOLLOW_UP, DiscussionKind.FINAL})


@dataclass(frozen=True, slots=True)
class Clock:
    """By when a discussion is to be held, and by what rule. ``targeted`` False: only a date was agreed."""

    started_at: datetime
    warn_at: datetime | None
    due_at: datetime
    rule: str
    source: str
    urgent: bool
    targeted: bool = True


def kinds(contact: Contact) -> tuple[DiscussionKind, ...]:
    """The kinds that can come at this place of the series, the usual one of a further discussion first."""
    barred = _ONLY_LATER if last_held(contact) is None else _ONLY_FIRST
    return tuple(kind for kind in DiscussionKind if kind not in barred)


def refuse_kind(contact: Contact, kind: DiscussionKind) -> None:
    """Raise Refused where this kind of discussion cannot come at this place of the series."""
    if last_held(contact) is None:
        if kind in _ONLY_LATER:
            raise Refused("No discussion has been held on this contact yet: choose another kind", "kind")
        return
    if kind in _ONLY_FIRST:
        raise Refused("The first discussion was held already: this is a follow-up", "kind")
    booked = [one for one in contact.discussions if one.state is DiscussionState.CONVENED]
    if booked:
        raise Refused(f"{booked[0].reference} is booked already on this contact. Move it, or hold it first")


def clock_of(contact: Contact, starts_at: datetime, now: datetime) -> Clock:
    """The contact's own clock for its first discussion; afterwards that of what is owed next, or no target at all."""
    if contact.state is not Waiting.HELD:
        return _first(contact)
    owed = due_next(contact)
    if owed is None:
        agreed = "Agreed date", "No target: nobody owes this discussion"
        return Clock(now, None, starts_at, *agreed, urgent=False, targeted=False)
    return _clock(owed)


def policy_has_follow_up(discussion: Discussion) -> bool:
    """Whether the policy it keeps says by when an emergency is followed up."""
    return _EMERGENCY in parsed(discussion.policy.text).targets


def owe_by_policy(discussion: Discussion, began_at: datetime, act: Act) -> FollowUp:
    """Book the follow-up target of an emergency discussion by itself: its clock starts when that one began.

    Raises UnknownTarget where the policy it keeps has no such target: ``policy_has_follow_up`` is asked first.
    """
    policy = parsed(discussion.policy.text)
    due = deadline(_EMERGENCY, began_at, policy, calendar_of(discussion.policy.text))
    warn = due.warn_at if isinstance(due.warn_at, datetime) else None
    clock = Clock(due.clock_started_at, warn, due.due_moment, due.rule, due.source, due.urgent)
    return _owe(discussion, clock, act)


def owe_by_chair(discussion: Discussion, began_at: datetime, due_at: datetime, act: Act) -> FollowUp:
    """The chair's own date for it, where no exception was authorised."""
    clock = Clock(began_at, None, due_at, "The chair’s date", f"{discussion.chair.full_name}, as it ended", False)
    return _owe(discussion, clock, act)


def book(discussion: Discussion, act: Act) -> None:
    """Let everything owed on the contact be met by this discussion."""
    for owed in _open(discussion.contact):
        if may_move(FOLLOW_UP_MOVES, owed.state, FollowUpState.BOOKED):
            owed.state, owed.by = FollowUpState.BOOKED, discussion
            _tell(owed, f"The follow-up owed is booked: {dates.short(discussion.starts_at)}", discussion, act)


def hold(discussion: Discussion, act: Act) -> None:
    """It was held: what it was booked for is owed no more."""
    for owed in discussion.contact.follow_ups:
        if owed.by is discussion and may_move(FOLLOW_UP_MOVES, owed.state, FollowUpState.HELD):
            owed.state, owed.ended_at, owed.ended_by = FollowUpState.HELD, act.at, act.by
            _tell(owed, f"The follow-up owed after {owed.after.reference} was held", discussion, act)


def free(discussion: Discussion, act: Act) -> None:
    """It was stood down: what it was booked for is due again, by the same time."""
    for owed in discussion.contact.follow_ups:
        if owed.by is discussion and may_move(FOLLOW_UP_MOVES, owed.state, FollowUpState.DUE):
            owed.state, owed.by = FollowUpState.DUE, None
            _tell(owed, f"The follow-up is due again, by {dates.short(owed.due_at)}", discussion, act)


def not_needed(owed: FollowUp, reason: str, act: Act, *, waived: bool = True) -> None:
    """Say that no follow-up is needed any more, and why; where it follows the last one held, nothing else is owed
    either. ``waived`` False: nobody said so, the quorum was there after all. Raises Refused.
    """
    if not may_move(FOLLOW_UP_MOVES, owed.state, FollowUpState.NOT_NEEDED):
        raise Refused(f"{owed.state.words}: stand that discussion down first, or leave it as it is")
    if not reason.strip():
        raise Refused("Say why no follow-up is needed", "reason")
    owed.state, owed.ended_at, owed.ended_by = FollowUpState.NOT_NEEDED, act.at, act.by
    owed.ended_reason, owed.waived = reason.strip(), waived
    _tell(owed, f"No follow-up is needed after {owed.after.reference}", owed.after, act)


def none_after(discussion: Discussion, reason: str, act: Act) -> None:
    """Say that what policy asks for after this discussion, the last held, is not needed, and why. Raises Refused.

    It is kept as a follow-up of the discussion that nobody needs: ``reopen`` makes it due again, by the same time.
    """
    asked = asked_after(discussion)
    if asked is None:
        raise Refused("Policy asks for no further discussion after this one")
    if asked.is_booked and asked.booked is not None:
        raise Refused(f"{asked.booked.reference} is booked for it: stand that discussion down first")
    if not reason.strip():
        raise Refused("Say why no follow-up is needed", "reason")
    owed = discussion.follow_up or _row(discussion, _clock(asked))
    owed.state = FollowUpState.DUE
    not_needed(owed, reason, act)


def reopen(owed: FollowUp, act: Act) -> None:
    """Undo that: it is due, by the same time as before. Raises Refused."""
    if not may_move(FOLLOW_UP_MOVES, owed.state, FollowUpState.DUE) or owed.by is not None:
        raise Refused("This follow-up is due already, or was held")
    _make_due(owed)
    _tell(owed, f"The follow-up is due after all, by {dates.short(owed.due_at)}", owed.after, act)


def _first(contact: Contact) -> Clock:
    if contact.clock_started_at is None or contact.due_at is None:
        raise Refused("Decide the contact first: its clock has no target yet")
    rule, source = contact.rule or "", contact.rule_source or ""
    return Clock(contact.clock_started_at, contact.warn_at, contact.due_at, rule, source, contact.urgent)


def _open(contact: Contact) -> list[FollowUp]:
    return [one for one in contact.follow_ups if one.state is FollowUpState.DUE]


def _owe(discussion: Discussion, clock: Clock, act: Act) -> FollowUp:
    """Owe it by that clock: also where a row said before that none was needed. One booked or held already stays so."""
    owed = discussion.follow_up or _row(discussion, clock)
    if owed.state in (FollowUpState.BOOKED, FollowUpState.HELD):
        return owed
    _run(owed, clock)
    _make_due(owed)
    _tell(owed, f"A follow-up is due by {dates.short(clock.due_at)}: {clock.rule}", discussion, act)
    return owed


def _row(discussion: Discussion, clock: Clock) -> FollowUp:
    owed = FollowUp(contact=discussion.contact, after=discussion, state=FollowUpState.DUE)
    _run(owed, clock)
    db.session.add(owed)
    return owed


def _run(owed: FollowUp, clock: Clock) -> None:
    owed.clock_started_at, owed.warn_at, owed.due_at = clock.started_at, clock.warn_at, clock.due_at
    owed.rule, owed.rule_source, owed.urgent = clock.rule, clock.source, clock.urgent


def _make_due(owed: FollowUp) -> None:
    """Due, or met at once by the discussion that is booked on the contact already."""
    owed.ended_at = owed.ended_by = owed.ended_reason = None
    owed.waived, owed.state = False, FollowUpState.DUE
    coming = (one for one in owed.contact.discussions if one.state is DiscussionState.CONVENED)
    owed.by = next((one for one in coming if one is not owed.after), None)
    if owed.by is not None:
        owed.state = FollowUpState.BOOKED


def _clock(owed: Owed) -> Clock:
    return Clock(owed.started_at, owed.warn_at, owed.due_at, owed.rule, owed.source, owed.urgent)


def _tell(owed: FollowUp, words: str, discussion: Discussion, act: Act) -> None:
    facts = {"after": owed.after.reference, "due_at": owed.due_at.isoformat(), "state": owed.state.value}
    events.add(EventVerb.FOLLOW_UP_CHANGED, words, act, discussion=discussion, facts=facts)
