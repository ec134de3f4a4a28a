"""Holds the words for whether a coming discussion will have its quorum; the judgement is in rules.quorum."""

from strategy.vocabulary.words import Word


class Course(Word):
    ON_COURSE = "on-course", "On course"
    AT_RISK = "at-risk", "At risk"
    WILL_NOT_BE_QUORATE = "will-not-be-quorate", "Will not be quorate"
    TIME_PASSED = "time-passed", "Time passed, not held"
