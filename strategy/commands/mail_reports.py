"""Takes what machines write about our mail: bounces, delays, receipts and automatic replies. None is an answer."""

from collections.abc import Sequence

from notifications.readings import Reading
from strategy.act import Act
from strategy.commands import sending
from strategy.commands.inbound import Done, note
from strategy.models import Inbound, Message
from strategy.queries import inbound as queries
from strategy.vocabulary import InboundState, MessageState

_UNKNOWN = "It names no message of ours: please read it."


def answered(reading: Reading) -> Message | None:
    """The last of our messages that the mail names."""
    found = _named(reading)
    return found[-1] if found else None


def bounced(kept: Inbound, reading: Reading, act: Act) -> Done:
    """What did not arrive is marked, and the other channel or a person takes over, as for every message lost."""
    lost = _lost(reading, act)
    if not lost:
        return Done(InboundState.TO_READ, _UNKNOWN, message=answered(reading))
    for message in lost:
        sending.report(message.id, MessageState.BOUNCED, _why(message, reading), act)
    count = "One message" if len(lost) == 1 else f"{len(lost)} messages"
    return Done(InboundState.APPLIED, f"{count} did not arrive.", message=lost[-1])


def delayed(kept: Inbound, reading: Reading, act: Act) -> Done:
    """The sender tries again: no address is dead, and it may still be too late, so the convener's timeline says so."""
    message = answered(reading)
    if message is None:
        return Done(InboundState.NOTED, "A delivery is delayed; it names no message of ours.")
    invitation = queries.invitation_in(message)
    if invitation is not None:
        words = f"{invitation.role_words}: their mail server has not taken the mail yet and is tried again"
        note(invitation, words, kept, act)
    return Done(InboundState.NOTED, "The delivery is delayed and tried again.", message=message)


def received(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Read, or delivered: either way it arrived."""
    message = answered(reading)
    if message is None:
        return Done(InboundState.NOTED, "A receipt that names no message of ours.")
    sending.report(message.id, MessageState.DELIVERED, None, act)
    return Done(InboundState.APPLIED, "The message arrived.", message=message)


def automatic(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Away, or a machine's thanks: never an answer. The chase goes on, and the convener can read who covers."""
    message = answered(reading)
    invitation = queries.invitation_in(message)
    if invitation is None and reading.sender is not None:
        invitation = queries.invitation_written_to(reading.sender, act.at)
    if invitation is not None:
        note(invitation, f"{invitation.role_words}: an automatic reply came, which is no answer", kept, act)
    return Done(InboundState.NOTED, "An automatic reply: no answer, the chase goes on.", invitation, message)


def _named(reading: Reading) -> list[Message]:
    ids = [number for wire in reading.about if (number := sending.message_id(wire)) is not None]
    return queries.messages_left(ids)


def _lost(reading: Reading, act: Act) -> Sequence[Message]:
    """The messages that did not arrive. An id alone is believed only with the address it went to: ids can be guessed.

    A report without an id of ours is about the last mail to the address it names.
    """
    addresses = {one.address for one in reading.bounced}
    named = _named(reading)
    if named:
        return [one for one in named if reading.forwarded or one.address.lower() in addresses]
    found = (queries.last_message_to(address, act.at) for address in sorted(addresses))
    return [one for one in found if one is not None]


def _why(message: Message, reading: Reading) -> str:
    of = [one for one in reading.bounced if one.address == message.address.lower()] or list(reading.bounced)
    status = next((f" ({one.status})" for one in of if one.status), "")
    if any(one.permanent for one in of):
        return f"The mail server says that nothing arrives at this address{status}"
    return f"The mail came back{status}; the address may work later"
