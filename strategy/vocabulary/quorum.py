"""Holds the words for whether a discussion will have, or had, its quorum; the judgement is in rules.quorum."""

from strategy.vocabulary.words import Word


class Course(Word):
    ON_COURSE = "on-course", "On course"
    AT_RISK = "at-risk", "At risk"
    WILL_NOT_BE_QUORATE = "will-not-be-quorate", "Will not be quorate"
    TIME_PASSED = "time-passed", "Time passed, not held"


class QuorumOutcome(Word):
    """What is recorded of a discussion that was held. An exception is not a quorum, however well it was reasoned."""

    MET = "met", "Quorum met"
    NOT_MET = "not-met", "Quorum not met"
    EXCEPTION = "emergency-exception", "Emergency exception"
