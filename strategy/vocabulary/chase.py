"""Holds what chasing does: kinds, steps and calls for a person to make."""

from strategy.vocabulary.words import Moves, Word


class ChaseKind(Word):
    """What is chased. The first four belong to an invitation; one each to action and discussion, two to a contact."""

    BEFORE = "before", "Until someone is named"
    AFTER = "after", "After nobody came"
    REMINDER = "reminder", "Before it starts, to whoever comes"
    NOT_JOINED = "not-joined", "Started, and not there"
    ACTION = "action", "Action, before and after it is due"
    COURSE = "course", "Whether everyone needed will be there"
    DECISION = "decision", "Until somebody decides"
    TARGET = "target", "Until a discussion is held"


# Those that climb rung by rung: an answer, a reason or a waiver ends them.
LADDERS = (ChaseKind.BEFORE, ChaseKind.AFTER)
# Those that speak once to whoever was invited.
PROMPTS = (ChaseKind.REMINDER, ChaseKind.NOT_JOINED)
# Those about children who wait.
WAITS = (ChaseKind.DECISION, ChaseKind.TARGET)


class StepKind(Word):
    """What a chase does when it falls due."""

    RUNG = "rung", "Tell the next person up"
    CHAIR_CALL = "chair-call", "Ask the chair to ring"
    TELL = "tell", "Tell them"
    NOTE = "note", "Note that it is better again"


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
