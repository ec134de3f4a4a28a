"""Reads one inbound mail, whatever it is, into plain values. Stores nothing, answers nothing, knows no discussion.

Order: a delivery report's own part first; an attendee's calendar answer before any sign of automation (Google's answers
are marked as automatic); read receipts and complaints; bounces in words; automatic replies; what organisers send; and
what is left a person wrote. What a bounce brings back is never read as anything but what it is about.
"""

from dataclasses import replace

from notifications.inbound_mail import automatic, bounces, calendars, receipts, reports, responses, tnef, words
from notifications.inbound_mail.letter import Letter, is_mail, opened
from notifications.inbound_mail.parts import parsed
from notifications.inbound_mail.saying import as_json
from notifications.readings import Kind, Reading

__all__ = ["as_json", "read"]

UNREADABLE = Reading(kind=Kind.UNREADABLE)


def read(raw: bytes) -> Reading:
    """What one RFC 5322 message is. Never raises: what no reader here foresaw is unreadable, for a person to see."""
    try:
        return understood(raw)
    except Exception:  # the net under the tests: a mail must never be able to stop the mailbox
        return UNREADABLE


def understood(raw: bytes) -> Reading:
    """As read, without the net."""
    root = parsed(raw)
    if not is_mail(root):
        return UNREADABLE
    letter = opened(root)
    found = _kind(letter)
    if found.kind in (Kind.BOUNCE, Kind.DELAY, Kind.RECEIPT, Kind.COMPLAINT):
        return found
    said = replace(found, text=words.of(letter))
    return UNREADABLE if said.kind is Kind.MESSAGE and said.sender is None and said.text is None else said


def _kind(letter: Letter) -> Reading:
    suspected = bounces.suspected(letter)
    machines = reports.read(letter)
    if machines and machines.kind is not Kind.MESSAGE:
        return machines
    answer = calendars.answer(letter, quoted=not suspected)
    if answer:
        return answer
    hidden = tnef.read(letter, (Kind.RECEIPT, Kind.BOUNCE, Kind.AUTO_REPLY))
    returned = suspected or (hidden is not None and hidden.kind is Kind.BOUNCE)
    found = (bounces.read(letter) if returned else None) or hidden or receipts.read(letter)
    if found:
        return found
    asked = calendars.organisers(letter) or responses.read(letter)
    if asked and not automatic.answers_by_itself(letter):
        return asked
    # A calendar's answer that lost its part is no absence: a person looks at it.
    if automatic.is_answer_of_machine(letter) and not responses.worded(letter):
        return replace(letter.said, kind=Kind.AUTO_REPLY)
    return machines or letter.said
