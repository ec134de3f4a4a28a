"""Holds the life of a contact and its clock; the figures are policy."""

from strategy.vocabulary.words import Moves, Word


class ClockStart(Word):
    """What starts a clock. Partnerships differ in which of the first three starts that of a discussion.

    The last starts only what follows a discussion: its record, and the conference.
    """

    CONTACT_RECEIVED = "contact-received", "contact received"
    DECISION = "decision", "decision"
    CONCERN_IDENTIFIED = "concern-identified", "concern identified"
    DISCUSSION_HELD = "discussion-held", "discussion held"


class FollowOnStart(Word):
    """What the clock of a follow-on runs from: the same event as its target's own, or the discussion held before it."""

    CLOCK = "clock-start", "the start of the clock"
    HELD = "discussion-held", "the discussion before it"


class Waiting(Word):
    """The life of a contact and the children it is about."""

    RECEIVED = "received", "Undecided contact"
    DECIDED = "decided", "Waiting for a discussion"
    BOOKED = "booked", "Booked"
    HELD = "held", "Held"
    NOT_NEEDED = "not-needed", "No discussion needed"


class FamilyTold(Word):
    """Whether the family has been told of the contact."""

    YES = "yes", "Yes"
    NO = "no", "No, not yet"
    UNSAFE = "unsafe", "No: telling them would be unsafe"


class ImportState(Word):
    """The life of a list of open contacts read from the case system."""

    READ = "read", "Read, nothing added yet"
    DONE = "done", "Added"
    DROPPED = "dropped", "Not used"
    UNDONE = "undone", "Undone"


IMPORT_MOVES: Moves[ImportState] = {
    ImportState.READ: frozenset({ImportState.DONE, ImportState.DROPPED}),
    ImportState.DONE: frozenset({ImportState.UNDONE}),
    ImportState.DROPPED: frozenset(),
    ImportState.UNDONE: frozenset(),
}


WAITING_MOVES: Moves[Waiting] = {
    Waiting.RECEIVED: frozenset({Waiting.DECIDED, Waiting.NOT_NEEDED}),
    # held straight from decided: a discussion held by phone this minute was never booked
    Waiting.DECIDED: frozenset({Waiting.BOOKED, Waiting.HELD, Waiting.NOT_NEEDED}),
    # back to decided: a stood-down discussion leaves the child waiting, and the clock runs on
    Waiting.BOOKED: frozenset({Waiting.HELD, Waiting.DECIDED}),
    Waiting.HELD: frozenset(),
    # undone by staff who erred: back to where it stood, decided or not
    Waiting.NOT_NEEDED: frozenset({Waiting.RECEIVED, Waiting.DECIDED}),
}
