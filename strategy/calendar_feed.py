"""Holds a list of discussions as a calendar to subscribe to (RFC 5545). It chooses none of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from icalendar import Calendar, Event

from strategy.models import Discussion
from strategy.vocabulary import DiscussionState

HOW_OFTEN: Final = timedelta(minutes=15)


def rendered(name: str, discussions: Sequence[Discussion], link: Callable[[Discussion], str | None]) -> bytes:
    """The calendar as bytes; the same discussions as they were give the same bytes.

    An entry says when, and which reference: how to join stands on the page behind ``link``, or in the invitation.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Strategy Discussions//Calendar to subscribe to//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", HOW_OFTEN, parameters={"VALUE": "DURATION"})  # RFC 7986, section 5.7
    calendar.add("x-published-ttl", "PT15M")  # the same for Outlook
    for discussion in discussions:
        calendar.add_component(_event(discussion, link(discussion)))
    written: bytes = calendar.to_ical()
    return written


def _event(discussion: Discussion, link: str | None) -> Event:
    cancelled = discussion.state is DiscussionState.STOOD_DOWN
    event = Event()
    event.add("uid", f"{discussion.reference}-feed@{discussion.authority.code}")
    event.add("dtstamp", discussion.stood_down_at or discussion.booked_at)
    event.add("sequence", discussion.sequence)
    event.add("dtstart", discussion.starts_at)
    event.add("dtend", discussion.ends_at)
    event.add("summary", f"{'Cancelled: ' if cancelled else ''}Multi-agency meeting {discussion.reference}")
    event.add("description", _description(cancelled, link))
    if link and not cancelled:
        event.add("url", link)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _description(cancelled: bool, link: str | None) -> str:
    if cancelled:
        return "This multi-agency meeting is cancelled."
    return f"Who is coming, and how to join:\n{link}" if link else "How to join stands in your invitation."
