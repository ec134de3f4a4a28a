"""Builds mails as somebody who got one of ours would send them: a calendar's answer, and a person's own words.

For trying the product and for its tests: nothing that really goes out comes from here. It sends nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from secrets import token_hex

from icalendar import Calendar, Event, vCalAddress, vText

# What calendars put before the title in the subject of an answer.
_SUBJECTS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentative"}


@dataclass(frozen=True, slots=True)
class Player:
    """Who answers: the name their mail program gives, the address our mail went to, and when (aware UTC)."""

    name: str
    address: str
    at: datetime


def length(ics: bytes) -> timedelta:
    """How long the meeting of an invitation is. Raises ValueError for what is no calendar object with a meeting."""
    found = _entry(ics)
    took: timedelta = found.end - found.start
    return took


def reply(mail: bytes, ics: bytes, partstat: str, player: Player) -> bytes:
    """What a calendar sends when somebody presses its button (METHOD:REPLY, RFC 5546 3.2.3).

    ``mail`` is ours as it was sent and ``ics`` its calendar part; ``partstat`` ACCEPTED, DECLINED or TENTATIVE.
    Raises ValueError for what is no calendar object, KeyError for another status.
    """
    return _answer(mail, _entry(ics), "REPLY", partstat, _SUBJECTS[partstat], player)


def counter(mail: bytes, ics: bytes, starts_at: datetime, player: Player) -> bytes:
    """What a calendar sends when somebody proposes another time: as long as it was (METHOD:COUNTER, 3.2.7)."""
    entry = _entry(ics)
    ends_at = starts_at + length(ics)
    entry["DTSTART"], entry["DTEND"] = _moment(starts_at), _moment(ends_at)
    return _answer(mail, entry, "COUNTER", "TENTATIVE", "New Time Proposed", player)


def written(mail: bytes, words: str, player: Player) -> bytes:
    """What a mail program sends when somebody writes back: their words above ours, quoted."""
    ours = message_from_bytes(mail, policy=policy.default)
    made = _mail(ours, f"Re: {ours['Subject']}", player)
    body = ours.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in (body.get_content() if body else "").splitlines())
    made["In-Reply-To"] = made["References"] = ours["Message-ID"]
    made.set_content(f"{words}\n\nOn {player.at:%d %B %Y at %H:%M}, {ours['From'].addresses[0]} wrote:\n{quoted}")
    return made.as_bytes(policy=policy.SMTP)


def _entry(ics: bytes) -> Event:
    found = next(iter(Calendar.from_ical(ics).walk("VEVENT")), None)
    if not isinstance(found, Event) or "UID" not in found:
        raise ValueError("There is no meeting in that calendar part.")
    return found


def _answer(mail: bytes, entry: Event, method: str, partstat: str, said: str, player: Player) -> bytes:
    ours = message_from_bytes(mail, policy=policy.default)
    made = _mail(ours, f"{said}: {entry.get('SUMMARY', ours['Subject'])}", player)
    made.set_content("\n")
    part = _object(entry, method, partstat, player)
    made.add_alternative(part, maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"})
    return made.as_bytes(policy=policy.SMTP)


def _object(entry: Event, method: str, partstat: str, player: Player) -> bytes:
    """The object of an answer: only the facts that say which meeting it is, and the attendee who answers."""
    event = Event()
    for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER"):
        if name in entry:
            event[name] = entry[name]
    event.add("dtstamp", player.at)
    attendee = vCalAddress(f"mailto:{player.address}")
    attendee.params["PARTSTAT"], attendee.params["CN"] = vText(partstat), vText(player.name.replace('"', "'"))
    event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Strategy Discussions//A partner's calendar, played//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _moment(at: datetime) -> object:
    event = Event()
    event.add("dtstart", at.astimezone(UTC))
    return event["DTSTART"]


def _mail(ours: EmailMessage, subject: str, player: Player) -> EmailMessage:
    made = EmailMessage()
    made["Message-ID"] = f"<{token_hex(16)}@{player.address.rpartition('@')[2]}>"
    made["Date"] = player.at
    made["From"] = Address(player.name, addr_spec=player.address)
    made["To"] = ours["Reply-To"] or ours["From"]
    made["Subject"] = " ".join(subject.split())
    return made
