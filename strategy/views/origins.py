"""Holds the way back from a page to where it was opened from. It decides nothing, and trusts no address."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from strategy.models import Contact, Discussion


@dataclass(frozen=True, slots=True)
class Back:
    """Where a page leads back to: the link's words, and its address."""

    words: str
    address: str


def origin() -> dict[str, Any]:
    """What a page passes on so that the next one leads back too: the discussion it was opened from, if any."""
    number = request.args.get("discussion", type=int)
    return {} if number is None else {"discussion": number}


def back_to(contact: Contact) -> Back:
    """The discussion of this contact that the page was opened from; else the contact, whatever was asked."""
    number = origin().get("discussion")
    for one in contact.discussions:
        if one.id == number:
            return Back(f"Discussion {one.reference}", url_for("discussions.shown", discussion_id=one.id))
    return Back("Back to the contact", url_for("contacts.shown", contact_id=contact.id))


def back_in(discussion: Discussion) -> Back:
    """The page the discussion is held on, where this one was opened from there; else the discussion's own."""
    if "holding" in request.args:
        return Back("Back to holding it", url_for("holding.shown", discussion_id=discussion.id))
    return Back(discussion.reference, url_for("discussions.shown", discussion_id=discussion.id))
