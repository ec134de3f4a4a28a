"""Holds the words for several discussions on one enquiry: what is owed after one, and who agrees to how one is held."""

from strategy.vocabulary.words import Moves, Word


class FollowUpState(Word):
    """The life of a follow-up discussion that is owed; not the contact's: a child once discussed waits no more."""

    DUE = "due", "Follow-up due"
    BOOKED = "booked", "Follow-up booked"
    HELD = "held", "Follow-up held"
    NOT_NEEDED = "not-needed", "No follow-up needed"


FOLLOW_UP_MOVES: Moves[FollowUpState] = {
    # held straight from due: a follow-up held by phone this minute, or written down afterwards
    FollowUpState.DUE: frozenset({FollowUpState.BOOKED, FollowUpState.HELD, FollowUpState.NOT_NEEDED}),
    # back to due: a stood-down follow-up leaves it owed
    FollowUpState.BOOKED: frozenset({FollowUpState.HELD, FollowUpState.DUE}),
    FollowUpState.HELD: frozenset(),
    # undone by staff who erred
    FollowUpState.NOT_NEEDED: frozenset({FollowUpState.DUE}),
}


class ManagerSide(Word):
    """Whose manager agrees that there is no meeting."""

    SOCIAL_CARE = "social-care", "Social care’s manager"
    PARTNER = "partner", "The police’s manager, or another agency’s"
