"""Holds what can be said of a directory entry: what it lacks, and what its own people say about it."""

from strategy.vocabulary.words import Moves, Word


class VerificationState(Word):
    """What came of asking a desk or a person whether their entry is still right."""

    ASKED = "asked", "No answer yet"
    CONFIRMED = "confirmed", "Still right"
    CHANGED = "changed", "Details changed: look at it"
    LEFT = "left", "No longer here: look at it"
    ACCEPTED = "accepted", "Taken over"
    DECLINED = "declined", "Not taken over"


class Gap(Word):
    """What a directory entry lacks, as the list can be searched for it."""

    NO_DESK = "no-desk", "No desk"
    NO_EMAIL = "no-email", "A desk without email"
    NO_MOBILE = "no-mobile", "A desk without mobile"
    NO_OUT_OF_HOURS = "no-out-of-hours", "No out-of-hours desk"
    NO_RUNG_1 = "no-rung-1", "Nobody on rung 1"
    NO_HIGHER_RUNG = "no-higher-rung", "Nobody on a higher rung"
    UNVERIFIED = "unverified", "Not verified for six months"
    NO_TERMS = "no-terms", "No term dates ahead"
    NO_HOLIDAY_COVER = "no-holiday-cover", "No holiday cover"


_SAID = frozenset({VerificationState.CONFIRMED, VerificationState.CHANGED, VerificationState.LEFT})

VERIFICATION_MOVES: Moves[VerificationState] = {
    VerificationState.ASKED: _SAID,
    # who said one thing may say another until somebody has decided on it
    VerificationState.CONFIRMED: _SAID,
    VerificationState.CHANGED: _SAID | {VerificationState.ACCEPTED, VerificationState.DECLINED},
    VerificationState.LEFT: _SAID | {VerificationState.ACCEPTED, VerificationState.DECLINED},
    VerificationState.ACCEPTED: frozenset(),
    VerificationState.DECLINED: frozenset(),
}
