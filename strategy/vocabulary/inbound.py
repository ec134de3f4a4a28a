"""Holds what can come in from partners by mail, and what becomes of it; what a mail is, is notifications.readings'."""

from strategy.vocabulary.words import Moves, Word


class InboundKind(Word):
    """What came in. The values are those of notifications.readings.Kind; the words are for whoever reads the list."""

    REPLY = "reply", "Calendar answer"
    COUNTER = "counter", "Another time proposed"
    DECLINE_COUNTER = "decline-counter", "Proposed time turned down"
    REFRESH = "refresh", "Asks for the invitation again"
    REQUEST = "request", "Invitation of their own"
    CANCEL = "cancel", "Cancellation of their own"
    AUTO_REPLY = "auto-reply", "Automatic reply"
    BOUNCE = "bounce", "Not delivered"
    DELAY = "delay", "Delivery delayed"
    RECEIPT = "receipt", "Receipt"
    COMPLAINT = "complaint", "Reported as spam"
    MESSAGE = "message", "Written by a person"
    UNREADABLE = "unreadable", "Could not be read"


class InboundState(Word):
    """What became of it. TO_READ is the list that a person works off; nothing leaves it by itself."""

    APPLIED = "applied", "Recorded"
    NOTED = "noted", "Noted"
    TO_READ = "to-read", "To read"
    HANDLED = "handled", "Dealt with"


INBOUND_MOVES: Moves[InboundState] = {
    InboundState.APPLIED: frozenset(),
    InboundState.NOTED: frozenset(),
    InboundState.TO_READ: frozenset({InboundState.HANDLED}),
    InboundState.HANDLED: frozenset({InboundState.TO_READ}),
}
