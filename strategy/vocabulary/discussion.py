"""Holds the life and the forms of a strategy discussion."""

from strategy.vocabulary.words import Moves, Word


class DiscussionState(Word):
    CONVENED = "convened", "Convened"
    HELD = "held", "Held"
    SIGNED = "signed", "Signed"
    STOOD_DOWN = "stood-down", "Stood down"


class DiscussionKind(Word):
    INITIAL = "initial", "Initial"
    FOLLOW_UP = "follow-up", "Follow-up"
    FINAL = "final", "Final"
    LADO = "lado", "Allegation against a person who works with children"
    COMPLEX = "complex", "Complex or organised abuse"
    MISSING = "missing", "Missing"
    FII = "fii", "Fabricated or induced illness"
    PRE_BIRTH = "pre-birth", "Pre-birth"


class Mode(Word):
    PHONE = "phone", "Phone"
    VIDEO = "video", "Video"
    IN_PERSON = "in-person", "In person"
    SERIES_OF_CALLS = "series-of-calls", "Series of one-to-one calls"


DISCUSSION_MOVES: Moves[DiscussionState] = {
    DiscussionState.CONVENED: frozenset({DiscussionState.HELD, DiscussionState.STOOD_DOWN}),
    DiscussionState.HELD: frozenset({DiscussionState.SIGNED}),
    DiscussionState.SIGNED: frozenset(),
    DiscussionState.STOOD_DOWN: frozenset(),
}
