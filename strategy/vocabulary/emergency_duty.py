"""Holds the words of handing a child's night to the emergency duty team (EDT), and having it back in the morning."""

from strategy.vocabulary.words import Moves, Word


class NightState(Word):
    """The life of one handing to the emergency duty team."""

    GIVEN = "given", "Not accepted yet"
    ACCEPTED = "accepted", "With the emergency duty team"
    BACK = "back", "Accepted back"


NIGHT_MOVES: Moves[NightState] = {
    # back without having been accepted: whoever gave it kept it, or the day team found it in the morning
    NightState.GIVEN: frozenset({NightState.ACCEPTED, NightState.BACK}),
    NightState.ACCEPTED: frozenset({NightState.BACK}),
    NightState.BACK: frozenset(),
}
