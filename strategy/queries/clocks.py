"""Answers which clocks run on a contact beside its own target: follow-ons, and those that began before the decision."""

from strategy.models import Contact
from strategy.policy import calendar_of, parsed
from strategy.rules.clocks import ClockEvents, strictest_of
from strategy.rules.targets import Deadline, FollowOnDue, Held, follow_ons
from strategy.vocabulary import DiscussionKind, DiscussionState, Mode, Waiting

_OVER = (DiscussionState.HELD, DiscussionState.SIGNED)


def follow_ons_of(contact: Contact, *, emergency: bool = False) -> tuple[FollowOnDue, ...]:
    """What its concerns ask for after the first discussion; nothing before the decision or once it was not needed.

    ``emergency``: its first discussion was held by the emergency exception.
    """
    if contact.clock_started_at is None or contact.state is Waiting.NOT_NEEDED:
        return ()
    over = [one for one in contact.discussions if one.state in _OVER]
    return follow_ons(
        parsed(contact.policy.text),
        calendar_of(contact.policy.text),
        contact.concerns,
        contact.clock_started_at,
        [Held(one.started_at or one.starts_at, one.mode is not Mode.PHONE) for one in over],
        emergency=emergency,
        final=any(one.kind is DiscussionKind.FINAL for one in over),
    )


def before_decision(contact: Contact) -> Deadline | None:
    """By when an undecided contact's discussion would be due, where policy started its clock before any decision."""
    if contact.state is not Waiting.RECEIVED:
        return None
    events = ClockEvents(contact.received_at, None, contact.concern_identified_at)
    return strictest_of(contact.concerns, events, parsed(contact.policy.text), calendar_of(contact.policy.text))
