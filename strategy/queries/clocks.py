"""Answers which clocks run on a contact beside its own target: follow-ons, and those that began before the decision."""

from dataclasses import replace

from strategy.models import Contact, Discussion
from strategy.policy import calendar_of, parsed
from strategy.rules.clocks import ClockEvents, strictest_of
from strategy.rules.targets import Deadline, FollowOnDue, Held, follow_ons
from strategy.vocabulary import DiscussionKind, DiscussionState, Mode, Waiting

OVER = (DiscussionState.HELD, DiscussionState.SIGNED)
# A series of one-to-one calls is no meeting: nobody hears what the others know (domain section 2).
MEETINGS = (Mode.VIDEO, Mode.IN_PERSON)


def last_held(contact: Contact) -> Discussion | None:
    """The last discussion held on this contact; None before the first."""
    over = [one for one in contact.discussions if one.state in OVER]
    return max(over, key=lambda one: (one.started_at or one.starts_at, one.id), default=None)


def follow_ons_of(contact: Contact) -> tuple[FollowOnDue, ...]:
    """What its concerns ask for after the first discussion; nothing before the decision or once it was not needed."""
    if contact.clock_started_at is None or contact.state is Waiting.NOT_NEEDED:
        return ()
    over = [one for one in contact.discussions if one.state in OVER]
    found = follow_ons(
        parsed(contact.policy.text),
        calendar_of(contact.policy.text),
        contact.concerns,
        contact.clock_started_at,
        [Held(one.started_at or one.starts_at, one.mode in MEETINGS) for one in over],
        final=any(one.kind is DiscussionKind.FINAL for one in over),
    )
    waived = _waived(contact)
    return tuple(replace(one, waived=waived and one.is_running) for one in found)


def before_decision(contact: Contact) -> Deadline | None:
    """By when an undecided contact's discussion would be due, where policy started its clock before any decision."""
    if contact.state is not Waiting.RECEIVED:
        return None
    events = ClockEvents(contact.received_at, None, contact.concern_identified_at)
    return strictest_of(contact.concerns, events, parsed(contact.policy.text), calendar_of(contact.policy.text))


def _waived(contact: Contact) -> bool:
    """Whether somebody said that nothing need follow the last one held; once another is held, that is history."""
    last = last_held(contact)
    return any(one.waived and one.after is last for one in contact.follow_ups)
