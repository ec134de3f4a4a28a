"""Holds what can come in from partners, by mail and by text, and what becomes of it.

What a mail is, is notifications.readings'; what a text says, is rules.text_replies'.
"""

from strategy.vocabulary.words import Moves, Word


class InboundKind(Word):
    """What came in. The values of mail are those of notifications.readings.Kind."""

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
    TEXT_ANSWER = "text-answer", "Answer by text"
    TEXT_FOLLOW_UP = "text-follow-up", "Name or reason by text"
    TEXT = "text", "Text in their own words"
    OPT_OUT = "opt-out", "Wants no more texts"
    OPT_IN = "opt-in", "Takes texts again"


class TextAsks(Word):
    """What the last text to a phone asked, which its next text may answer without a number."""

    ATTENDEE = "attendee", "Who is coming"
    DEPUTY = "deputy", "Who comes instead"
    REASON = "reason", "Why nobody can attend"


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
