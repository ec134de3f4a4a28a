"""Answers which discussions a section 47 enquiry can be counted from."""

from strategy import dates
from strategy.models import Contact, Discussion
from strategy.vocabulary import DiscussionState

_HELD = (DiscussionState.HELD, DiscussionState.SIGNED)


def choices(contact: Contact) -> list[tuple[int, str]]:
    """The discussions held on a contact, for a list to choose from, the first held first."""
    held = [one for one in contact.discussions if one.state in _HELD]
    return [(one.id, _words(one)) for one in held]


def _words(discussion: Discussion) -> str:
    began = discussion.started_at or discussion.starts_at
    return f"{discussion.reference}, {discussion.kind.words.lower()}, {dates.full(began)}"
