"""Holds an invitation as a calendar object (iTIP, RFC 5546): REQUEST and CANCEL. It reads no replies.

One object per invitee, listing only them; times in UTC, since calendars disagree about time zone definitions; the
link and how to join stand in the entry itself, because some mail programs throw the message away once it is accepted.
"""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from icalendar import Calendar, Event, vCalAddress, vDDDTypes, vText, vUri
from icalendar.parser import Contentline, Contentlines

from notifications.addresses import display_phone
from strategy import dates
from strategy.keys import keys
from strategy.models import Invitation
from strategy.vocabulary import DiscussionKind

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
_STATUS = {REQUEST: "CONFIRMED", CANCEL: "CANCELLED"}

# How to get in is not left lying in diaries that colleagues can read (domain section 12).
_RESTRICTED = frozenset({DiscussionKind.LADO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the calendar entry of one invitation says. No field holds anything about a child."""

    uid: str
    reference: str
    starts_at: datetime
    ends_at: datetime
    attendee: str
    attendee_name: str
    council: str
    call_back: str
    convener: str
    join_url: str | None
    dial_in: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Organiser:
    """Our own authenticated address, which answers would go to. ``replies_read`` says whether anybody reads them."""

    email: str
    name: str
    replies_read: bool = False


def entry(invitation: Invitation, attendee: str) -> Entry:
    """What one invitee's calendar entry says now; ``attendee`` is the address it is sent to."""
    discussion = invitation.discussion
    open_to_read = discussion.kind not in _RESTRICTED and not discussion.contact.restricted
    return Entry(
        uid=uid(invitation),
        reference=discussion.reference,
        starts_at=invitation.needed[0],
        ends_at=invitation.needed[1],
        attendee=attendee,
        attendee_name=_plain(invitation.invitee),
        council=_plain(discussion.authority.name),
        call_back=display_phone(discussion.authority.phone),
        convener=_plain(discussion.convener.full_name),
        join_url=discussion.join_url if open_to_read else None,
        dial_in=discussion.dial_in if open_to_read else None,
        place=discussion.place,
    )


def uid(invitation: Invitation) -> str:
    """The identity of its calendar entry: the same through every move, different for every invitee, not guessable."""
    code = uuid.UUID(keys().blind(f"calendar entry {invitation.id}")[:32])
    return f"{invitation.discussion.reference}-{code}@{invitation.discussion.authority.code}"


def rendered(said: Entry, method: str, sequence: int, link: str, organiser: Organiser, stamp: datetime) -> bytes:
    """The iTIP object as bytes: CRLF line ends, lines folded at 75 octets. Raises KeyError for another method.

    What a discussion's invitees share is written once for all of them; their own lines take its places.
    """
    own: dict[str, Any] = {
        "UID": vText(said.uid),
        "DTSTAMP": vDDDTypes(stamp),
        "DESCRIPTION": vText(_description(said, method, link)),
        "URL": vUri(link),
        "ATTENDEE": _attendee(said, organiser.replies_read),
    }
    shared = replace(said, uid="", attendee="", attendee_name="")
    lines = [
        Contentline.from_parts(name, own[name].params, own[name]).to_ical() if name in own else line
        for name, line in _frame(shared, method, sequence, organiser)
    ]
    return b"\r\n".join(lines) + b"\r\n"


@lru_cache(maxsize=256)
def _frame(shared: Entry, method: str, sequence: int, organiser: Organiser) -> tuple[tuple[str, bytes], ...]:
    """Every line of the object in its order, as (property name, folded line), with nobody's own facts in it."""
    written = _written(shared, method, sequence, "", organiser, shared.starts_at)
    lines = (line for line in Contentlines.from_ical(written) if line)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return tuple((re.split("[;:]", line, maxsplit=1)[0].upper(), line.to_ical()) for line in lines)


def _written(said: Entry, method: str, sequence: int, link: str, organiser: Organiser, stamp: datetime) -> bytes:
    event = Event()
    event.add("uid", said.uid)
    event.add("dtstamp", stamp)
    event.add("sequence", sequence)
    event.add("dtstart", said.starts_at)
    event.add("dtend", said.ends_at)
    event.add("summary", f"Multi-agency meeting {said.reference}")
    event.add("description", _description(said, method, link))
    if method == REQUEST:  # what is taken back leaves no way in behind, least of all with whom it never concerned
        event.add("location", _location(said))
        event.add("url", link)
    event.add("class", "PRIVATE")
    event.add("status", _STATUS[method])
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(organiser.email, {"CN": organiser.name}), encode=False)
    event.add("attendee", _attendee(said, organiser.replies_read), encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Strategy Discussions//Multi-agency meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _attendee(said: Entry, replies_read: bool) -> vCalAddress:
    # RSVP stays FALSE until somebody reads the answers: an Accept nobody reads is worse than none.
    wanted = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE" if replies_read else "FALSE"}
    return _address(said.attendee, {"CN": said.attendee_name, **wanted})


def _address(email: str, parameters: dict[str, str]) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        address.params[name] = vText(_plain(value))
    return address


def _description(said: Entry, method: str, link: str) -> str:
    if method == CANCEL:
        return f"This multi-agency meeting, or your part in it, is cancelled.\nQuestions: {said.call_back}"
    lines = [f"{said.council}: multi-agency meeting {said.reference}, {dates.full(said.starts_at)}.", ""]
    lines += ["Who is coming, and how to join:", link, ""]
    lines += [f"Join: {said.join_url}"] if said.join_url else []
    lines += [f"Dial in: {said.dial_in}"] if said.dial_in else []
    lines += [f"Place: {said.place}"] if said.place else []
    lines += [f"Convened by {said.convener}.", f"Is this genuine? Ring {said.call_back} and quote {said.reference}."]
    lines += ["Do not contact the family about this entry."]
    return "\n".join(lines)


def _location(said: Entry) -> str:
    ways = [said.place, said.join_url, said.dial_in]
    return " · ".join(_plain(way) for way in ways if way) or "How to join is on the page behind the link"


def _plain(text: str) -> str:
    """One line without control characters; a quotation mark would end a calendar parameter."""
    printable = "".join(char if char.isprintable() else " " for char in text.replace('"', "'"))
    return " ".join(printable.split())
