"""Takes in one mail: kept whole and once, whatever it is, and then given to whoever understands its kind.

Kept comes first: a fault in what follows puts the mail on a person's list and loses nothing.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from notifications.readings import Kind, Reading
from strategy.act import Act, Refused
from strategy.commands import calendar_answers, inbound, mail_reports
from strategy.commands.inbound import Done, note
from strategy.db import db
from strategy.models import Inbound
from strategy.queries import inbound as queries
from strategy.vocabulary import InboundKind, InboundState, MessageChannel

_LONGEST = 10 * 1024 * 1024  # bytes kept of a mail; mail servers take some 25 MB, of which the rest is attachments

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """The mail as it was kept, and whether it had been kept before: then nothing more was done."""

    kept: Inbound
    again: bool


def receive(reading: Reading, raw: bytes, act: Act) -> Received:
    """Keep one mail and do what follows from it. Raises Refused only where no authority has begun to read it.

    The same mail again changes nothing, so that a mail server or a mailbox may hand it over twice.
    """
    fingerprint = _fingerprint(reading, raw)
    before = queries.stored(fingerprint)
    if before is not None:
        return Received(before, again=True)
    kept = _keep(reading, raw, fingerprint, act)
    inbound.file(kept, _done(kept, reading, act))
    if kept.kind is InboundKind.MESSAGE:
        inbound.tell_convener(kept, act)
    return Received(kept, again=False)


def _keep(reading: Reading, raw: bytes, fingerprint: str, act: Act) -> Inbound:
    authority = queries.authority_for([one for one in (reading.attendee, reading.sender) if one])
    if authority is None:
        raise Refused("No authority has begun here, so that nobody could read the mail.")
    kept = Inbound(
        authority_id=authority.id,
        channel=MessageChannel.EMAIL,
        kind=InboundKind(reading.kind.value),
        state=InboundState.TO_READ,
        fingerprint=fingerprint,
        sender=reading.sender,
        sender_name=reading.sender_name,
        subject=reading.subject,
        text=reading.text or reading.comment,
        raw=raw[:_LONGEST].decode("latin-1"),
        facts=_facts(reading, len(raw)),
        effect="",
        sent_at=reading.sent_at,
        received_at=act.at,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _fingerprint(reading: Reading, raw: bytes) -> str:
    """The same for the same mail handed over twice, whatever headers the way here added above it."""
    head, gap, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw else raw.partition(b"\n\n")
    named = f"{reading.message_id}\n{reading.sender}\n".encode() if reading.message_id else head
    return hashlib.sha256(named + gap + body.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest()


def _facts(reading: Reading, size: int) -> dict[str, object]:
    facts = {
        "partstat": reading.partstat,
        "sequence": reading.sequence,
        "bounced": len(reading.bounced) or None,
        "permanent": any(one.permanent for one in reading.bounced) or None,
        "size": size if size > _LONGEST else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _done(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Do what follows, all of it or nothing: a fault leaves the mail for a person to read."""
    try:
        with db.session.begin_nested():
            return _HANDLERS[reading.kind](kept, reading, act)
    except Refused as refused:
        told = f"Could not be recorded: {refused.reason}"
        return Done(InboundState.TO_READ, told, queries.invitation_of(reading))
    except Exception as error:
        # Names only: an error's own words may hold what stood in the mail.
        log.error("inbound %s could not be followed up (%s)", kept.id, type(error).__name__)
        return Done(InboundState.TO_READ, "Something unforeseen went wrong when it was followed up: please read it.")


def _written(kept: Inbound, reading: Reading, act: Act) -> Done:
    """A person wrote: theirs is the thread of the message they answer, else of the one invitation they have."""
    message = mail_reports.answered(reading)
    invitation = queries.invitation_in(message)
    if invitation is None and reading.sender is not None:
        invitation = queries.invitation_written_to(reading.sender, act.at)
    if invitation is not None:
        note(invitation, f"{invitation.role_words}: a mail came that a person has to read", kept, act)
    return Done(InboundState.TO_READ, "Somebody wrote: please read it.", invitation, message)


def _not_ours(kept: Inbound, reading: Reading, act: Act) -> Done:
    words = {
        Kind.REQUEST: "An invitation of somebody else's: please read it.",
        Kind.CANCEL: "Somebody cancels a meeting of their own, or takes ours for theirs: please read it.",
        Kind.COMPLAINT: "A mail of ours was reported as spam: please find out why.",
        Kind.UNREADABLE: "It could not be read: please look at it as it came.",
    }[reading.kind]
    return Done(InboundState.TO_READ, words, queries.invitation_of(reading), mail_reports.answered(reading))


Handler = Callable[[Inbound, Reading, Act], Done]
_HANDLERS: dict[Kind, Handler] = {
    Kind.REPLY: calendar_answers.reply,
    Kind.COUNTER: calendar_answers.counter,
    Kind.DECLINE_COUNTER: calendar_answers.declined_counter,
    Kind.REFRESH: calendar_answers.refresh,
    Kind.AUTO_REPLY: mail_reports.automatic,
    Kind.BOUNCE: mail_reports.bounced,
    Kind.DELAY: mail_reports.delayed,
    Kind.RECEIPT: mail_reports.received,
    Kind.MESSAGE: _written,
    Kind.REQUEST: _not_ours,
    Kind.CANCEL: _not_ours,
    Kind.COMPLAINT: _not_ours,
    Kind.UNREADABLE: _not_ours,
}
