"""Holds what chasing does: kinds, steps and calls for a person to make."""

from strategy.vocabulary.words import Moves, Word


class ChaseKind(Word):
    BEFORE = "before", "Until someone is named"
    AFTER = "after", "After nobody came"


class StepKind(Word):
    """What a chase does when it falls due."""

    RUNG = "rung", "Tell the next person up"
    CHAIR_CALL = "chair-call", "Ask the chair to ring"


class CallState(Word):
    OPEN = "open", "To ring"
    DONE = "done", "Done"
    VOIDED = "voided", "Not needed any more"


class CallOutcome(Word):
    REACHED = "reached", "Spoke to them"
    LEFT_MESSAGE = "left-message", "Left a message"
    NO_REPLY = "no-reply", "No reply"
    WRONG_NUMBER = "wrong-number", "Wrong number"


CALL_MOVES: Moves[CallState] = {
    CallState.OPEN: frozenset({CallState.DONE, CallState.VOIDED}),
    CallState.DONE: frozenset(),
    CallState.VOIDED: frozenset(),
}
