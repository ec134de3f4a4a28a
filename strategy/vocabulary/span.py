"""Holds the units a span of time is written in; how each is counted is in rules.working_time and rules.targets."""

from strategy.vocabulary.words import Word


class SpanUnit(Word):
    HOURS = "h", "clock hours"
    WORKING_DAYS = "wd", "working days"
    DAYS = "d", "days"
    SAME_DAY = "same-day", "same day"
