"""An iTIP object (RFC 5546) as facts: which answer, whose, about what. Finds no parts; applies nothing.

Of several entries the one with a RECURRENCE-ID is read, else the first. PUBLISH asks for nothing and is no answer; ADD
asks for what REQUEST asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from notifications.inbound_mail import calendar_times, headers, identities
from notifications.inbound_mail.calendar_lines import CalendarObject, Entry, Line, unescaped
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.senders import is_robot
from notifications.readings import Kind, Reading

METHODS: Mapping[str, Kind] = MappingProxyType(
    {
        "REPLY": Kind.REPLY,
        "COUNTER": Kind.COUNTER,
        "DECLINECOUNTER": Kind.DECLINE_COUNTER,
        "DECLINE-COUNTER": Kind.DECLINE_COUNTER,
        "REFRESH": Kind.REFRESH,
        "REQUEST": Kind.REQUEST,
        "ADD": Kind.REQUEST,
        "CANCEL": Kind.CANCEL,
    }
)
# What an attendee sends an organiser. The rest is what organisers send, ours above all, quoted or come back.
ANSWERS = (Kind.REPLY, Kind.COUNTER, Kind.REFRESH, Kind.DECLINE_COUNTER)
_UNANSWERED = frozenset({"", "NEEDS-ACTION"})
_ANSWERED = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS"})
_NOTES, _MAX_LISTED = 5_000, 1_000
# Outlook's own line between the facts of the meeting and what its user typed.
_BELOW = "*~*~*~*~*"


def kind_of(found: CalendarObject, named: str | None) -> Kind | None:
    """By the METHOD within, else the one named in Content-Type; None where it is no scheduling message.

    Only an Outlook counter-proposal says when the meeting was before (MS-OXCICAL §2.1.3.1.1.20), so that a REPLY which
    does, and names another time, is one.
    """
    method = found.method or (named or "").strip(" \"'").upper()
    kind = METHODS.get(method)
    if kind is Kind.REPLY and found.entries and _moves(found, _entry(found)):
        return Kind.COUNTER
    return kind


def _moves(found: CalendarObject, entry: Entry) -> bool:
    before = calendar_times.moment(entry.get("X-MS-OLK-ORIGINALSTART"), found)
    start = calendar_times.moment(entry.get("DTSTART"), found)
    return before is not None and start is not None and before != start


def read(found: CalendarObject, kind: Kind, letter: Letter) -> Reading:
    """What the mail's headers said, with what the object says."""
    entry = _entry(found)
    who = _attendee(entry, kind, letter)
    start, end = calendar_times.span(entry, found) if kind is Kind.COUNTER else (None, None)
    attendee = _address(who) if who else None
    sends, stands_for = (who.parameters.get(name) if who else None for name in ("DELEGATED-TO", "DELEGATED-FROM"))
    return replace(
        letter.said,
        kind=kind,
        attendee=attendee,
        partstat=_partstat(who) if who else None,
        uid=identities.plain(entry.text("UID")),
        sequence=_number(entry.text("SEQUENCE")),
        recurrence_id=entry.text("RECURRENCE-ID"),
        proposed_start=start,
        proposed_end=end,
        delegated_to=_first(sends),
        delegated_from=_first(stands_for),
        answered_by=_answered_by(who, attendee, letter) if who and kind in ANSWERS else None,
        comment=_comment(found, entry, kind),
    )


def _entry(found: CalendarObject) -> Entry:
    if not found.entries:
        return found.head
    return next((one for one in found.entries if one.get("RECURRENCE-ID")), found.entries[0])


def _attendee(entry: Entry, kind: Kind, letter: Letter) -> Line | None:
    """Whose answer it is. Some programs send the whole list back, so that the one who answered is told from the rest:

    the only one listed, the only one with an answer, or the one the mail is from. Nobody is guessed.
    """
    ours = _organiser(entry)
    listed = _each_once(entry.every("ATTENDEE")[:_MAX_LISTED])
    guests = [one for one in listed if _address(one) != ours] or listed
    if len(guests) < 2:
        return guests[0] if guests else None
    if kind not in (Kind.REPLY, Kind.COUNTER, Kind.REFRESH):  # from an organiser: it is about who received it
        return next((one for one in guests if _address(one) in letter.said.recipients), None)
    answered = [one for one in guests if (_partstat(one) or "") not in _UNANSWERED]
    if kind is Kind.REPLY and len(answered) == 1:
        return answered[0]
    return _from(answered, letter) or _from(guests, letter) or (answered[0] if len(answered) == 1 else None)


def organiser(found: CalendarObject) -> str | None:
    """Whose meeting it is."""
    return _organiser(_entry(found))


def _organiser(entry: Entry) -> str | None:
    line = entry.get("ORGANIZER")
    return _address(line) if line else None


def _each_once(lines: Iterable[Line]) -> list[Line]:
    """Of lines for one address the one that answers: some programs list whoever answers twice."""
    kept: dict[str, Line] = {}
    for place, line in enumerate(lines):
        who = _address(line) or f"nobody {place}"
        if who not in kept or (_partstat(kept[who]) or "") in _UNANSWERED:
            kept[who] = line
    return list(kept.values())


def _from(lines: list[Line], letter: Letter) -> Line | None:
    senders = {letter.said.sender, *letter.reply_to} - {None}
    by_address = [one for one in lines if _address(one) in senders]
    by_hand = [one for one in lines if headers.address(one.parameters.get("SENT-BY")) in senders]
    return next(iter(by_address or by_hand), None)


def _address(line: Line) -> str | None:
    """Where the value is no address (``invalid:nomail``, a path on a server), the parameters EMAIL and CN may be."""
    value = line.value if ":" not in line.value or line.value[:7].lower() == "mailto:" else ""
    spoken = headers.within(line.value) if "<" in line.value else []
    candidates = (value, *spoken, line.parameters.get("EMAIL"), line.parameters.get("CN"))
    return next((found for one in candidates if (found := headers.address(one))), None)


def _partstat(line: Line) -> str | None:
    said = line.parameters.get("PARTSTAT", "").strip().upper()
    if not said and line.parameters.get("STATUS", "").strip().upper() in _ANSWERED:  # vCalendar 1.0
        said = line.parameters["STATUS"].strip().upper()
    return said[:40] or None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _answered_by(who: Line, attendee: str | None, letter: Letter) -> str | None:
    """Whoever sent it for another, by SENT-BY or by From. A calendar's robot answers for nobody."""
    sent_by = headers.address(who.parameters.get("SENT-BY"))
    if sent_by and sent_by != attendee:
        return sent_by
    sender = letter.said.sender or ""
    return None if sender == attendee or attendee in letter.reply_to or is_robot(sender) else sender or None


def _first(listed: str | None) -> str | None:
    return next(iter(headers.within((listed or "").replace("mailto:", " ").replace("MAILTO:", " "))), None)


def _comment(found: CalendarObject, entry: Entry, kind: Kind) -> str | None:
    """What somebody wrote beside the answer. Old Outlook puts it in DESCRIPTION, where others keep our own words."""
    if kind not in ANSWERS:
        return None
    said = next((text for one in entry.every("COMMENT") if (text := _words(unescaped(one.value)))), None)
    if said is None and "microsoft" in (found.head.text("PRODID") or "").lower():
        said = _words((entry.text("DESCRIPTION") or "").rpartition(_BELOW)[2].strip("*~"))
    return said


def _words(said: str) -> str | None:
    return said.strip()[:_NOTES] or None
